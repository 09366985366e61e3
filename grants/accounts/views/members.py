"""The members of a unit: the list for all of them, and what its owners change."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import policies, queries, services
from grants.accounts.forms import AnswerRequestForm, EndMembershipForm, LevelForm
from grants.accounts.models import Membership, Organisation
from grants.accounts.presenters import LEVEL_OPTIONS, LEVELS
from grants.accounts.states import Level
from grants.accounts.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.kernel.verdict import Verdict
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/organisation/<uuid:organisation_id>/members")
@requires(Role.ENTERPRISE)
@transactional
def members(organisation_id: UUID) -> ResponseReturnValue:
    """Who belongs to the unit; for its owners also who asks to, and who was invited."""
    unit, own = _unit(organisation_id)
    manages = policies.may_manage_members(own)
    session = db.session()
    page = queries.list_members(
        session, organisation_id, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template(
        "accounts/members.html",
        unit=unit,
        own=own,
        manages=manages,
        page=page,
        requests=queries.list_requests(session, organisation_id) if manages else (),
        invitations=queries.list_invitations(session, organisation_id) if manages else (),
        now=utc_now(),
        levels=LEVELS,
        powers=LEVEL_OPTIONS,
    )


@bp.route("/organisation/<uuid:organisation_id>/requests/<uuid:membership_id>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def answer_request(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """Vouch for somebody who asks to join, or decline."""
    unit, fellow, verdict = _fellow(organisation_id, membership_id, policies.may_answer_request)
    form = AnswerRequestForm(level=Level.EDITOR)
    if form.validate_on_submit():
        _answer(form, fellow)
        flash(_("已办理，并通知了%(name)s。", name=fellow.person.name), "success")
        return _back(organisation_id)
    return render_template("accounts/answer_request.html", unit=unit, fellow=fellow, form=form, verdict=verdict), (
        422 if form.errors else 200
    )


@bp.route("/organisation/<uuid:organisation_id>/members/<uuid:membership_id>/level", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def change_level(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """Another level for a member."""
    unit, fellow, verdict = _fellow(organisation_id, membership_id, policies.may_change_member)
    verdict.require()
    form = LevelForm(level=fellow.level)
    if form.validate_on_submit():
        level = Level(form.level.data or "")
        services.change_level(db.session(), fellow, level=level, actor=current_actor(), now=utc_now())
        flash(_("%(name)s的身份现在是%(level)s。", name=fellow.person.name, level=LEVELS[level]), "success")
        return _back(organisation_id)
    return render_template("accounts/change_level.html", unit=unit, fellow=fellow, form=form), (
        422 if form.errors else 200
    )


@bp.route("/organisation/<uuid:organisation_id>/members/<uuid:membership_id>/hand-over", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def hand_over(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """Make a colleague the owner in one's own place, after saying what that means."""
    unit, fellow, verdict = _fellow(organisation_id, membership_id, policies.may_change_member)
    verdict.require()
    form = ActionForm()
    if form.validate_on_submit():
        services.hand_over(db.session(), fellow, actor=current_actor(), now=utc_now())
        flash(_("已把负责人身份移交给%(name)s，您现在是经办人。", name=fellow.person.name), "success")
        return _back(organisation_id)
    return render_template("accounts/hand_over.html", unit=unit, fellow=fellow, form=form, levels=LEVELS)


@bp.route("/organisation/<uuid:organisation_id>/members/<uuid:membership_id>/end", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def end_membership(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """Take the unit from a member, with a reason."""
    unit, fellow, verdict = _fellow(organisation_id, membership_id, policies.may_change_member)
    verdict.require()
    form = EndMembershipForm()
    if form.validate_on_submit():
        end_for(fellow, form)
        return _back(organisation_id)
    back = url_for("accounts.members", organisation_id=organisation_id)
    return render_template("accounts/end_membership.html", unit=unit, fellow=fellow, form=form, back=back), (
        422 if form.errors else 200
    )


@bp.route("/memberships/<uuid:membership_id>/leave", methods=["GET", "POST"])
@requires()
@transactional
def leave_organisation(membership_id: UUID) -> ResponseReturnValue:
    """Act for a unit no longer, or take back the wish to."""
    actor, session = current_actor(), db.session()
    membership = queries.get_membership(session, membership_id, actor)
    if membership.person_id != actor.person_id:
        raise NotFoundError(membership=str(membership_id))
    verdict = policies.may_leave(actor, membership, other_owners=queries.count_other_owners(session, membership))
    form = ActionForm()
    if form.validate_on_submit():
        services.leave(session, membership, actor=actor, now=utc_now())
        flash(_("您不再代表%(unit)s。", unit=membership.stated_name or membership.organisation.name), "success")
        return redirect(url_for("accounts.organisation"), 303)
    return render_template("accounts/leave_organisation.html", membership=membership, form=form, verdict=verdict)


def end_for(membership: Membership, form: EndMembershipForm) -> None:
    """End a membership as the form says, by an owner or for the office."""
    services.end_membership(
        db.session(), membership, reason=form.reason.data or "", actor=current_actor(), now=utc_now()
    )
    flash(_("%(name)s不再代表该单位，已通知本人。", name=membership.person.name), "success")


def _unit(organisation_id: UUID) -> tuple[Organisation, Membership | None]:
    actor, session = current_actor(), db.session()
    unit = queries.get_unit(session, organisation_id, actor)
    return unit, queries.find_own_membership(session, actor.person_id, organisation_id)


def _fellow(
    organisation_id: UUID, membership_id: UUID, policy: Callable[[Membership | None, Membership], Verdict]
) -> tuple[Organisation, Membership, Verdict]:
    """The unit, one of its memberships, and whether its owner may do this; others are not told who else is there."""
    unit, own = _unit(organisation_id)
    policies.may_manage_members(own).require()
    fellow = queries.get_fellow(db.session(), membership_id, unit)
    return unit, fellow, policy(own, fellow)


def _answer(form: AnswerRequestForm, fellow: Membership) -> None:
    session, actor, now = db.session(), current_actor(), utc_now()
    if form.decision.data == "vouch":
        services.vouch(session, fellow, level=Level(form.level.data or ""), actor=actor, now=now)
    else:
        services.decline(session, fellow, reason=form.reason.data or "", actor=actor, now=now)


def _back(organisation_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("accounts.members", organisation_id=organisation_id), 303)
