"""Only one application per call or year, and nothing used twice: claims and who holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from grants.kernel.rules import Cause, Row, Table, Unknown, Value
from grants.programmes.domain.case import Case
from grants.programmes.domain.checks.results import CheckResult, Parameters, bare
from grants.programmes.domain.checks.uses import Use, missing_of, uses_of
from grants.programmes.domain.labels import describe_name
from grants.programmes.domain.model import Definition
from grants.programmes.domain.view import NO_EVIDENCE, CaseView

USE_KINDS = "used."  # how kinds of things used once begin; the others are of being the only application
TOLD = 10  # of the hits of one finding; the rest are counted


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A thing only one application may hold: ``kind`` of thing, ``scope`` it is unique in, and its ``key``.

    Evidence ``claims`` has one row for every claim of another application that equals one of this case's in all three
    and was made before it (withdrawn applications hold none). ``written_as`` is what the key was made of.
    """

    kind: str
    scope: str
    key: str
    written_as: str = field(default="", compare=False)


def claims_of(definition: Definition, case: Case) -> tuple[Claim, ...]:
    """What the case lays claim to at submission, sorted; the claims of others on the same are evidence ``claims``.

    A rule whose ``when`` is false claims nothing.
    """
    view = CaseView(definition, case)
    claims: dict[Claim, Claim] = {}
    for rule in definition.rules:
        if rule.check is not None and rule.check.name in _CLAIMERS and view.holds(rule.when, default=True):
            for claim in _CLAIMERS[rule.check.name](rule.check.parameters, view):
                claims.setdefault(claim, claim)
    return tuple(sorted(claims))


def _sole_claims(parameters: Parameters, view: CaseView) -> Iterator[Claim]:
    uscc = view["org.uscc"]
    if isinstance(uscc, str):
        call = view.case.call
        by_year = parameters["scope"] == "programme_year"
        scope = f"{view.definition.code}:{call.year}" if by_year else call.ref
        yield Claim(f"sole_application.{parameters['scope']}", scope, uscc.upper(), uscc)


def _used_claims(parameters: Parameters, view: CaseView) -> Iterator[Claim]:
    programme = "*" if parameters["programmes"] == "all" else view.definition.code
    year = "*" if parameters["years"] == "all" else str(view.case.call.year)
    for use in uses_of(parameters, view):
        yield Claim(_kind(use), f"{programme}:{year}", use.key, use.written)


def _kind(use: Use) -> str:
    return USE_KINDS + use.what


def sole_application(parameters: Parameters, view: CaseView) -> CheckResult:
    """No earlier application of the same enterprise in the call, or in the programme's year."""
    claims = set(_sole_claims(parameters, view))
    if not claims:
        return CheckResult(Unknown(Cause.ANSWER))
    held = _held_by_others(view)
    if isinstance(held, Unknown):
        return CheckResult(held)
    hits = [row for claim in claims for row in held.get((claim.kind, claim.key), ())]
    return CheckResult(not hits, _told([_holder(row, view.case) for row in hits]), _read_claims(hits))


def not_used_elsewhere(parameters: Parameters, view: CaseView) -> CheckResult:
    """Nothing that the keys name is used by an earlier application, nor in two rows of this one.

    While a row lacks what it must have the check is unknown, unless the rest settles it.
    """
    uses = list(uses_of(parameters, view))
    twice = _twice(uses)
    if twice:
        return CheckResult(
            False, f"本申报内重复使用：{_told([_named(use, view) for use in twice])}", _places(twice, view)
        )
    held = _held_by_others(view)
    hits = [] if isinstance(held, Unknown) else [(use, row) for use in uses for row in _holders(use, held)]
    if hits:
        words = [f"{_named(use, view, row)}已用于申报 {_holder(row, view.case)}" for use, row in hits]
        read = _places([use for use, _ in hits], view) + _read_claims([row for _, row in hits])
        return CheckResult(False, _told(words), read)
    missing = missing_of(parameters, view)
    if missing and (not uses or "table" in parameters):
        return CheckResult(missing[0][1], read=missing)
    return CheckResult(held if isinstance(held, Unknown) else True)


