"""The pre-check: open to everybody, without an account; what is typed is judged, shown and forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from grants.calls import domain, forms, policies, presenters, queries
from grants.calls.domain import phase
from grants.calls.forms import PrecheckForm, QuestionGroup
from grants.calls.models import Call
from grants.calls.views.blueprint import PRECHECKS, bp, limiter
from grants.calls.views.open import side
from grants.db import db, reads_only, transactional
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes.domain import Case, Definition
from grants.programmes.queries import definition_of
from grants.web.guards import current_actor, public, wants_json


@dataclass(frozen=True)
class Sheet:
    """The form as it was sent, and the case that its answers make; hidden questions are gone from the form."""

    call: Call
    definition: Definition
    groups: tuple[QuestionGroup, ...]
    form: PrecheckForm
    case: Case


@bp.route("/calls/<ref>/precheck", methods=["GET", "POST"])
@public
@limiter.limit(PRECHECKS, methods=["POST"])
@reads_only
@transactional
def precheck(ref: str) -> ResponseReturnValue:
    """Answer a few questions and see which conditions hold, with the likely amount.

    It is a POST because answers do not belong into an address, which is logged and kept; nothing is stored.
    """
    call = queries.get_call(db.session(), ref, visible=policies.visible_to(current_actor()))
    policies.may_precheck(call).require()
    sheet = _read_sheet(call)
    if not sheet.groups:
        raise NotFoundError(call=ref)
    if request.method != "POST" or forms.wants_rows(request.form):
        for field in sheet.form:
            field.errors = ()  # not the moment to find fault
        return _show(sheet)
    return _told(sheet) if wants_json() else _answered(sheet)


def _answered(sheet: Sheet) -> ResponseReturnValue:
    if sheet.form.errors:
        return _show(sheet), 422
    return _show(sheet, presenters.precheck_view(sheet.definition, domain.precheck(sheet.definition, sheet.case)))


def _told(sheet: Sheet) -> ResponseReturnValue:
    """The answer for a script."""
    if sheet.form.errors:
        raise InvalidError("precheck_unreadable", inputs=sorted(sheet.form.errors))
    return jsonify(presenters.precheck_json(sheet.definition, domain.precheck(sheet.definition, sheet.case)))


def _read_sheet(call: Call) -> Sheet:
    definition = definition_of(call.definition)
    rows = forms.read_rows(definition, request.form, call.year)
    groups = forms.questions_of(definition, rows)
    form, inputs = forms.build_precheck_form(definition, groups)(), forms.inputs_of(groups)
    form.validate()
    answers = forms.values_of(form, inputs)
    case = domain.precheck_case(definition, queries.call_facts(call), answers=answers, rows=rows)
    hidden = domain.hidden_places(definition, case, [one.place for one in inputs])
    for one in inputs:
        if one.place in hidden:
            del form[one.name]
    return Sheet(call, definition, groups, form, case)


def _show(sheet: Sheet, result: presenters.PrecheckView | None = None) -> str:
    call, now = sheet.call, utc_now()
    return render_template(
        "calls/precheck.html",
        call=call,
        definition=sheet.definition,
        groups=sheet.groups,
        form=sheet.form,
        result=result,
        phase=phase(call, now),
        verdict=policies.may_apply(current_actor(), call, now=now),
        side=side(),
    )
