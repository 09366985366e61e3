"""Named checks: what an expression cannot see, as pure functions of the case and the evidence it carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.rules import Cause, Row, Table, Unknown, Value
from grants.programmes.domain.case import Case
from grants.programmes.domain.completeness import required_slots
from grants.programmes.domain.model import CheckCall, Definition, DocumentSlot
from grants.programmes.domain.view import NO_EVIDENCE, CaseView

Parameters = Mapping[str, str | Decimal | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """True, false or unknown; ``detail`` says what was found, ``read`` what was looked at."""

    value: bool | Unknown
    detail: str = ""
    read: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A thing only one application may hold: ``kind`` of thing, ``scope`` it is unique in, and its ``key``."""

    kind: str
    scope: str
    key: str


def run_check(check: CheckCall, view: CaseView) -> CheckResult:
    """What the check says of the case."""
    return _CHECKS[check.name](check.parameters, view)


def claims_of(definition: Definition, case: Case) -> tuple[Claim, ...]:
    """What the case lays claim to at submission, sorted; the claims of others on the same are evidence ``claims``."""
    view = CaseView(definition, case)
    claims: set[Claim] = set()
    for rule in definition.rules:
        if rule.check is not None and rule.check.name in _CLAIMERS:
            claims.update(_CLAIMERS[rule.check.name](rule.check.parameters, view))
    return tuple(sorted(claims))


def _sole_claims(parameters: Parameters, view: CaseView) -> Iterator[Claim]:
    uscc = view["org.uscc"]
    if isinstance(uscc, str):
        call = view.case.call
        by_year = parameters["scope"] == "programme_year"
        scope = f"{view.definition.code}:{call.year}" if by_year else call.ref
        yield Claim(f"sole_application.{parameters['scope']}", scope, uscc.upper())


def _used_claims(parameters: Parameters, view: CaseView) -> Iterator[Claim]:
    for column, key, _ in _used_keys(parameters, view):
        programme = "*" if parameters["programmes"] == "all" else view.definition.code
        year = "*" if parameters["years"] == "all" else str(view.case.call.year)
        yield Claim(f"used.{column}", f"{programme}:{year}", key)


def _used_keys(parameters: Parameters, view: CaseView) -> Iterator[tuple[str, str, str]]:
    """Column, normalised key and row of everything used; an enterprise's own numbers count within it only."""
    table = view[str(parameters["table"])]
    uscc = view["org.uscc"]
    own = parameters.get("within_organisation", ())
    for row in table.rows if isinstance(table, Table) else ():
        for column in _names(parameters["keys"]):
            for text in _cell_texts(row.cells[column]):
                key = _bare(text)
                if key:
                    yield column, f"{uscc}/{key}" if column in _names(own) else key, row.id


def _names(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()


def _cell_texts(cell: Value) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return cell
    return (cell,) if isinstance(cell, str) else ()


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if not char.isspace())


def _held_by_others(claims: set[Claim], view: CaseView) -> list[Row] | Unknown:
    """Rows of evidence by which another application holds one of these claims before this one."""
    evidence = view["claims"]
    if not isinstance(evidence, Table):
        return NO_EVIDENCE
    wanted = {(claim.kind, claim.key) for claim in claims}
    rows = [row for row in evidence.rows if (row.cells["kind"], row.cells["key"]) in wanted]
    return [row for row in rows if row.cells["application"] != view.case.application and _holds(row, view.case)]


def _holds(row: Row, case: Case) -> bool:
    """Within a call the lower receipt number holds, between calls the earlier claim; a draft yields to all."""
    number, call_ref, claimed_at = row.cells["receipt_no"], row.cells["call_ref"], row.cells["claimed_at"]
    if case.submitted_at is None:
        return True
    if isinstance(call_ref, str) and call_ref != case.call.ref:
        return isinstance(claimed_at, Unknown) or claimed_at < case.submitted_at  # type: ignore[operator]
    if case.receipt_no is None or not isinstance(number, Decimal):
        return True
    return number < case.receipt_no


def sole_application(parameters: Parameters, view: CaseView) -> CheckResult:
    """No earlier application of the same enterprise in the call, or in the programme's year."""
    claims = set(_sole_claims(parameters, view))
    if not claims:
        return CheckResult(Unknown(Cause.ANSWER))
    held = _held_by_others(claims, view)
    if isinstance(held, Unknown):
        return CheckResult(held)
    return CheckResult(not held, _applications(held), _read_claims(held))


def not_used_elsewhere(parameters: Parameters, view: CaseView) -> CheckResult:
    """No contract or invoice number of the table is used by another application, nor twice in this one."""
    used = list(_used_keys(parameters, view))
    twice = _twice(used)
    held = _held_by_others(set(_used_claims(parameters, view)), view)
    if twice:
        return CheckResult(False, f"本申报内重复使用：{'、'.join(twice)}", ())
    if isinstance(held, Unknown):
        return CheckResult(held)
    keys = "、".join(sorted({str(row.cells["key"]).split("/")[-1] for row in held}))
    detail = f"{keys}，{_applications(held)}" if held else ""
    return CheckResult(not held, detail, _read_claims(held))


