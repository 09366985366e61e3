"""Opening a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Organisation
from grants.applications.models import AnswerRow, Application
from grants.applications.policies import may_start
from grants.applications.services.answers import write_answers
from grants.calls.models import Call
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError
from grants.programmes.domain import Definition, Field, FieldKind, WrongKindError, fixed_row_ids, to_case_value
from grants.programmes.queries import definition_of

ORG = "org"


def start_application(
    session: Session, call: Call, organisation: Organisation, *, actor: Actor, now: datetime
) -> Application:
    """Open a draft with section A filled in from the organisation's profile.

    A second draft in the same call is allowed; the rule "only one" is judged at submission (decision 2).

    Raises:
        ForbiddenError: the call is not open, or the actor may not fill in for the organisation.
    """
    may_start(actor, call, organisation.id, now=now).require()
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    application = Application(
        call=call, organisation=organisation, created_by=actor.person_id, created_at=now, state_since=now
    )
    session.add(application)
    session.flush()
    definition = definition_of(call.definition)
    values, rows = prefill(definition, organisation, call.year)
    for table, ids in rows.items():
        session.add_all(
            AnswerRow(
                application_id=application.id,
                table_key=table,
                row_id=row,
                position=position,
                changed_by=actor.person_id,
                changed_at=now,
            )
            for position, row in enumerate(ids, 1)
        )
    session.flush()
    write_answers(session, application, values, by=actor.person_id, now=now)
    detail = {"call": call.ref, "organisation": organisation.uscc}
    audit.record(session, actor, "application.started", ("application", application.id), at=now, detail=detail)
    return application


def prefill(
    definition: Definition, organisation: Organisation, call_year: int
) -> tuple[dict[tuple[str, str], Any], dict[str, tuple[str, ...]]]:
    """Answers of section A by (path, row) and rows by table, from the organisation's name, code and profile.

    The profile holds what was submitted last: by field key, tables as lists of rows with ``id``. What no longer fits
    the definition is left out.
    """
    given = {**organisation.profile, "name": organisation.name, "uscc": organisation.uscc}
    values: dict[tuple[str, str], Any] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for path, section in definition.section_of.items():
        field = definition.field(path)
        if section.key != ORG or field.key not in given:
            continue
        if field.kind is FieldKind.TABLE:
            ids = _fill_table(field, given[field.key], call_year, values)
            if field.fixed_rows is None:
                rows[path] = ids
        elif _fits(field, given[field.key]):
            values[path, ""] = given[field.key]
    return values, rows


def _fill_table(field: Field, given: Any, call_year: int, values: dict[tuple[str, str], Any]) -> tuple[str, ...]:
    known = [row for row in given if isinstance(row, Mapping) and "id" in row] if isinstance(given, list) else []
    if field.fixed_rows is not None:
        known = [row for row in known if row["id"] in fixed_row_ids(field, call_year)]
    for row in known:
        for column in field.columns:
            if column.key in row and _fits(column, row[column.key]):
                values[column.path, str(row["id"])] = row[column.key]
    return tuple(str(row["id"]) for row in known)


def _fits(field: Field, value: Any) -> bool:
    if value is None or field.kind in (FieldKind.COMPUTED, FieldKind.UNDERTAKING, FieldKind.TABLE):
        return False
    try:
        to_case_value(field, value)
    except (WrongKindError, ValueError, TypeError):
        return False
    return True
