"""How the formal check of a revision stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from grants.eligibility.domain.judging import grounds_for_rejection, has_city_rules, propose
from grants.eligibility.domain.overruling import Overruling, hold
from grants.eligibility.states import Proposal, RunKind
from grants.programmes.domain import Definition


def merge_findings(runs: Mapping[RunKind, Sequence[Any]]) -> tuple[Any, ...]:
    """The finding in force of every rule: the first run's, replaced by those of the runs after T and at the city."""
    latest: dict[str, Any] = {}
    for kind in (RunKind.SUBMIT, RunKind.AFTER_CLOSE, RunKind.CITY):
        for finding in runs.get(kind, ()):
            latest[finding.rule] = finding
    return tuple(latest.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """How the formal check of the revision in force stands.

    ``judged``: kinds of the runs in effect. ``awaited``: kinds that are due by now and have not been recorded.
    ``corrections``: rounds of correction already asked for, of ``rounds`` that the programme grants. ``decided``: the
    revision has its formal decision. ``recommended``: what the district said of this case, None while it has not
    spoken. ``findings`` are the machine's; ``overrules`` by rule are the last words of officers on them. ``given_up``:
    topics of the checks after the first one that workers could not finish; nobody works on them any more.
    """

    judged: frozenset[RunKind]
    awaited: frozenset[RunKind]
    findings: tuple[Any, ...]
    corrections: int
    decided: bool
    recommended: bool | None
    rounds: int = 1
    overrules: Mapping[str, Overruling] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()

    @property
    def held(self) -> tuple[Any, ...]:
        """What holds of the findings: a person's verdict goes before the machine's."""
        return hold(self.findings, self.overrules)

    @property
    def correction_used(self) -> bool:
        """Whether no round of correction is left."""
        return self.corrections >= self.rounds

    @property
    def grounds(self) -> tuple[str, ...]:
        """Rules on which a rejection may rest."""
        return grounds_for_rejection(self.held, correction_used=self.correction_used)

    @property
    def proposal(self) -> Proposal:
        """What the findings come to, as they hold."""
        return propose(self.held)


def runs_due(
    definition: Definition, *, judged: Mapping[RunKind, date], asof: date, today: date, with_district: bool
) -> frozenset[RunKind]:
    """The runs that the revision in force must have by ``today`` before it can be decided.

    ``judged``: the days on which the runs in effect read their evidence. ``with_district``: the case is still with its
    district. The run after T is due once T is over, unless the first run has read its evidence after T anyway.
    """
    due = {RunKind.SUBMIT}
    if has_city_rules(definition) and not with_district:
        due.add(RunKind.CITY)
    first_read = judged.get(RunKind.SUBMIT)
    if today > asof and first_read is not None and first_read <= asof:
        due.add(RunKind.AFTER_CLOSE)
    return frozenset(due)
