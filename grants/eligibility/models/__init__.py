"""Tables of the formal check: what was found and decided (``checks``), and what a changed definition would change
(``impacts``)."""

from grants.eligibility.models.checks import CheckSummary, DistrictOpinion, EligibilityRun, Finding, FormalDecision
from grants.eligibility.models.impacts import ImpactChange, ImpactChunk, ImpactPreview

__all__ = [
    "CheckSummary",
    "DistrictOpinion",
    "EligibilityRun",
    "Finding",
    "FormalDecision",
    "ImpactChange",
    "ImpactChunk",
    "ImpactPreview",
]
