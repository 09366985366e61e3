"""Sharing cases out evenly among officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Case = TypeVar("Case")
Officer = TypeVar("Officer")


def share_out(cases: Sequence[Case], loads: Mapping[Officer, int]) -> list[tuple[Case, Officer]]:
    """Give each case, in order, to whoever has the fewest by then; of equals to the one named first.

    ``loads``: how many open cases each officer has already. No case is given where there is nobody.
    """
    had = dict(loads)
    shared = []
    for case in cases:
        if had:
            officer = min(had, key=lambda one: had[one])
            had[officer] += 1
            shared.append((case, officer))
    return shared
