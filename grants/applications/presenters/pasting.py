"""A pasted block beside the table it is for: how columns match, what would be stored, what cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.applications.domain.columns import LEFT_OUT, MARK, ROW_NAME, Matching, head_of
from grants.applications.domain.importing import WHOLE_ROW, CellClash, ImportPlan, Place
from grants.applications.presenters.undoing import row_name
from grants.applications.presenters.words import answer_words
from grants.programmes.domain import Field

MOST_LINES = 20
MOST_FAULTS = 100
CELL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class MatchColumn:
    """One pasted column: what heads it, what it is matched with, and why it was left out."""

    head: str
    target: str
    is_mark: bool
    note: str


@dataclass(frozen=True, slots=True)
class FaultView:
    """One cell that cannot be read: where, of which column, what was read, what is expected."""

    address: str
    label: str
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class ClashView:
    """A cell that the block and a colleague have both changed; ``value`` is what the box to insist posts."""

    value: str
    label: str
    mine: str
    theirs: str
    by_deletion: bool
    chosen: bool


def matched_columns(matching: Matching, first: Sequence[str]) -> list[MatchColumn]:
    """The pasted columns with what they are matched with."""
    found = []
    for place, target in enumerate(matching.targets):
        note = ""
        if place in matching.other_units:
            note = str(_("表头以“%(unit)s”计，与本表的单位不同，请换算后再粘贴。", unit=matching.other_units[place]))
        head = first[place] if matching.has_heading else str(_("第 %(n)s 列", n=place + 1))
        found.append(MatchColumn(_short(head), target, target == MARK, note))
    return found


def target_options(columns: Sequence[Field], *, row_label: str) -> list[tuple[str, str]]:
    """What a pasted column may be; ``row_label`` names the rows where they are fixed."""
    rows = [(ROW_NAME, row_label)] if row_label else []
    return [(LEFT_OUT, str(_("不导入"))), *rows, *((column.key, head_of(column)) for column in columns)]


def fault_views(lines: Sequence[Any]) -> list[FaultView]:
    """Every cell that cannot be read, in order (``forms.ReadLine``)."""
    return [
        FaultView(
            line.address(fault),
            fault.column.label if fault.column is not None else "",
            _short(fault.text.strip()),
            fault.message,
        )
        for line in lines
        for fault in line.faults
    ]


def clash_views(
    draft: Draft, table: Field, clashes: Sequence[CellClash], insisted: Collection[Place]
) -> list[ClashView]:
    """Both values of every clash in words; ``insisted``: those decided for the block."""
    return [_clash(draft, table, clash, (clash.line.row, clash.path) in insisted) for clash in clashes]


def shown_lines(lines: Sequence[Any], plan: ImportPlan) -> list[Any]:
    """The lines of the preview: those with a fault or a clash and the first of those that are sound, in order."""
    clashing = {clash.line.number for clash in plan.clashes}
    troubled = [line for line in lines if line.faults or line.number in clashing]
    sound = [line for line in lines if not line.faults and line.number not in clashing]
    return sorted([*troubled[:MOST_FAULTS], *sound[:MOST_LINES]], key=lambda line: line.number)


def plan_words(plan: ImportPlan, *, bad: int) -> list[str]:
    """What taking the block in would do, sentence by sentence."""
    said = [
        (len(plan.added), _("将添加 %(n)s 行", n=len(plan.added))),
        (plan.changed_rows, _("将更新已有的 %(n)s 行", n=plan.changed_rows)),
        (len(plan.known), _("%(n)s 行已经导入过，不会重复添加", n=len(plan.known))),
        (len(plan.beyond), _("%(n)s 行超出本表的行数上限，不导入", n=len(plan.beyond))),
        (bad, _("%(n)s 行有读不出的内容，先不导入", n=bad)),
        (len(plan.clashes), _("%(n)s 处刚刚被其他人改过，请在下面逐处选择", n=len(plan.clashes))),
    ]
    words = [str(sentence) for count, sentence in said if count]
    return words or [str(_("内容与表中的一致，没有需要导入的"))]


def _clash(draft: Draft, table: Field, clash: CellClash, chosen: bool) -> ClashView:
    value = f"{clash.line.row}|{clash.path}"
    if clash.path == WHOLE_ROW:
        name = row_name(draft, table, clash.line.row)
        return ClashView(value, name, "", "", by_deletion=True, chosen=chosen)
    column = draft.definition.field(clash.path)
    label = f"{row_name(draft, table, clash.line.row)}，{column.label}"
    mine, theirs = (answer_words(draft.definition, column, given) for given in (clash.mine, clash.theirs))
    return ClashView(value, label, mine, theirs, by_deletion=False, chosen=chosen)


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= CELL_LENGTH else f"{line[:CELL_LENGTH]}…"
