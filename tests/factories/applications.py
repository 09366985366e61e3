"""Applications made through the services: started, filled in completely, submitted; and complete plausible answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from grants import documents
from grants.accounts.models import Organisation, Person
from grants.applications import queries, services
from grants.applications.models import Application
from grants.calls.models import Call
from grants.kernel.actor import Actor
from grants.kernel.districts import DISTRICTS
from grants.kernel.money import yuan
from grants.programmes.domain import (
    Definition,
    DocumentSlot,
    Field,
    FieldKind,
    Phase,
    fixed_row_ids,
    required_documents,
)
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_membership, make_organisation
from tests.factories.calls import NOON, make_call
from tests.factories.documents import pdf_bytes, picture_bytes

CASES = Path(__file__).parents[1] / "unit" / "programmes" / "cases"
SENTENCE = "本项目面向示例车间的生产数据，采用自主研发的引擎，指标经第三方测试，应用情况良好。"


@dataclass(frozen=True)
class Answers:
    """Stored answers by (path, row), and the rows of each table that people add to."""

    values: Mapping[tuple[str, str], Any]
    rows: Mapping[str, tuple[str, ...]]


def answers_for(definition: Definition, *, call_year: int, **changes: Any) -> Answers:
    """A complete, sound set of answers, from the base case of the programme's rules.

    ``changes`` replace top-level answers by key, in the stored form; keys of section A as ``org_<key>``.
    """
    base = _base(definition.code)
    values: dict[tuple[str, str], Any] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for path, section in definition.section_of.items():
        field = definition.field(path)
        if field.phase is not Phase.APPLICATION or field.kind is FieldKind.COMPUTED:
            continue
        given = base["org" if section.key == "org" else "answers"].get(field.key)
        change = f"org_{field.key}" if section.key == "org" else field.key
        if field.kind is FieldKind.TABLE:
            _fill_table(definition, field, given or [], call_year, values, rows)
        elif change in changes:
            values[path, ""] = changes[change]
        elif given is not None:
            values[path, ""] = stored_of(field, given)
        elif field.required:
            values[path, ""] = plausible(definition, field)
    return Answers(values, rows)


def stored_of(field: Field, given: Any) -> Any:
    """The stored form of a value as a case's YAML writes it."""
    if given is None:
        return None
    if field.kind is FieldKind.MONEY:
        return yuan(str(given))
    if field.kind is FieldKind.INTEGER:
        return int(given)
    if isinstance(given, date):
        return given.isoformat()
    return given if isinstance(given, bool | list) else str(given)


