"""Whether the documents that are due are there, open and keep to their pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from grants.kernel.rules import Cause, Row, Table, Unknown, Value
from grants.programmes.domain.checks.results import CheckResult, Parameters
from grants.programmes.domain.completeness import required_slots
from grants.programmes.domain.model import Definition, DocumentSlot
from grants.programmes.domain.view import NO_EVIDENCE, CaseView


def documents_sound(parameters: Parameters, view: CaseView) -> CheckResult:
    """Every document that is due is attached, opens and keeps to its number of pages; all faults told at once."""
    due = required_slots(view)
    if parameters["which"] == "all":
        due = sorted({*due, *((document.key, document.row) for document in view.case.documents)}, key=str)
    missing = [_slot_name(view.definition, key, row, view) for key, row in due if (key, row) not in view.attached]
    facts = view["files"]
    there = _by_place(facts)
    faults = [fault for place in due for fault in _file_faults(view, there.get(place, ()), *place)]
    detail = "；".join([*faults, *(f"{name}未上传" for name in missing)])
    if faults:
        return CheckResult(False, detail)
    if missing:
        return CheckResult(Unknown(Cause.DOCUMENT), detail)
    return CheckResult(_known(view, facts, due), detail)


def _known(view: CaseView, facts: Value, due: list[tuple[str, str | None]]) -> bool | Unknown:
    if not isinstance(facts, Table):
        return NO_EVIDENCE
    known = {_place(row) for row in facts.rows if isinstance(row.cells["sound"], bool)}
    return True if all(place in known for place in due if place in view.attached) else NO_EVIDENCE


def _place(row: Row) -> tuple[Value, str | None]:
    owner = row.cells["row"]
    return row.cells["document"], owner if isinstance(owner, str) else None


def _by_place(facts: Value) -> Mapping[tuple[Value, str | None], list[Row]]:
    """What is known of the files in each place."""
    found: dict[tuple[Value, str | None], list[Row]] = {}
    for row in facts.rows if isinstance(facts, Table) else ():
        found.setdefault(_place(row), []).append(row)
    return found


def _file_faults(view: CaseView, rows: Iterable[Row], key: str, owner: str | None) -> Iterator[str]:
    slot = view.definition.document(key)
    for row in rows:
        name, pages = _slot_name(view.definition, key, owner, view), row.cells["pages"]
        if row.cells["sound"] is False:
            yield f"{name}无法打开、已损坏或没有通过安全检查"
        if slot.max_pages is not None and isinstance(pages, Decimal) and pages > slot.max_pages:
            yield f"{name}共 {pages} 页，超过 {slot.max_pages} 页"


def _slot_name(definition: Definition, key: str, owner: str | None, view: CaseView) -> str:
    slot: DocumentSlot = definition.document(key)
    if owner is None:
        return f"“{slot.label}”"
    table = view[slot.rows_of]
    ids = [row.id for row in table.rows] if isinstance(table, Table) else []
    return f"“{slot.label}”（第 {ids.index(owner) + 1} 行）" if owner in ids else f"“{slot.label}”"
