"""What a person says against the machine's findings, and what holds when both are put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from grants.eligibility.states import PersonVerdict
from grants.kernel.canonical import fingerprint


class Overruling(Protocol):
    """An overrule, as it is stored; ``verdict`` None takes the one before it back."""

    @property
    def rule(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def verdict(self) -> str | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def clause(self) -> str: ...


@dataclass(frozen=True, slots=True)
class HeldFinding:
    """A finding with a person's verdict in the place of the machine's; ``machine`` is the finding as it was made."""

    machine: Any
    overrule: Overruling
    verdict: str
    message: str
    clause: str
    cause: str | None = None

    @property
    def rule(self) -> str:
        return str(self.machine.rule)

    @property
    def title(self) -> str:
        return str(self.machine.title)

    @property
    def severity(self) -> str:
        return str(self.machine.severity)

    @property
    def due(self) -> bool:
        return bool(self.machine.due)

    @property
    def remedy(self) -> str:
        return str(self.machine.remedy)

    @property
    def read(self) -> Any:
        return self.machine.read

    @property
    def evidence(self) -> Any:
        return self.machine.evidence


def said_of(finding: Any) -> str:
    """The fingerprint of what a stored finding says and of the values it read: an overrule speaks of exactly that."""
    columns = ("rule", "verdict", "cause", "severity", "message", "read")
    return fingerprint({column: getattr(finding, column) for column in columns})


def latest_overrules(overrules: Iterable[Overruling]) -> Mapping[str, Overruling]:
    """The last word on each rule; ``overrules`` of one revision in the order in which they were given."""
    return {overrule.rule: overrule for overrule in overrules}


def hold(findings: Iterable[Any], overrules: Mapping[str, Overruling]) -> tuple[Any, ...]:
    """What holds: each finding, with a person's verdict where one was given on just these values.

    An overrule that was taken back, or that spoke of other values, leaves the machine's finding as it is.
    """
    return tuple(_held(finding, overrules.get(finding.rule)) for finding in findings)


def _held(finding: Any, overrule: Overruling | None) -> Any:
    if overrule is None or overrule.verdict is None or not finding.due or overrule.said != said_of(finding):
        return finding
    failed = overrule.verdict == PersonVerdict.FAIL
    return HeldFinding(
        machine=finding,
        overrule=overrule,
        verdict=str(overrule.verdict),
        message=overrule.reason,
        clause=overrule.clause if failed else str(finding.clause),
    )


def stands_against(finding: Any) -> bool:
    """Whether accepting the case goes against this finding, so that it takes a reason."""
    return bool(finding.due) and finding.verdict == "fail" and finding.severity not in ("warn", "block")
