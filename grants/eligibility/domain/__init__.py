"""Pure half of the formal check: which rules a run judges, what findings come to, what may be asked or refused for."""

from grants.eligibility.domain.corrections import CorrectionItem, correction_items
from grants.eligibility.domain.judging import (
    Judged,
    Tally,
    evidence_needed,
    grounds_for_rejection,
    has_city_rules,
    has_stage,
    judges,
    kept_findings,
    needs_correction,
    propose,
    stages_judged,
    tally,
)
from grants.eligibility.domain.notices import clauses_by_place, ground_of
from grants.eligibility.domain.overruling import (
    HeldFinding,
    Overruling,
    hold,
    latest_overrules,
    said_of,
    stands_against,
)
from grants.eligibility.domain.restoring import restore_case
from grants.eligibility.domain.standing import Standing, merge_findings, runs_due

__all__ = [
    "CorrectionItem",
    "HeldFinding",
    "Judged",
    "Overruling",
    "Standing",
    "Tally",
    "clauses_by_place",
    "correction_items",
    "evidence_needed",
    "ground_of",
    "grounds_for_rejection",
    "has_city_rules",
    "has_stage",
    "hold",
    "judges",
    "kept_findings",
    "latest_overrules",
    "merge_findings",
    "needs_correction",
    "propose",
    "restore_case",
    "runs_due",
    "said_of",
    "stages_judged",
    "stands_against",
    "tally",
]
