"""The list of sections, what is missing in each, what is worked out beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain import DOCUMENTS, Draft, EditScope, Progress, SectionProgress
from grants.applications.presenters.places import gap_url, section_url
from grants.applications.presenters.words import all_words, cell_words
from grants.kernel.money import wan_text
from grants.programmes.domain import (
    Field,
    FieldKind,
    Gap,
    funding_amount,
)

WIDE = frozenset({FieldKind.LONG_TEXT, FieldKind.LIST, FieldKind.CHOICES})


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One entry of the list of sections; read by the macro ``section_list``. ``who``: whose section it is."""

    label: str
    note: str
    url: str
    state: str
    current: bool
    key: str = ""
    who: str = ""


def section_links(
    application_id: UUID, progress: Progress, current: str, faults: Counter[str], who: Mapping[str, str] | None = None
) -> list[SectionLink]:
    """The list of sections with how far each has come; ``faults``: how much of it the office asked to put right;
    ``who``: names of those whose sections they are, by section."""
    links = []
    for number, section in enumerate(progress.sections, 1):
        label, url = f"{number}. {section.title}", section_url(application_id, section.key)
        note, state = section_note(section), section.state
        if faults[section.key] and state == "done":
            note, state = str(_("%(n)s 项需补正", n=faults[section.key])), "warn"
        owner = (who or {}).get(section.key, "")
        links.append(SectionLink(label, note, url, state, section.key == current, section.key, owner))
    return links


def faults_by_section(draft: Draft, scope: EditScope) -> Counter[str]:
    """How many items of the correction lie in each section."""
    counts: Counter[str] = Counter()
    for item in scope.items or ():
        if item.document:
            counts[DOCUMENTS] += 1
        elif item.path:
            places = draft.definition.section_of
            place = item.path if item.path in places else item.path.rpartition(".")[0]
            counts[places[place].key] += place in places
    return counts


def section_note(section: SectionProgress) -> str:
    """One line under a section's name: 还差 3 项，约 8 分钟."""
    if section.state == "done":
        return str(_("已填全"))
    if section.state == "part":
        return str(_("还差 %(n)s 项，约 %(m)s 分钟", n=len(section.gaps), m=section.minutes))
    return str(_("未开始，约 %(m)s 分钟", m=section.minutes))


@dataclass(frozen=True, slots=True)
class GapLink:
    """Something missing, and where to fill it in."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Everything missing in one section, and the minutes it will take."""

    key: str
    title: str
    url: str
    links: tuple[GapLink, ...]
    minutes: int

    @property
    def count(self) -> int:
        return len(self.links)


def gap_groups(application_id: UUID, draft: Draft, progress: Progress) -> tuple[GapGroup, ...]:
    """What is missing, section by section, with a link to each input."""
    return tuple(
        GapGroup(
            section.key,
            section.title,
            section_url(application_id, section.key),
            gap_links(application_id, draft, progress, section.key),
            section.minutes,
        )
        for section in progress.sections
        if section.gaps
    )


def gap_links(application_id: UUID, draft: Draft, progress: Progress, key: str) -> tuple[GapLink, ...]:
    """What is missing in one section, with a link to each input."""
    gaps = next((section.gaps for section in progress.sections if section.key == key), ())
    return tuple(GapLink(gap_text(gap), gap_url(application_id, draft, gap)) for gap in gaps)


def gap_text(gap: Gap) -> str:
    """The label where the message does not name it already, then the message."""
    return gap.message if gap.row is None or gap.kind == "document" else f"{gap.label}：{gap.message}"


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that is worked out, in words."""

    path: str
    label: str
    text: str
    help: str
    row: str = ""

    @property
    def place(self) -> str:
        """How scripts name it: the path, of a cell with its row."""
        return f"{self.path}[{self.row}]" if self.row else self.path


def computed_texts(draft: Draft, fields: Sequence[Field], row: str = "") -> list[Computed]:
    """The computed ones among these fields that are shown, in words; 填写后自动计算 while something is missing."""
    wanted = [field for field in fields if field.kind is FieldKind.COMPUTED and (field.path, row) in draft.shown]
    if not wanted:
        return []
    words = {field.path: field.text for section in all_words(draft) for field in section.fields if field.answered}
    cells = cell_words(draft) if row else {}
    unknown = str(_("填写相关内容后自动计算"))
    return [
        Computed(
            field.path,
            field.label,
            (_with_unit(field, cells.get((field.path, row), "")) if row else words.get(field.path)) or unknown,
            field.help,
            row,
        )
        for field in wanted
    ]


def _with_unit(field: Field, text: str) -> str:
    """A cell's words as they stand alone: in its table the unit is at the head of the column."""
    return f"{text} {field.unit}" if text and field.unit else text


@dataclass(frozen=True, slots=True)
class FundingView:
    """What the rules would grant, as far as it can be told: 万元, and the working in words."""

    amount: str
    steps: tuple[tuple[str, str], ...]


def funding_view(draft: Draft) -> FundingView | None:
    """The expected amount with its working; None while something it needs is missing."""
    working = funding_amount(draft.definition, draft.case)
    if working.computed_fen is None:
        return None
    return FundingView(wan_text(working.computed_fen), working.steps)
