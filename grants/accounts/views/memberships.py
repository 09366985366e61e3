"""The office's queue of memberships to verify."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import policies, queries, services
from grants.accounts.forms import DecideMembershipForm, EndMembershipForm
from grants.accounts.models import Membership
from grants.accounts.presenters import LEVELS
from grants.accounts.states import Level, MembershipState
from grants.accounts.views.blueprint import bp
from grants.accounts.views.members import end_for
from grants.accounts.views.registration import SHOWN_IN_PAGE
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.web.guards import current_actor, requires

SHOWN_STATES = (MembershipState.UNVERIFIED, MembershipState.REFUSED, MembershipState.VERIFIED)


@bp.route("/staff/memberships")
@requires(*queries.VERIFIERS)
@transactional
def list_memberships() -> ResponseReturnValue:
    """Who waits for verification; beside it what has been decided."""
    asked = request.args.get("state", "")
    state = MembershipState(asked) if asked in SHOWN_STATES else MembershipState.UNVERIFIED
    page = queries.list_queue(
        db.session(), state=state, after=request.args.get("after"), before=request.args.get("before")
    )
    counts = queries.count_by_state(db.session())
    return render_template(
        "accounts/list_memberships.html", page=page, state=state, states=SHOWN_STATES, counts=counts, levels=LEVELS
    )


@bp.route("/staff/memberships/<uuid:membership_id>", methods=["GET", "POST"])
@requires(*queries.VERIFIERS)
@transactional
def decide_membership(membership_id: UUID) -> ResponseReturnValue:
    """The papers beside the entries, and the decision."""
    membership = queries.get_membership(db.session(), membership_id, current_actor())
    verdict = policies.may_decide_membership(current_actor(), membership)
    form = DecideMembershipForm(organisation_name=membership.organisation.name)
    if form.validate_on_submit():
        _decide(form, membership)
        return redirect(url_for("accounts.list_memberships"), 303)
    file = queries.get_proof(db.session(), membership) if membership.proof_file_id else None
    return render_template(
        "accounts/decide_membership.html",
        membership=membership,
        fellows=queries.list_fellow_members(db.session(), membership),
        file=file,
        is_picture=file is not None and file.content_type in SHOWN_IN_PAGE,
        form=form,
        verdict=verdict,
        levels=LEVELS,
    ), (422 if form.errors else 200)


@bp.route("/staff/memberships/<uuid:membership_id>/end", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def end_for_office(membership_id: UUID) -> ResponseReturnValue:
    """Take a unit from somebody, with a reason."""
    membership = queries.get_membership(db.session(), membership_id, current_actor())
    policies.may_end_for_office(current_actor(), membership).require()
    form = EndMembershipForm()
    if form.validate_on_submit():
        end_for(membership, form)
        return redirect(url_for("accounts.person", person_id=membership.person_id), 303)
    return render_template(
        "accounts/end_for_office.html",
        membership=membership,
        form=form,
        is_last_owner=not queries.count_other_owners(db.session(), membership) and membership.level is Level.OWNER,
    ), (422 if form.errors else 200)


def _decide(form: DecideMembershipForm, membership: Membership) -> None:
    verified = form.decision.data == "verify"
    services.decide_membership(
        db.session(),
        membership,
        verified=verified,
        reason="" if verified else form.reason.data or "",
        organisation_name=form.organisation_name.data if verified else None,
        actor=current_actor(),
        now=utc_now(),
    )
    outcome = _("核验通过") if verified else _("核验不通过")
    flash(_("%(name)s：%(outcome)s，已通知申请人。", name=membership.person.name, outcome=outcome), "success")
