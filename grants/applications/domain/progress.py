"""How far a draft has come, section by section."""

from __future__ import annotations

from dataclasses import dataclass

from grants.applications.domain.drafts import Draft
from grants.applications.domain.effort import minutes_for
from grants.programmes.domain import FieldKind, Gap, Phase, Section

DOCUMENTS = "documents"
WHOLE = 100
NOT_FILLED = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """One section: how many answers were given, what is still missing, the minutes it will take. ``key`` is
    ``documents`` for the files."""

    key: str
    title: str
    answered: int
    gaps: tuple[Gap, ...]
    minutes: int = 0

    @property
    def state(self) -> str:
        """``done``, ``part`` or empty for one that was not begun."""
        if not self.gaps:
            return "done"
        return "part" if self.answered else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """All sections in order, the files last. ``requested_fen``: what the draft asks for so far, where lists tell it."""

    sections: tuple[SectionProgress, ...]
    requested_fen: int = 0

    @property
    def done(self) -> int:
        return sum(section.state == "done" for section in self.sections)

    @property
    def missing(self) -> int:
        return sum(len(section.gaps) for section in self.sections)

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)

    @property
    def percent(self) -> int:
        """Answers and files given, of those given and missing together; 100 only when nothing is missing."""
        given = sum(section.answered for section in self.sections)
        return WHOLE * given // (given + self.missing) if given + self.missing else WHOLE


def progress_of(draft: Draft, *, documents_title: str) -> Progress:
    """Count what was given and what is missing. Undertakings are left out: they are asked for at submission."""
    gaps = gaps_to_fill(draft)
    sections = [
        _progress(draft, section.key, section.title, _answered(draft, section), gaps)
        for section in shown_sections(draft)
    ]
    return Progress((*sections, _progress(draft, DOCUMENTS, documents_title, len(draft.present_files), gaps)))


def _progress(draft: Draft, key: str, title: str, answered: int, gaps: tuple[Gap, ...]) -> SectionProgress:
    own = tuple(gap for gap in gaps if gap.section == key)
    return SectionProgress(key, title, answered, own, minutes_for(draft, own))


def shown_sections(draft: Draft) -> tuple[Section, ...]:
    """Sections of the form with something to fill in now."""
    return tuple(
        section
        for section in draft.definition.sections
        if section.phase is Phase.APPLICATION and any(_is_asked(draft, field.path) for field in section.fields)
    )


def gaps_to_fill(draft: Draft) -> tuple[Gap, ...]:
    """Everything missing except the undertakings."""
    fields = draft.definition.fields_by_path
    return tuple(
        gap for gap in draft.gaps if gap.path not in fields or fields[gap.path].kind is not FieldKind.UNDERTAKING
    )


def _is_asked(draft: Draft, path: str) -> bool:
    return (path, "") in draft.shown and draft.definition.field(path).kind not in NOT_FILLED


def _answered(draft: Draft, section: Section) -> int:
    count = 0
    for field in section.fields:
        if field.kind is FieldKind.TABLE:
            rows = draft.row_ids(field)
            count += sum(draft.value(column.path, row) is not None for row in rows for column in field.columns)
        elif field.kind not in NOT_FILLED and (field.path, "") in draft.shown:
            count += draft.value(field.path) is not None
    return count
