"""Drawing a panel at random so that every admissible panel is equally likely.

Admissible: of the right size, and its members can be seated so that every stratum has its minimum, nobody counted
twice. Members who can sit for the same strata are interchangeable, so the draw first picks how many come from each
such *type*, weighted with the number of panels that have these counts, then picks the members within each type. No
rejection, hence no bound on tries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb, prod

from grants.kernel.errors import DomainError
from grants.reviews.domain.seed import SeededNumbers

Type = frozenset[str]  # the strata for which an expert can sit


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expert of the admissible pool: an id and the strata they can sit for."""

    id: str
    strata: Type


@dataclass(frozen=True, slots=True)
class Composition:
    """What the rubric asks of a panel: its size (odd) and the minimum per stratum."""

    size: int
    minimums: Mapping[str, int]

    def __post_init__(self) -> None:
        if self.size < 1 or self.size % 2 == 0:
            raise ValueError(f"a panel has an odd number of members, not {self.size}")
        if sum(self.minimums.values()) > self.size:
            raise ValueError("the minimums ask for more members than the panel has")


@dataclass(frozen=True, slots=True)
class Seat:
    """A drawn member and the stratum whose minimum they fill; empty for a free seat."""

    id: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why no panel exists: these strata together need ``needed`` members and the pool has ``available``. No strata:
    the size."""

    strata: tuple[str, ...]
    needed: int
    available: int


class NoAdmissiblePanelError(DomainError):
    """The pool holds no admissible panel; ``blocks`` names every shortage."""

    code = "no_admissible_panel"

    def __init__(self, blocks: tuple[Blocked, ...]) -> None:
        super().__init__(
            blocks=[{"strata": list(b.strata), "needed": b.needed, "available": b.available} for b in blocks]
        )
        self.blocks = blocks


def draw_panel(
    pool: Sequence[Candidate], composition: Composition, *, seed: str, kept: Sequence[Candidate] = ()
) -> tuple[Seat, ...]:
    """Draw one of the admissible panels that contain ``kept``, each with the same probability.

    Args:
        pool: the admissible experts who may be added; ids unique, none of them kept. The order does not matter.
        composition: size and minimums.
        seed: any text; the same pool, composition, kept and seed give the same panel.
        kept: members who already sit, when one who declined is replaced.

    Returns:
        Kept members in their order, then the drawn ones in the order drawn, each with the seat they fill.

    Raises:
        NoAdmissiblePanelError: there is none; says what blocks.
    """
    by_type = _by_type(pool)
    choices = list(_admissible_counts(by_type, composition, Counter(member.strata for member in kept)))
    if not choices:
        raise NoAdmissiblePanelError(_blocks([*pool, *kept], composition))
    numbers = SeededNumbers(seed)
    counts = _pick_weighted(choices, [_weight(by_type, counts) for counts in choices], numbers)
    drawn = [member_id for strata, count in counts for member_id in numbers.sample(by_type[strata], count)]
    strata_of = {member.id: member.strata for member in (*pool, *kept)}
    return _seated([*(member.id for member in kept), *drawn], strata_of, composition)


def count_admissible(pool: Sequence[Candidate], composition: Composition) -> int:
    """How many different panels the pool admits."""
    by_type = _by_type(pool)
    return sum(_weight(by_type, counts) for counts in _admissible_counts(by_type, composition, Counter()))


Counts = tuple[tuple[Type, int], ...]


def _by_type(pool: Iterable[Candidate]) -> dict[Type, list[str]]:
    """Ids per type, both in a fixed order, so that the draw does not depend on the order of the pool."""
    grouped: dict[Type, list[str]] = defaultdict(list)
    for member in sorted(pool, key=lambda candidate: candidate.id):
        grouped[member.strata].append(member.id)
    return dict(sorted(grouped.items(), key=lambda item: sorted(item[0])))


def _admissible_counts(
    by_type: Mapping[Type, Sequence[str]], composition: Composition, kept: Counter[Type]
) -> Iterator[Counts]:
    types = list(by_type)
    minimums = tuple(sorted(composition.minimums.items()))
    for counts in _splits([len(by_type[strata]) for strata in types], composition.size - kept.total()):
        together = Counter(kept)
        together.update(dict(zip(types, counts, strict=True)))
        if _fills(frozenset((strata, count) for strata, count in together.items() if count), minimums):
            yield tuple(zip(types, counts, strict=True))


def _splits(available: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    """Every way to take ``total`` in all, at most ``available[i]`` of the i-th."""
    if total < 0:
        return
    if not available:
        if total == 0:
            yield ()
        return
    for count in range(min(available[0], total) + 1):
        for rest in _splits(available[1:], total - count):
            yield (count, *rest)


@cache
def _fills(members: frozenset[tuple[Type, int]], minimums: tuple[tuple[str, int], ...]) -> bool:
    """Hall's condition: any set of strata finds enough members who can sit for one of them."""
    return not any(
        sum(needed for _, needed in chosen)
        > sum(count for strata, count in members if strata & {stratum for stratum, _ in chosen})
        for size in range(1, len(minimums) + 1)
        for chosen in combinations(minimums, size)
    )


def _weight(by_type: Mapping[Type, Sequence[str]], counts: Counts) -> int:
    return prod(comb(len(by_type[strata]), count) for strata, count in counts)


def _pick_weighted(choices: Sequence[Counts], weights: Sequence[int], numbers: SeededNumbers) -> Counts:
    left = numbers.below(sum(weights))
    for choice, weight in zip(choices, weights, strict=True):
        if left < weight:
            return choice
        left -= weight
    raise AssertionError("the weights add up to the bound")


def _seated(ids: Sequence[str], strata_of: Mapping[str, Type], composition: Composition) -> tuple[Seat, ...]:
    """Give required seats to members by augmenting paths; those left over sit free. Deterministic in the order of
    ``ids``."""
    seats = [stratum for stratum, needed in sorted(composition.minimums.items()) for _ in range(needed)]
    holder: dict[int, str] = {}

    def place(member_id: str, tried: set[int]) -> bool:
        for number, stratum in enumerate(seats):
            if stratum in strata_of[member_id] and number not in tried:
                tried.add(number)
                if number not in holder or place(holder[number], tried):
                    holder[number] = member_id
                    return True
        return False

    for member_id in ids:
        place(member_id, set())
    filled = {member_id: seats[number] for number, member_id in holder.items()}
    return tuple(Seat(member_id, filled.get(member_id, "")) for member_id in ids)


def _blocks(members: Sequence[Candidate], composition: Composition) -> tuple[Blocked, ...]:
    """Every shortage that does not follow from a smaller one."""
    found: list[Blocked] = []
    if len(members) < composition.size:
        found.append(Blocked((), composition.size, len(members)))
    names = sorted(composition.minimums)
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            needed = sum(composition.minimums[name] for name in chosen)
            available = sum(1 for member in members if member.strata & set(chosen))
            if needed > available and not any(set(block.strata) <= set(chosen) for block in found if block.strata):
                found.append(Blocked(chosen, needed, available))
    return tuple(found)