def _twice(used: list[tuple[str, str, str]]) -> list[str]:
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for column, key, row in used:
        if seen.setdefault((column, key), row) != row:
            twice.append(key.split("/")[-1])
    return sorted(set(twice))


def _applications(rows: list[Row]) -> str:
    names = sorted({str(row.cells["application"]) for row in rows if isinstance(row.cells["application"], str)})
    return f"已用于申报 {'、'.join(names)}" if names else ""


def _read_claims(rows: list[Row]) -> tuple[tuple[str, Value], ...]:
    return tuple((f"claims[{row.id}].key", row.cells["key"]) for row in rows)


def documents_sound(parameters: Parameters, view: CaseView) -> CheckResult:
    """Every document that is due is attached, opens and keeps to its number of pages; all faults told at once."""
    due = required_slots(view)
    if parameters["which"] == "all":
        due = sorted({*due, *((document.key, document.row) for document in view.case.documents)}, key=str)
    missing = [_slot_name(view.definition, key, row, view) for key, row in due if (key, row) not in view.attached]
    facts = view["files"]
    faults = [fault for key, row in due for fault in _file_faults(view, facts, key, row)]
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


def _file_faults(view: CaseView, facts: Value, key: str, owner: str | None) -> Iterator[str]:
    slot = view.definition.document(key)
    for row in facts.rows if isinstance(facts, Table) else ():
        if _place(row) != (key, owner):
            continue
        name, pages = _slot_name(view.definition, key, owner, view), row.cells["pages"]
        if row.cells["sound"] is False:
            yield f"{name}无法打开或已损坏"
        if slot.max_pages is not None and isinstance(pages, Decimal) and pages > slot.max_pages:
            yield f"{name}共 {pages} 页，超过 {slot.max_pages} 页"


def _slot_name(definition: Definition, key: str, owner: str | None, view: CaseView) -> str:
    slot: DocumentSlot = definition.document(key)
    if owner is None:
        return f"“{slot.label}”"
    table = view[slot.rows_of]
    ids = [row.id for row in table.rows] if isinstance(table, Table) else []
    return f"“{slot.label}”（第 {ids.index(owner) + 1} 行）" if owner in ids else f"“{slot.label}”"


def near_duplicate(parameters: Parameters, view: CaseView) -> CheckResult:
    """No earlier text is as similar as the threshold, unless it was declared as what this one continues."""
    earlier, threshold = view["earlier_texts"], parameters["threshold"]
    if not isinstance(earlier, Table):
        return CheckResult(NO_EVIDENCE)
    alike = [row for row in earlier.rows if _alike(row, threshold)]
    detail = "、".join(f"{row.cells['application']}（{_percent(row.cells['similarity'])}）" for row in alike)
    read = tuple((f"earlier_texts[{row.id}].similarity", row.cells["similarity"]) for row in earlier.rows)
    return CheckResult(not alike, detail, read)


def _alike(row: Row, threshold: object) -> bool:
    similarity = row.cells["similarity"]
    if not isinstance(similarity, Decimal) or not isinstance(threshold, Decimal):
        return False
    return similarity >= threshold and row.cells["declared_continuation"] is not True


def _percent(share: Value) -> str:
    return f"{(share * 100).normalize():f}%" if isinstance(share, Decimal) else ""


def words_absent(parameters: Parameters, view: CaseView) -> CheckResult:
    """No cell of the column holds one of the words of the list, whatever its width or case."""
    table, column = view[str(parameters["table"])], str(parameters["column"])
    if isinstance(table, Unknown):
        return CheckResult(table)
    cells = [(row.id, row.cells[column]) for row in table.rows] if isinstance(table, Table) else []
    words = view.definition.named_list(str(parameters["words"])).items
    found = [
        f"第 {number} 行“{cell}”含“{word.label}”"
        for number, (_, cell) in enumerate(cells, 1)
        for word in words
        if isinstance(cell, str) and _bare(word.code) in _bare(cell)
    ]
    read = tuple((f"{parameters['table']}[{row}].{column}", cell) for row, cell in cells)
    unknown = next((cell for _, cell in cells if isinstance(cell, Unknown)), None)
    return CheckResult(False if found else unknown or True, "；".join(found), read)


_CHECKS: Mapping[str, Callable[[Parameters, CaseView], CheckResult]] = {
    "sole_application": sole_application,
    "not_used_elsewhere": not_used_elsewhere,
    "documents_sound": documents_sound,
    "near_duplicate": near_duplicate,
    "words_absent": words_absent,
}
_CLAIMERS: Mapping[str, Callable[[Parameters, CaseView], Iterator[Claim]]] = {
    "sole_application": _sole_claims,
    "not_used_elsewhere": _used_claims,
}
