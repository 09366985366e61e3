"""Judging a recorded run again from its stored texts: the same definition and code must find the same, to the byte."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from grants.eligibility import queries
from grants.eligibility.models import EligibilityRun
from grants.eligibility.services.checking import judge_texts
from grants.eligibility.services.recording import code_version
from grants.kernel.canonical import canonical_json
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of one run judged again. ``differing`` are the rules whose findings are not the recorded ones."""

    run: EligibilityRun
    same_code: bool
    differing: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every finding came out as recorded."""
        return not self.differing


def replay_run(session: Session, run: EligibilityRun) -> Replay:
    """Judge a run again from its case, its evidence and its pinned definition, and compare canonical bytes."""
    definition = definition_of(session.get_one(DefinitionVersion, run.definition_id))
    found = {finding.rule: finding.to_json() for finding in judge_texts(definition, run.kind, run.case, run.evidence)}
    recorded = {finding["rule"]: finding for finding in queries.findings_of(run)}
    differing = tuple(
        rule
        for rule in sorted(found.keys() | recorded.keys())
        if canonical_json(found.get(rule)) != canonical_json(recorded.get(rule))
    )
    return Replay(run, run.code_version == code_version(), differing)
