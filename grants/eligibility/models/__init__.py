"""Tables of the formal check: what was found and decided (``checks``), what a changed definition would change
(``impacts``), by what similar texts are found (``similarity``), what was said against a rejection
(``reconsiderations``)."""

from grants.eligibility.models.caseload import AcceptanceItem, AcceptanceList, CaseAssignment
from grants.eligibility.models.checks import CheckSummary, DistrictOpinion, EligibilityRun, Finding, FormalDecision
from grants.eligibility.models.impacts import ImpactChange, ImpactChunk, ImpactPreview
from grants.eligibility.models.notices import FormalNotice
from grants.eligibility.models.overrules import FindingOverrule
from grants.eligibility.models.reconsiderations import Reconsideration
from grants.eligibility.models.rereading import EvidenceRetry
from grants.eligibility.models.revocations import AcceptanceRevocation
from grants.eligibility.models.similarity import StockPhrases, TextBand, TextSketch

__all__ = [
    "AcceptanceItem",
    "AcceptanceList",
    "AcceptanceRevocation",
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
    "Reconsideration",
    "StockPhrases",
    "TextBand",
    "TextSketch",
]