Held = Mapping[tuple[Value, Value], list[Row]]


def _held_by_others(view: CaseView) -> Held | Unknown:
    """Rows of evidence by which another application holds something before this one, by kind and key."""
    evidence = view["claims"]
    if not isinstance(evidence, Table):
        return NO_EVIDENCE
    held: dict[tuple[Value, Value], list[Row]] = {}
    for row in evidence.rows:
        if row.cells["application"] != view.case.application and _holds(row, view.case):
            held.setdefault((row.cells["kind"], row.cells["key"]), []).append(row)
    return held


def _holders(use: Use, held: Held) -> list[Row]:
    """Those who hold the thing; claims that were read before keys were folded have it as ``bare`` left it."""
    keys = dict.fromkeys((use.key, use.owner + bare(use.written)))
    return [row for key in keys for row in held.get((_kind(use), key), ())]


def _holds(row: Row, case: Case) -> bool:
    """The claim made first holds, and the evidence says which: rows have ``holds``.

    Where it does not say, within a call the lower receipt number holds, between calls the earlier claim; a draft yields
    to all.
    """
    if isinstance(row.cells["holds"], bool):
        return row.cells["holds"]
    number, call_ref, claimed_at = row.cells["receipt_no"], row.cells["call_ref"], row.cells["claimed_at"]
    if case.submitted_at is None:
        return True
    if isinstance(call_ref, str) and call_ref != case.call.ref:
        return isinstance(claimed_at, Unknown) or claimed_at < case.submitted_at  # type: ignore[operator]
    if case.receipt_no is None or not isinstance(number, Decimal):
        return True
    return number < case.receipt_no


def _twice(uses: list[Use]) -> list[Use]:
    """The later of two uses of the same thing in different rows, one for each thing."""
    first: dict[tuple[str, str], str] = {}
    twice: dict[tuple[str, str], Use] = {}
    for use in uses:
        if first.setdefault((use.what, use.key), use.row) != use.row:
            twice.setdefault((use.what, use.key), use)
    return list(twice.values())


def _named(use: Use, view: CaseView, row: Row | None = None) -> str:
    """The thing in the words of the form, as written here, and as written there where that differs."""
    label = "、".join(describe_name(view.definition, name) for name in use.fields)
    there = row.cells["written_as"] if row is not None else None
    differs = isinstance(there, str) and there not in ("", use.written)
    return f"{label}“{use.written}”" + (f"（对方写作“{there}”）" if differs else "")


def _holder(row: Row, case: Case) -> str:
    """The application that holds it, where it stands and why it comes first; a call that is not named is this one."""
    ref, call_ref, year = row.cells["application"], row.cells["call_ref"], row.cells["year"]
    words = ref if isinstance(ref, str) else ""
    if not isinstance(call_ref, str):
        return words
    if call_ref == case.call.ref:
        number = row.cells["receipt_no"]
        lower = isinstance(number, Decimal) and case.receipt_no is not None and number < case.receipt_no
        return f"{words}（本批次，{'受理编号在前' if lower else '登记在前'}）"
    when = f"{year} 年度" if isinstance(year, Decimal) else ""
    return f"{words}（{when}批次 {call_ref}，登记在前）"


def _told(words: list[str]) -> str:
    distinct = list(dict.fromkeys(words))
    more = f"等共 {len(distinct)} 处" if len(distinct) > TOLD else ""
    return "；".join(distinct[:TOLD]) + more


def _places(uses: list[Use], view: CaseView) -> tuple[tuple[str, Value], ...]:
    """What of the case was found used elsewhere."""
    found = ((place, text) for use in uses for place, text in zip(use.places, use.texts, strict=True))
    return tuple(dict.fromkeys(found))


def _read_claims(rows: list[Row]) -> tuple[tuple[str, Value], ...]:
    return tuple((f"claims[{row.id}].key", row.cells["key"]) for row in rows)


_CLAIMERS: Mapping[str, Callable[[Parameters, CaseView], Iterator[Claim]]] = {
    "sole_application": _sole_claims,
    "not_used_elsewhere": _used_claims,
}
