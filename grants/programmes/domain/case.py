"""One application as the rules see it, the evidence it carries, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.kernel.rules import Table, Value
from grants.programmes.domain.kinds import FindingVerdict, Severity

ParameterValue = Decimal | date


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What rules may know of the call; ``parameters`` typed, money in yuan; ``effective_close`` the applicant's own."""

    ref: str
    year: int
    asof: date
    opens_at: datetime
    effective_close: datetime
    funds: tuple[str, ...] = ()
    parameters: Mapping[str, ParameterValue] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """One file of the manifest; ``row`` is the row's id where every row has its own."""

    key: str
    row: str | None = None
    pages: int | None = None
    sha256: str = ""
    name: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """What one register said: ``table`` of its rows (a single record is one row), read as of ``asof``.

    ``ref`` says more closely which reading it is - a snapshot, the service's own number - or is empty.
    """

    source: str
    asof: str
    table: Table
    record: Any
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One application, typed. ``answers`` and ``org`` map field keys to rule values; what is missing is absent.

    ``evidence`` maps a root to its record, or to ``None`` where the register could not be read; absent is unread.
    ``district_recommended`` is ``None`` until the district has acted or its deadline has passed (then ``False``).
    """

    definition: str
    call: CallFacts
    submitted_at: datetime | None
    org: Mapping[str, Value]
    answers: Mapping[str, Value]
    documents: tuple[AttachedDocument, ...] = ()
    evidence: Mapping[str, EvidenceRecord | None] = dataclass_field(default_factory=dict)
    district_recommended: bool | None = None
    application: str = ""
    receipt_no: int | None = None

    def with_evidence(self, evidence: Mapping[str, EvidenceRecord | None]) -> Case:
        """The same case carrying other evidence (``evidence_from_json`` makes it)."""
        return replace(self, evidence=evidence)


@dataclass(frozen=True, slots=True)
class EvidenceUsed:
    """Evidence that a finding rests on; ``record`` is ``None`` where the register could not be read."""

    root: str
    source: str
    asof: str
    record: Any
    ref: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a finding keeps it; ``ref`` only where there is one."""
        told = {"root": self.root, "source": self.source, "asof": self.asof, "record": self.record}
        return {**told, "ref": self.ref} if self.ref else told


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one case. ``due`` is false for a rule whose stage has not come (cause ``not_due``)."""

    rule: str
    title: str
    verdict: FindingVerdict
    cause: str | None
    severity: Severity
    clause: str
    message: str
    remedy: str
    read: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceUsed, ...]
    due: bool = True

    def to_json(self) -> dict[str, Any]:
        """The finding as interfaces.md shows it; JSON-safe."""
        return {
            "rule": self.rule,
            "title": self.title,
            "verdict": self.verdict.value,
            "cause": self.cause,
            "severity": self.severity.value,
            "clause": self.clause,
            "message": self.message,
            "remedy": self.remedy,
            "read": [{"name": name, "value": value} for name, value in self.read],
            "evidence": [used.to_json() for used in self.evidence],
            "due": self.due,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing or out of bounds. ``kind`` is ``answer``, ``document`` or ``rows``."""

    section: str
    path: str
    row: str | None
    label: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class FundingWorking:
    """The working of an amount, in fen and basis points; ``None`` where something it needs is unknown.

    ``computed_fen`` is the entitled amount after the requested cap and the minimum. ``steps`` say it in words.
    """

    base_fen: int | None
    ratio_bp: int | None
    cap_fen: int | None
    entitled_fen: int | None
    requested_fen: int | None
    computed_fen: int | None
    minimum_fen: int | None
    track: str | None
    steps: tuple[tuple[str, str], ...]
