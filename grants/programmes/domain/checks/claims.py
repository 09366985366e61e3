"""Only one application per call or year, and no contract or invoice used twice: claims and who holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.rules import Cause, Row, Table, Unknown, Value
from grants.programmes.domain.case import Case
from grants.programmes.domain.checks.results import CheckResult, Parameters, bare
from grants.programmes.domain.model import Definition
from grants.programmes.domain.view import NO_EVIDENCE, CaseView


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A thing only one application may hold: ``kind`` of thing, ``scope`` it is unique in, and its ``key``.

    Evidence ``claims`` has one row for every claim of another application that equals one of this case's in all three
    (withdrawn applications hold none).
    """

    kind: str
    scope: str
    key: str


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
                key = bare(text)
                if key:
                    yield column, f"{uscc}/{key}" if column in _names(own) else key, row.id


def _names(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()


def _cell_texts(cell: Value) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return cell
    return (cell,) if isinstance(cell, str) else ()


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


_CLAIMERS: Mapping[str, Callable[[Parameters, CaseView], Iterator[Claim]]] = {
    "sole_application": _sole_claims,
    "not_used_elsewhere": _used_claims,
}
