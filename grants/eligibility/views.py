"""Decisions in the formal check, the district's word, checking again: each on a page that says what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.applications.models import Application
from grants.applications.queries import current_revision, get_by_ref
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters, queries, services
from grants.eligibility.domain import Standing
from grants.eligibility.states import Outcome
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.kernel.verdict import Verdict
from grants.programmes.queries import definition_of
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires

bp = Blueprint("eligibility", __name__)


@bp.route("/staff/cases/<ref>/decide", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def decide(ref: str) -> ResponseReturnValue:
    """Accept (受理)."""
    application, standing = load(ref)
    explain(policies.may_accept(current_actor(), application, standing))
    form = forms.AcceptForm()
    if form.validate_on_submit() and decided(form, application, Outcome.ACCEPT, reason=form.reason.data or ""):
        return to_case(application)
    return render_template("eligibility/decide.html", application=application, standing=standing, form=form)


@bp.route("/staff/cases/<ref>/return", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def return_case(ref: str) -> ResponseReturnValue:
    """Return for correction (退回补正): mark, read the whole notice, send. What the findings ask for is ticked."""
    application, standing = load(ref)
    explain(policies.may_return(current_actor(), application, standing))
    case = services.case_of(db.session(), current_revision(db.session(), application))
    marks = presenters.correction_marks(application, standing, case)
    form = forms.build_return_form(marks.found, marks.rest)
    if request.method == "POST" and "edit" not in request.form and form.validate():
        items = forms.read_items(form)
        if "send" not in request.form:
            return show_return(application, standing, form, marks, items)
        if decided(form, application, Outcome.RETURN, reason=form.reason.data, correction_items=items):
            return to_case(application)
    return show_return(application, standing, form, marks)


def show_return(
    application: Application,
    standing: Standing,
    form: forms.ReturnForm,
    marks: presenters.CorrectionMarks,
    items: Sequence[dict[str, Any]] | None = None,
) -> str:
    """The form, or, with ``items``, the notice as the enterprise will read it."""
    round_no, due_on = standing.corrections + 1, services.due_on_of_correction(db.session(), application, now=utc_now())
    shown = {"application": application, "form": form, "due_on": due_on, "round_no": round_no, "marks": marks}
    if not items:
        return render_template("eligibility/return_case.html", rounds=standing.rounds, **shown)
    facts = services.correction_facts(
        definition_of(application.call.definition),
        marks.case,
        items,
        reason=form.reason.data,
        due_on=due_on,
        round_no=round_no,
    )
    return render_template(
        "eligibility/return_notice.html",
        rounds=standing.rounds,
        letter=services.correction_letter(application, facts),
        items=[(marks.labels[value], form.why(value).data) for value in form.marked],
        **shown,
    )


@bp.route("/staff/cases/<ref>/reject", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def reject(ref: str) -> ResponseReturnValue:
    """Confirm a rejection (不予受理) with its rule, clause and reason."""
    application, standing = load(ref)
    explain(policies.may_reject(current_actor(), application, standing))
    form = forms.build_reject_form(presenters.ground_choices(standing))
    if form.validate_on_submit():
        rule = form["rule"].data
        if decided(form, application, Outcome.REJECT, reason=form.reason.data, rule=rule):
            return to_case(application)
    return render_template("eligibility/reject.html", application=application, standing=standing, form=form)


@bp.route("/staff/cases/<ref>/opinion", methods=["GET", "POST"])
@requires(Role.DISTRICT_OFFICER)
@transactional
def opinion(ref: str) -> ResponseReturnValue:
    """The district's word (区初审推荐)."""
    application = get_by_ref(db.session(), ref, current_actor())
    explain(policies.may_give_opinion(current_actor(), application))
    form = forms.OpinionForm()
    if form.validate_on_submit():
        try:
            services.give_opinion(
                db.session(),
                application,
                recommended=form.recommended.data,
                match_fen=form.match_fen.data or 0,
                opinion=form.opinion.data or "",
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            return to_case(application)
    return render_template("eligibility/opinion.html", application=application, form=form)


@bp.route("/staff/cases/<ref>/recheck", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def recheck(ref: str) -> ResponseReturnValue:
    """Start the check again."""
    application, standing = load(ref)
    explain(policies.may_recheck(current_actor(), application, standing))
    form = ActionForm()
    if form.validate_on_submit():
        services.request_recheck(db.session(), application, actor=current_actor(), now=utc_now())
        return to_case(application)
    unread = [finding for finding in standing.findings if finding.due and finding.cause == "evidence"]
    return render_template("eligibility/recheck.html", application=application, form=form, unread=unread)


def load(ref: str) -> tuple[Application, Standing]:
    """The application as this actor may see it, and how its check stands."""
    application = get_by_ref(db.session(), ref, current_actor())
    return application, queries.standing_of(db.session(), application, now=utc_now())


def explain(verdict: Verdict) -> None:
    """Refuse to show a form that cannot be sent; what is sent all the same is the service's to refuse."""
    if request.method != "POST":
        verdict.require()


def decided(
    form: StageForm,
    application: Application,
    outcome: Outcome,
    *,
    reason: str,
    rule: str | None = None,
    correction_items: Sequence[dict[str, Any]] = (),
) -> bool:
    """Decide; what the decision lacks is shown on the form."""
    try:
        services.decide(
            db.session(),
            application,
            outcome=outcome,
            reason=reason,
            rule=rule,
            correction_items=correction_items,
            actor=current_actor(),
            now=utc_now(),
        )
    except InvalidError as error:
        form.show(error)
        return False
    return True


def to_case(application: Application) -> ResponseReturnValue:
    """Back to the case file, where the decision now stands."""
    return redirect(url_for("desk.case_file", ref=application.ref), 303)