def plausible(definition: Definition, field: Field) -> Any:
    """Any sound value of a field."""
    made = {
        FieldKind.INTEGER: int(field.minimum or 1),
        FieldKind.DECIMAL: "1.5",
        FieldKind.PERCENT: "30",
        FieldKind.MONEY: yuan(field.minimum or 0) + yuan(120_000),
        FieldKind.DATE: "2025-06-01",
        FieldKind.YES_NO: False,
        FieldKind.UNDERTAKING: True,
        FieldKind.CHOICE: field.choices[0] if field.choices else "",
        FieldKind.CHOICES: list(field.choices[:1]),
        FieldKind.LIST: ["示例项"],
        FieldKind.USCC: "91310115MA1K00015K",
        FieldKind.PHONE: "021-55550100",
        FieldKind.EMAIL: "name@shili.example",
        FieldKind.DISTRICT: next(iter(DISTRICTS)),
    }
    if field.kind is FieldKind.CODE:
        return definition.named_list(field.list_name).items[0].code
    if field.kind in made:
        return made[field.kind]
    if field.pattern:
        return field.example
    long_enough = SENTENCE * ((field.min_length or 1) // len(SENTENCE) + 1)
    return long_enough[: field.max_length] if field.min_length else SENTENCE[: min(field.max_length or 40, 20)]


def _fill_table(
    definition: Definition,
    table: Field,
    given: list[dict[str, Any]],
    call_year: int,
    values: dict[tuple[str, str], Any],
    rows: dict[str, tuple[str, ...]],
) -> None:
    ids = _row_ids(table, given, call_year, rows)
    if table.fixed_rows is None and not table.rows_of:
        rows[table.path] = ids
    fixed = table.fixed_rows.column if table.fixed_rows is not None else ""
    columns = [column for column in table.columns if column.key != fixed and column.kind is not FieldKind.COMPUTED]
    for place, row in enumerate(ids):
        found = given[place] if place < len(given) else {}
        for column in columns:
            if found.get(column.key) is not None:
                values[column.path, row] = stored_of(column, found[column.key])
            elif column.required:
                values[column.path, row] = plausible(definition, column)


def _row_ids(
    table: Field, given: list[dict[str, Any]], call_year: int, rows: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    if table.rows_of:
        return rows[table.rows_of]
    if table.fixed_rows is not None:
        return fixed_row_ids(table, call_year)
    return tuple(f"r{number}" for number in range(1, max(len(given), table.min_rows or 0) + 1))


@cache
def _base(code: str) -> dict[str, Any]:
    base: dict[str, Any] = yaml.safe_load((CASES / f"{code}.yaml").read_text(encoding="utf-8"))["base"]
    return base


def make_application(
    session: Session,
    *,
    call: Call | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    complete: bool = False,
    submitted: bool = False,
    code: str = "sbc",
    now: datetime = NOON,
    **changes: Any,
) -> Application:
    """An application as the services make it: a draft; ``complete`` with every answer and file; or ``submitted``.

    Its organisation gets an owner unless ``person`` is one already; see ``owner_of``.
    """
    call = call or make_call(session, code=code, now=now)
    organisation = organisation or make_organisation(session)
    person = person or make_membership(session, organisation=organisation).person
    actor = actor_of(session, person)
    application = services.start_application(session, call, organisation, actor=actor, now=now)
    if complete or submitted:
        fill_in(session, application, actor=actor, now=now, **changes)
        attach_everything(session, application, actor=actor, now=now)
    if submitted:
        undertakings = services.undertakings_of(definition_of(call.definition))
        services.submit_application(session, application, actor=actor, now=now, undertakings=undertakings)
    session.flush()
    return application


def owner_of(session: Session, application: Application) -> Actor:
    """Whoever started it, as services know them."""
    return actor_of(session, session.get_one(Person, application.created_by))


def fill_in(session: Session, application: Application, *, actor: Actor, now: datetime = NOON, **changes: Any) -> None:
    """Give every answer; contract and invoice numbers are this application's own."""
    definition = definition_of(application.call.definition)
    given = answers_for(definition, call_year=application.call.year, **changes)
    own = str(application.id)[-6:].upper()
    for table, rows in given.rows.items():
        for row in rows:
            services.add_row(session, application, table, row, actor=actor, now=now)
    kept = {
        place: _own_number(place[0], value, own)
        for place, value in given.values.items()
        if definition.field(place[0]).kind is not FieldKind.UNDERTAKING and place[0] not in ("org.name", "org.uscc")
    }
    entries = [services.Entry(path, row, value) for (path, row), value in kept.items()]
    services.save_answers(session, application, entries, actor=actor, now=now)


def attach_everything(session: Session, application: Application, *, actor: Actor, now: datetime = NOON) -> None:
    """Put a small real file into every slot that is due."""
    draft = queries.load_draft(session, application)
    for key, row in required_documents(draft.definition, draft.case):
        received = receive(draft.definition.document(key), f"{key}{row or ''} {application.id}")
        services.attach_file(session, application, key, row or "", received, actor=actor, now=now)


def receive(slot: DocumentSlot, text: str) -> documents.Received:
    """A small real file of a kind that the slot takes, kept as the system's own: without proof and scan."""
    if "pdf" in slot.accept:
        return documents.keep_bytes(pdf_bytes(text), name=f"{slot.label}.pdf", content_type="application/pdf", pages=1)
    return documents.keep_bytes(picture_bytes("PNG"), name=f"{slot.label}.png", content_type="image/png")


def _own_number(path: str, value: Any, own: str) -> Any:
    if path.endswith((".contract_no", ".reg_no")):
        return f"{value}-{own}"
    return [f"{number}-{own}" for number in value] if path.endswith(".invoice_nos") else value
