"""Inviting colleagues, and accepting: signed in with the invited address, or by registering without papers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import policies, queries, services
from grants.accounts.errors import HashingBusyError
from grants.accounts.forms import InvitedForm, InviteForm
from grants.accounts.models import Invitation
from grants.accounts.presenters import LEVEL_OPTIONS, LEVELS
from grants.accounts.queries import Invited
from grants.accounts.states import InvitationState, Level
from grants.accounts.views.blueprint import INVITATIONS, TOKENS, bp, limiter
from grants.accounts.views.sessions import start_session
from grants.db import db, reading, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, public, requires


@bp.route("/organisation/<uuid:organisation_id>/invite", methods=["GET", "POST"])
@limiter.limit(INVITATIONS, methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def invite(organisation_id: UUID) -> ResponseReturnValue:
    """Invite somebody by e-mail, as what."""
    unit = queries.get_unit(db.session(), organisation_id, current_actor())
    _require_owner(organisation_id)
    form = InviteForm(level=Level.EDITOR)
    if form.validate_on_submit():
        try:
            _invite(organisation_id, form.email.data or "", Level(form.level.data or ""))
        except InvalidError as error:
            form.show(error)
        else:
            return _members(organisation_id)
    return render_template("accounts/invite.html", unit=unit, form=form), 422 if form.errors else 200


@bp.post("/organisation/<uuid:organisation_id>/invitations/<uuid:invitation_id>/renew")
@limiter.limit(INVITATIONS)
@requires(Role.ENTERPRISE)
@transactional
def renew_invitation(organisation_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more, for another seven days."""
    invitation = _invitation(organisation_id, invitation_id)
    if invitation.state is not InvitationState.OPEN:
        raise InvalidError(f"invitation_{invitation.state}")
    _invite(organisation_id, invitation.email, invitation.level)
    return _members(organisation_id)


@bp.route("/organisation/<uuid:organisation_id>/invitations/<uuid:invitation_id>/withdraw", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def withdraw_invitation(organisation_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """Make an invitation worthless, after asking."""
    invitation = _invitation(organisation_id, invitation_id)
    form = ActionForm()
    if form.validate_on_submit():
        services.withdraw_invitation(db.session(), invitation, actor=current_actor(), now=utc_now())
        flash(_("已撤回发给 %(email)s 的邀请。", email=invitation.email), "success")
        return _members(organisation_id)
    return render_template("accounts/withdraw_invitation.html", invitation=invitation, form=form, levels=LEVELS)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@limiter.limit(TOKENS)
@public
@transactional
def invitation(token: str) -> ResponseReturnValue:
    """What one is invited to, and as what; then accept, or register and accept."""
    if current_actor().is_anonymous:
        return _register_and_accept(token)
    invited = queries.find_invited(db.session(), services.hash_of(token))
    form = ActionForm()
    if invited is not None and form.validate_on_submit():
        services.accept_invitation(db.session(), token, actor=current_actor(), now=utc_now())
        return _joined(invited)
    return _show(token, invited, form)


def _register_and_accept(token: str) -> ResponseReturnValue:
    """Hashing takes its time, so the invitation is read before, and looked at again afterwards."""
    with reading() as session:
        invited = queries.find_invited(session, services.hash_of(token))
    form = InvitedForm(email=invited.email if invited else "")
    if invited is not None and form.validate_on_submit():
        try:
            password_hash = services.hash_password(form.new_password.data or "")
            person = services.accept_as_new_person(
                db.session(),
                token,
                name=form.name.data or "",
                phone=form.phone.data or "",
                password_hash=password_hash,
                now=utc_now(),
            )
        except (HashingBusyError, InvalidError) as error:
            form.show(error)
        else:
            start_session(person)
            return _joined(invited)
    return _show(token, invited, form)


def _show(token: str, invited: Invited | None, form: ActionForm | InvitedForm) -> ResponseReturnValue:
    actor = current_actor()
    own = None if actor.is_anonymous else queries.get_person(db.session(), _id(actor.person_id))
    fault = _fault(invited)
    other_address = own is not None and invited is not None and own.email != invited.email
    page = render_template(
        "accounts/invitation.html",
        token=token,
        invited=invited,
        form=form,
        own=own,
        fault=fault,
        other_address=other_address,
        powers=LEVEL_OPTIONS,
        may_join=policies.may_request_membership(actor) if own else None,
    )
    return page, 404 if invited is None else 422 if form.errors else 200


def _fault(invited: Invited | None) -> str:
    """Why an invitation can be accepted no more; empty while it can."""
    if invited is None:
        return "invitation_unknown"
    if invited.state is not InvitationState.OPEN:
        return f"invitation_{invited.state}"
    return "invitation_expired" if invited.expires_at <= utc_now() else ""


def _invite(organisation_id: UUID, email: str, level: Level) -> None:
    services.invite(db.session(), organisation_id, email=email, level=level, actor=current_actor(), now=utc_now())
    flash(_("邀请已发送到 %(email)s，7 天内有效。", email=email), "success")


def _invitation(organisation_id: UUID, invitation_id: UUID) -> Invitation:
    unit = queries.get_unit(db.session(), organisation_id, current_actor())
    _require_owner(organisation_id)
    return queries.get_invitation(db.session(), invitation_id, unit)


def _require_owner(organisation_id: UUID) -> None:
    own = queries.find_own_membership(db.session(), current_actor().person_id, organisation_id)
    policies.may_manage_members(own).require()


def _joined(invited: Invited) -> ResponseReturnValue:
    flash(_("您已加入%(unit)s。", unit=invited.organisation), "success")
    return redirect(url_for("accounts.organisation"), 303)


def _members(organisation_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("accounts.members", organisation_id=organisation_id), 303)


def _id(person_id: UUID | None) -> UUID:
    assert person_id is not None, "somebody who is signed in"
    return person_id
