"""Tables of the formal check: what was found and decided (``checks``), what a changed definition would change
(``impacts``), and by what similar texts are found (``similarity``)."""

from grants.eligibility.models.caseload import AcceptanceItem, AcceptanceList, CaseAssignment
from grants.eligibility.models.checks import CheckSummary, DistrictOpinion, EligibilityRun, Finding, FormalDecision
from grants.eligibility.models.impacts import ImpactChange, ImpactChunk, ImpactPreview
from grants.eligibility.models.notices import FormalNotice
from grants.eligibility.models.overrules import FindingOverrule
from grants.eligibility.models.rereading import EvidenceRetry
from grants.eligibility.models.similarity import StockPhrases, TextBand, TextSketch

__all__ = [
    "AcceptanceItem",
    "AcceptanceList",
    "CaseAssignment",
    "CheckSummary",
    "DistrictOpinion",
    "EligibilityRun",
    "EvidenceRetry",
    "Finding",
    "FindingOverrule",
    "FormalDecision",
    "FormalNotice",
    "ImpactChange",
    "ImpactChunk",
    "ImpactPreview",
    "StockPhrases",
    "TextBand",
    "TextSketch",
]
