"""A case file: everything an officer needs to decide, on one page, from rows that were read before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grants.applications.models import Application
from grants.applications.queries import FileFacts
from grants.desk.asking import Ask, PersonsWord, ask_of, papers_beside
from grants.desk.findings import ATTENTION, RecordUrl, ShownFinding, show_finding
from grants.desk.queries import CaseRows
from grants.documents import ScanState, may_open
from grants.eligibility import queries as checks
from grants.eligibility import services
from grants.eligibility.domain import Tally, hold, latest_overrules, said_of, tally
from grants.eligibility.models import FindingOverrule
from grants.kernel.rules import Table
from grants.programmes.domain import (
    Case,
    CaseView,
    Definition,
    DocumentSlot,
    FundingWorking,
    ReadSection,
    case_from_json,
    describe_name,
    funding_amount,
    read_sections,
)
from grants.programmes.queries import definition_of

CALM = frozenset({Ask.HINT, Ask.OVERRULED, Ask.REST})
GENERAL = "general"
DOCUMENTS = "documents"
GONE = FileFacts(ScanState.FAILED, has_preview=False)  # a file of the revision that nothing is known of


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A file of the frozen manifest."""

    key: str
    label: str
    row: str
    name: str
    pages: int | None
    size: int
    sha256: str
    scan_state: ScanState
    has_preview: bool
    row_id: str = ""

    @property
    def may_open(self) -> bool:
        """Whether anybody may open it at all."""
        return bool(may_open(self))


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the answers with the findings that speak of it, those that need attention first."""

    key: str
    title: str
    section: ReadSection | None
    findings: tuple[ShownFinding, ...]

    @property
    def attention(self) -> int:
        """How many findings here ask for something; hints and what was overruled are not counted."""
        return sum(finding.ask not in CALM for finding in self.findings)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the page shows of the case itself."""

    sections: tuple[ShownSection, ...]
    asks: tuple[tuple[Ask, tuple[ShownFinding, ...]], ...]  # what findings ask for, but for those that ask nothing
    documents: tuple[ShownDocument, ...]
    counts: Tally
    not_applicable: int
    amounts: FundingWorking


def build_case_file(
    application: Application,
    rows: CaseRows,
    files: Mapping[tuple[str, str], FileFacts],
    *,
    names: Mapping[str, str],
    with_private: bool,
    record_url: RecordUrl | None = None,
) -> CaseFile:
    """Sections, documents and findings of the revision in force. ``names`` of officers, by key, as far as the reader
    may know them; ``record_url`` where the reader may open what registers hold."""
    definition = definition_of(application.call.definition)
    content = services.case_json_of(rows.revision, rows.opinion)
    case = case_from_json(definition, content)
    view = CaseView(definition, case)
    found = hold(checks.in_force(rows.runs), latest_overrules(rows.overrules))
    documents = tuple(_documents(definition, view, case, files))
    said = {overrule.rule: (overrule, names.get(str(overrule.given_by), "")) for overrule in rows.overrules}
    shown = [(held, _card(definition, view, held, documents, said.get(held.rule), record_url)) for held in found]
    return CaseFile(
        sections=tuple(_sections(definition, case, shown, with_private=with_private)),
        asks=_grouped([card for _finding, card in shown]),
        documents=documents,
        counts=tally(found),
        not_applicable=sum(finding.due and finding.verdict == "not_applicable" for finding in found),
        amounts=funding_amount(definition, case),
    )


def _card(
    definition: Definition,
    view: CaseView,
    held: Any,
    documents: Sequence[ShownDocument],
    said: tuple[FindingOverrule, str] | None,
    record_url: RecordUrl | None,
) -> ShownFinding:
    """The machine's finding with what it asks for, the officer's word and the papers beside it."""
    machine = getattr(held, "machine", held)
    stands_open = machine.verdict in ATTENTION or said is not None  # what is in order shows one line
    card = show_finding(definition, view, machine, record_url, with_values=stands_open)
    papers = papers_beside(definition, machine, documents)
    return replace(card, ask=ask_of(held), said=_word(machine, *said) if said else None, papers=papers)


def _word(machine: Any, overrule: FindingOverrule, officer: str) -> PersonsWord | None:
    if overrule.verdict is None:
        return None
    return PersonsWord(
        verdict=overrule.verdict,
        reason=overrule.reason,
        clause=overrule.clause,
        officer=officer,
        given_at=overrule.given_at,
        holds=machine.due and overrule.said == said_of(machine),
    )


def _grouped(cards: Sequence[ShownFinding]) -> tuple[tuple[Ask, tuple[ShownFinding, ...]], ...]:
    groups = ((ask, tuple(card for card in cards if card.ask is ask)) for ask in Ask if ask is not Ask.REST)
    return tuple((ask, found) for ask, found in groups if found)


def _sections(
    definition: Definition, case: Case, shown: Sequence[tuple[Any, ShownFinding]], *, with_private: bool
) -> Iterable[ShownSection]:
    beside: defaultdict[str, list[ShownFinding]] = defaultdict(list)
    sections = read_sections(definition, case, with_private=with_private)
    keys = {section.key for section in sections}
    for finding, card in shown:
        key = _section_of(definition, finding)
        beside[key if key in keys or key == DOCUMENTS else GENERAL].append(card)
    for section in sections:
        yield ShownSection(section.key, section.title, section, _ordered(beside[section.key]))
    if beside[GENERAL]:
        yield ShownSection(GENERAL, "", None, _ordered(beside[GENERAL]))
    yield ShownSection(DOCUMENTS, "", None, _ordered(beside[DOCUMENTS]))


def _section_of(definition: Definition, finding: Any) -> str:
    """The section a finding speaks of: that of the first answer it read; the papers; else in general."""
    for entry in finding.read:
        name = entry["name"]
        if ".documents." in name or name.startswith("documents."):
            return DOCUMENTS
        section = definition.section_of.get(name.split("[")[0])
        if section is not None:
            return section.key
    rule = definition.rule(finding.rule)
    return DOCUMENTS if "files" in rule.evidence else GENERAL


def _ordered(findings: Iterable[ShownFinding]) -> tuple[ShownFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.weight))


def _documents(
    definition: Definition, view: CaseView, case: Case, files: Mapping[tuple[str, str], FileFacts]
) -> Iterable[ShownDocument]:
    order: Mapping[str, int] = {slot.key: number for number, slot in enumerate(definition.documents)}
    for document in sorted(case.documents, key=lambda document: (order[document.key], document.row or "")):
        slot = definition.document(document.key)
        facts = files.get((document.key, document.sha256), GONE)
        yield ShownDocument(
            key=document.key,
            label=slot.label,
            row=_row_words(view, slot, document.row),
            row_id=document.row or "",
            name=document.name,
            pages=document.pages,
            size=document.size or 0,
            sha256=document.sha256,
            scan_state=facts.scan_state,
            has_preview=facts.has_preview,
        )


def _row_words(view: CaseView, slot: DocumentSlot, row: str | None) -> str:
    """Which row of its table a file belongs to, in words."""
    if row is None:
        return ""
    table = view[slot.rows_of]
    ids = [found.id for found in table.rows] if isinstance(table, Table) else []
    label = describe_name(view.definition, slot.rows_of, view)
    return f"{label}第 {ids.index(row) + 1} 行" if row in ids else label
