"""A lifecycle is a table: (state, event) -> state. The table is the only place where a state may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from grants.kernel.errors import IllegalTransitionError

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """The transitions of one kind of record."""

    transitions: Mapping[tuple[S, str], S]

    def next(self, state: S, event: str) -> S:
        """The state after ``event``; raises IllegalTransitionError where the table has no such row."""
        try:
            return self.transitions[state, event]
        except KeyError:
            raise IllegalTransitionError(state=str(state), event=event) from None

    def allows(self, state: S, event: str) -> bool:
        """Whether the table has a row for it."""
        return (state, event) in self.transitions

    def sources(self, event: str) -> frozenset[S]:
        """The states in which ``event`` may happen."""
        return frozenset(state for state, name in self.transitions if name == event)
