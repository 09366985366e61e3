"""The pre-check of a call: what its rules say of a few answers that nobody keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grants.programmes.domain import (
    Case,
    Definition,
    FieldKind,
    FundingWorking,
    Outlook,
    RuleStage,
    amount_waits_for,
    build_case_content,
    case_from_json,
    evaluate,
    funding_amount,
    look_ahead,
    precheck_paths,
    shown_fields,
)

Place = tuple[str, str]  # path, and the row or nothing


@dataclass(frozen=True, slots=True)
class Precheck:
    """What came of it. ``amount_waits_for``: paths of what must be answered before an amount can be told."""

    case: Case
    outlooks: tuple[Outlook, ...]
    working: FundingWorking
    amount_waits_for: tuple[str, ...]


def precheck_case(
    definition: Definition, call: Mapping[str, Any], *, answers: Mapping[Place, Any], rows: Mapping[str, Sequence[str]]
) -> Case:
    """The case that these answers make, with the undertakings ticked, as they will be with the submission.

    Args:
        call: the call's facts as a case carries them.
        answers: stored forms (money in fen) by path and row; ``None`` where nothing was given.
        rows: ids of the rows of each table, in order. A row in which nothing was given is none yet.
    """
    ticked = {path: True for path in definition.section_of if definition.field(path).kind is FieldKind.UNDERTAKING}
    given = {path: value for (path, row), value in answers.items() if not row}
    read = {path: [(row, _cells(definition, path, row, answers)) for row in ids] for path, ids in rows.items()}
    tables = {path: [(row, cells) for row, cells in found if _is_begun(cells)] for path, found in read.items()}
    content = build_case_content(definition, answers={**ticked, **given}, rows=tables, documents=())
    return case_from_json(definition, {"definition": definition.code, "call": call, **content})


def precheck(definition: Definition, case: Case) -> Precheck:
    """Judge the case by the rules that fall due with the submission; of each finding say whether it stands."""
    asked = precheck_paths(definition)
    findings = evaluate(definition, case, stages={RuleStage.SUBMIT})
    return Precheck(
        case=case,
        outlooks=look_ahead(definition, case, findings, asked=asked),
        working=funding_amount(definition, case),
        amount_waits_for=amount_waits_for(definition, case, asked=asked),
    )


def hidden_places(definition: Definition, case: Case, asked: Iterable[Place]) -> frozenset[Place]:
    """What of this need not be asked, as the answers stand; of a row in which nothing is given yet everything is."""
    shown = {(path, row or "") for path, row in shown_fields(definition, case)}
    begun = {(_table_of(path), row) for path, row in shown if row}
    return frozenset(
        (path, row) for path, row in asked if (path, row) not in shown and (not row or (_table_of(path), row) in begun)
    )


def _table_of(path: str) -> str:
    return path.rpartition(".")[0]


def _is_begun(cells: Mapping[str, Any]) -> bool:
    return any(value is not None for value in cells.values())


def _cells(definition: Definition, path: str, row: str, answers: Mapping[Place, Any]) -> dict[str, Any]:
    return {column.key: answers.get((column.path, row)) for column in definition.field(path).columns}
