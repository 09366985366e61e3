"""Texts too like earlier ones, and words that must not appear."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from grants.kernel.rules import Row, Table, Unknown, Value
from grants.programmes.domain.checks.results import CheckResult, Parameters, bare
from grants.programmes.domain.view import NO_EVIDENCE, CaseView


def near_duplicate(parameters: Parameters, view: CaseView) -> CheckResult:
    """No earlier text is as similar as the threshold, unless it was declared as what this one continues."""
    earlier, threshold = view["earlier_texts"], parameters["threshold"]
    if not isinstance(earlier, Table):
        return CheckResult(NO_EVIDENCE)
    alike = [row for row in earlier.rows if _alike(row, threshold)]
    detail = "、".join(f"{row.cells['application']}（{_percent(row.cells['similarity'])}）" for row in alike)
    return CheckResult(False if alike else _compared(earlier), detail, tuple(_read(earlier)))


def _read(earlier: Table) -> Iterator[tuple[str, Value]]:
    for row in earlier.rows:
        yield f"earlier_texts[{row.id}].similarity", row.cells["similarity"]
        if row.cells["declared_continuation"] is True:
            yield f"earlier_texts[{row.id}].declared_continuation", True


def _compared(earlier: Table) -> bool | Unknown:
    """True where every earlier text was compared; what was not may be alike."""
    found = (row.cells["similarity"] for row in earlier.rows if row.cells["declared_continuation"] is not True)
    return next((similarity for similarity in found if isinstance(similarity, Unknown)), True)


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
        if isinstance(cell, str) and bare(word.code) in bare(cell)
    ]
    read = tuple((f"{parameters['table']}[{row}].{column}", cell) for row, cell in cells)
    unknown = next((cell for _, cell in cells if isinstance(cell, Unknown)), None)
    return CheckResult(False if found else unknown or True, "；".join(found), read)
