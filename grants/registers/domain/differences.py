"""What an import would change, by credit code: shown before it is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from grants.kernel.canonical import canonical_json
from grants.registers.domain.records import Entry

EXAMPLES = 10  # of each kind
MAX_ROWS = 5  # of one code that an example shows, on each side
NOTABLE_SHARE = 5  # one fifth of the codes
Marks = dict[str, int]  # by credit code: one number for all that a register says of it


@dataclass(frozen=True, slots=True)
class Difference:
    """Codes by what becomes of them, in the order of codes; ``before`` and ``after`` count records."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    before: int
    after: int

    @property
    def is_notable(self) -> bool:
        """Whether it should be looked at twice: the table is empty, or a fifth of what was there is gone."""
        known = len(self.removed) + len(self.changed) + self.unchanged
        return self.after == 0 or (bool(self.removed) and len(self.removed) * NOTABLE_SHARE >= known)

    def examples(self) -> tuple[str, ...]:
        """The codes that are shown with what is said of them."""
        return (*self.added[:EXAMPLES], *self.removed[:EXAMPLES], *self.changed[:EXAMPLES])


def marks_of(entries: Iterable[Entry]) -> tuple[Marks, int]:
    """One number for everything that is said of a code, whatever the order of its rows; and how many records."""
    marks: Marks = {}
    count = 0
    for code, record in entries:
        stated = {key: value for key, value in record.items() if value is not None}
        mark = int.from_bytes(blake2b(canonical_json(stated), digest_size=8).digest())
        marks[code] = (marks.get(code, 0) + mark) % 2**64
        count += 1
    return marks, count


def compare(former: tuple[Marks, int], coming: tuple[Marks, int]) -> Difference:
    """What becomes of each code between two tables."""
    old, new = former[0], coming[0]
    both = old.keys() & new.keys()
    changed = sorted(code for code in both if old[code] != new[code])
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(changed),
        unchanged=len(both) - len(changed),
        before=former[1],
        after=coming[1],
    )


def difference_json(
    difference: Difference, former: Mapping[str, list[dict[str, Any]]], coming: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Counts and first examples, JSON-safe; ``former`` and ``coming`` hold the records of the examples' codes."""

    def shown(codes: tuple[str, ...]) -> list[dict[str, Any]]:
        return [
            {
                "uscc": code,
                "before": [dict(record) for record in former.get(code, [])[:MAX_ROWS]],
                "after": [dict(record) for record in coming.get(code, [])[:MAX_ROWS]],
            }
            for code in codes[:EXAMPLES]
        ]

    return {
        "added": len(difference.added),
        "removed": len(difference.removed),
        "changed": len(difference.changed),
        "unchanged": difference.unchanged,
        "before": difference.before,
        "after": difference.after,
        "notable": difference.is_notable,
        "examples": {
            "added": shown(difference.added),
            "removed": shown(difference.removed),
            "changed": shown(difference.changed),
        },
    }
