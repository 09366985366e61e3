"""Return for correction (退回补正): mark, read the whole notice, send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters, services
from grants.eligibility.domain import Standing
from grants.eligibility.states import Outcome
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import decided, explain, load, to_case
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.programmes.queries import definition_of
from grants.web.guards import current_actor, requires


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
