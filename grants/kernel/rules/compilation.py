"""The state of compiling one expression, and what a compiled part is.

A part is a closure over a frame: a list of slots. In a *branching* expression (``and``, ``if``, tables ...) the first
three slots hold the mapping of names, the cells read so far (None when not traced) and the steps left; names are read
when first needed. A *straight* one reads every name in any case, so its frame is just their values: that is what makes
tracing nearly free.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from grants.kernel.rules.faults import EvaluationLimitError, Report
from grants.kernel.rules.kinds import Kind, Name, Scope
from grants.kernel.rules.syntax import Node
from grants.kernel.rules.values import Value
from grants.kernel.rules.words import FUNCTIONS

Frame = list[Any]
Run = Callable[[Frame], Any]

NAMES, CELLS, BUDGET = 0, 1, 2
MAX_SUGGESTIONS = 8  # looking for a similar name is slow; a hostile text has hundreds of names
MAX_STEPS = 5_000_000  # nodes evaluated for rows in one evaluation: about a second
UNREAD = object()


@dataclass(frozen=True, slots=True)
class Part:
    """One compiled node: its result (None: faulty, already reported), how to get it, its value if it is a literal."""

    at: int
    result: Name | None
    run: Run
    literal: Value | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of the result; None where a fault was reported."""
        return None if self.result is None else self.result.kind

    @property
    def evidence(self) -> bool:
        """Whether the result comes from a register."""
        return self.result is not None and self.result.evidence


@dataclass(frozen=True, slots=True)
class RowScope:
    """The columns of the table whose rows are being visited; the row is in ``slot``, the table's name in the next."""

    columns: Mapping[str, Name]
    slot: int


def broken(at: int) -> Part:
    """A part that cannot run; only ever made together with a fault."""
    return Part(at, None, lambda frame: None)


class Compilation:
    """Scope, faults and slots while one expression is compiled."""

    def __init__(
        self,
        scope: Scope,
        report: Report,
        handlers: Mapping[type[Any], Callable[[Compilation, Any], Part]],
        *,
        straight: bool,
        guarded: Collection[str] | None,
    ) -> None:
        """``guarded``: conditional names the rule's ``when`` speaks for; None: conditionals are not checked."""
        self.scope = scope
        self.report = report
        self.straight = straight
        self.slots: dict[str, int] = {}
        self.size = 0 if straight else BUDGET + 1
        self.row_scopes: list[RowScope] = []
        self.unguarded: set[str] = set()
        self._handlers = handlers
        self._guarded = guarded
        self._guards = 0
        self._suggestions = 0

    def compile(self, node: Node) -> Part:
        """Check one node and everything under it, and make its closure."""
        return self._handlers[type(node)](self, node)

    def slot_of(self, name: str) -> int:
        """The slot of a name that is not a column."""
        if name not in self.slots:
            self.slots[name] = self.size
            self.size += 1
        return self.slots[name]

    @contextmanager
    def visiting(self, table: Part) -> Iterator[int]:
        """Within: names may be columns of ``table``. Yields the slot of the current row."""
        slot = self.size
        self.size += 2
        self.row_scopes.append(RowScope({} if table.result is None else table.result.columns, slot))
        yield slot
        self.row_scopes.pop()

    @contextmanager
    def behind_a_guard(self) -> Iterator[None]:
        """Within: something evaluated before decides whether this part matters."""
        self._guards += 1
        yield
        self._guards -= 1

    def check_conditional(self, at: int, name: str, meaning: Name, *, column: bool) -> None:
        """A field or column that may be hidden must not be read unguarded by a rule."""
        if not meaning.conditional:
            return
        if not self._guards:
            self.unguarded.add(name)
        if self._guarded is None:
            return
        if column and not self._guards:
            self.report.fault(at, f"列“{name}”有时不显示，请先写出条件，例如“…… or {name} …”")
        elif not column and name not in self._guarded:
            self.report.fault(at, f"“{name}”有时不显示，读取它的规则需要写 when")

    def expect(self, part: Part, allowed: Collection[Kind], place: str) -> bool:
        """Whether ``part`` is of one of the kinds; if not, report it. A part already reported is neither."""
        if part.kind is None:
            return False
        if part.kind in allowed:
            return True
        wanted = "或".join(kind.label for kind in allowed)
        self.report.fault(part.at, f"{place}应是{wanted}，这里是{part.kind.label}{hint(part.kind)}")
        return False

    def suggestion(self, name: str, candidates: Collection[str]) -> str:
        """``，是否应为“…”？`` for a misspelt name, or nothing."""
        self._suggestions += 1
        if self._suggestions > MAX_SUGGESTIONS or len(name) > 64:
            return ""
        near = get_close_matches(name, candidates, 1, 0.6)
        return f"，是否应为“{near[0]}”？" if near else ""

    def visible(self) -> set[str]:
        """Every name that may stand here."""
        columns = (column for rows in self.row_scopes for column in rows.columns)
        return {*columns, *self.scope.names, *self.scope.lists, *FUNCTIONS}


def every(checks: Iterable[bool]) -> bool:
    """Whether all checks hold, having made them all, so that every fault is reported."""
    return all(list(checks))


def take_steps(frame: Frame, steps: int) -> None:
    """Spend steps of a branching evaluation.

    Raises:
        EvaluationLimitError: fewer are left.
    """
    frame[BUDGET] -= steps
    if frame[BUDGET] < 0:
        raise EvaluationLimitError(f"more than {MAX_STEPS} steps")


def hint(kind: Kind) -> str:
    """What to do with a value of a kind that was not wanted."""
    if kind is Kind.DOCUMENT:
        return "，材料只能写在 is_missing(…) 里"
    if kind is Kind.TABLE:
        return "，表格要用 count、sum、any、all 等函数读取"
    return ""
