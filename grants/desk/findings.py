"""A stored finding in the words of a page: what was read by its label, values as an officer writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grants.desk.asking import Ask, PersonsWord, records_of
from grants.eligibility.presenters import PLAIN_WORDS, REGISTER_COLUMNS, day_words, name_words, value_words
from grants.programmes.domain import CaseView, Definition
from grants.registers.domain import REGISTERS

RecordUrl = Callable[[str], str]  # from the key of a snapshot
SHOWN_READS = 12
ATTENTION = frozenset({"fail", "unknown"})


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in the words of a page; the fields are those of the macro ``finding_card``."""

    rule: str
    title: str
    verdict: str
    cause: str | None
    severity: str
    clause: str
    message: str
    remedy: str
    read: tuple[dict[str, str], ...]
    evidence: tuple[dict[str, Any], ...]
    due: bool
    id: UUID | None = None
    ask: Ask = Ask.REST
    said: PersonsWord | None = None
    papers: tuple[Any, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether the card stands open: it failed, warns or cannot be judged, or a person has spoken against it."""
        return self.due and (self.verdict in ATTENTION or self.said is not None)

    @property
    def weight(self) -> int:
        """Its place among others: failed, cannot be judged, hints, the rest."""
        if not self.due:
            return 5
        if self.verdict == "fail":
            return 2 if self.severity == "warn" else 0
        return {"unknown": 1, "pass": 3}.get(self.verdict, 4)


def show_finding(
    definition: Definition,
    view: CaseView,
    finding: Any,
    record_url: RecordUrl | None = None,
    *,
    with_values: bool = True,
) -> ShownFinding:
    """A stored finding with the names it read in the words of the form.

    ``record_url``: where the records of a snapshot are, for readers who may open it. ``with_values``: with what the
    names held.
    """
    read = tuple(
        {
            "name": entry["name"],
            "label": name_words(definition, view, entry["name"]),
            "value": value_words(definition, entry["name"], entry["value"]),
        }
        for entry in (finding.read[:SHOWN_READS] if with_values else ())
    )
    return ShownFinding(
        rule=finding.rule,
        title=finding.title,
        verdict=finding.verdict,
        cause=finding.cause,
        severity=finding.severity,
        clause=finding.clause,
        message=finding.message if finding.verdict in ATTENTION else "",  # 符合 says it all
        remedy=finding.remedy,
        read=read,
        evidence=tuple(_shown_evidence(entry, record_url) for entry in finding.evidence if entry["asof"]),
        due=finding.due,
        id=getattr(finding, "id", None),
    )


def _shown_evidence(entry: Mapping[str, Any], record_url: RecordUrl | None) -> dict[str, Any]:
    """A piece of evidence with its day in words, its records as pairs of label and value, and the way to the snapshot
    they stand in; of a service that was asked, whose ``asof`` is an instant, the number of its answer."""
    ref, imported = entry.get("ref", ""), entry["root"] in REGISTERS and "T" not in entry["asof"]
    lines = [
        [(str(REGISTER_COLUMNS.get(key, key)), _plain(value)) for key, value in record.items() if value is not None]
        for record in records_of(entry["record"])
    ]
    return {
        **entry,
        "asof": day_words(entry["asof"]),
        "lines": [line for line in lines if line],
        "url": record_url(ref) if imported and ref and record_url else "",
        "answer_no": "" if imported else ref,
    }


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return PLAIN_WORDS["true" if value else "false"]
    return day_words(str(value))
