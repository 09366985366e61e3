"""What can be asked for in a return for correction, and what the findings ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from grants.applications.domain import place_words, scope_of
from grants.applications.models import Application
from grants.eligibility.domain import CorrectionItem, Standing, correction_items
from grants.kernel.rules import Table
from grants.programmes.domain import (
    Case,
    CaseView,
    Definition,
    FieldKind,
    Phase,
    ReadSection,
    case_from_json,
    read_sections,
    required_documents,
)
from grants.programmes.queries import definition_of

NOT_ASKED = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})  # worked out, or asked again at every submission
TELLING_CELLS = 2  # of a row, so that an officer knows it again


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be asked for: value (path, row, slot), what it is called within its section, what stands there
    now, and its whole name."""

    value: str
    label: str
    now: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """The places of one section."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class CorrectionMarks:
    """What an officer can mark: ``asked`` by the findings (value, place, what is wrong, rules), and everything else."""

    case: Mapping[str, Any]
    asked: tuple[tuple[str, str, str, str], ...]
    groups: tuple[PlaceGroup, ...]

    @property
    def found(self) -> list[tuple[str, str, str]]:
        """Value, name and reason of what the findings ask for."""
        return [(value, label, reason) for value, label, reason, _rules in self.asked]

    @property
    def rest(self) -> list[tuple[str, str]]:
        """Value and name of everything else."""
        return [(place.value, place.name) for group in self.groups for place in group.places]

    @property
    def labels(self) -> dict[str, str]:
        """Names by value."""
        return {value: label for value, label, _reason in self.found} | dict(self.rest)


def correction_marks(application: Application, standing: Standing, case: Mapping[str, Any]) -> CorrectionMarks:
    """Everything that can be asked for: first what the findings ask for, each with place, rules and what is wrong."""
    definition = definition_of(application.call.definition)
    typed = case_from_json(definition, case)
    attached = {(document.key, document.row) for document in typed.documents}
    missing = [place for place in required_documents(definition, typed) if place not in attached]
    wanting = [*missing, *(place for place in _unsound(definition, standing.held) if place not in missing)]
    view = CaseView(definition, typed)
    found = tuple(
        (_value(item), _words(definition, view, item), item.reason, "、".join(item.rules))
        for item in correction_items(definition, standing.held, wanting)
    )
    return CorrectionMarks(case, found, _groups(definition, typed, without={value for value, *_rest in found}))


def _unsound(definition: Definition, findings: Iterable[Any]) -> list[tuple[str, str | None]]:
    """Documents that a check could not open, or that have too many pages."""
    rows = (
        row for finding in findings for used in finding.evidence if used["root"] == "files" for row in used["record"]
    )
    limits = {slot.key: slot.max_pages for slot in definition.documents}
    return list(
        dict.fromkeys(
            (row["document"], row["row"])
            for row in rows
            if row["sound"] is False or int(row["pages"] or 0) > (limits[row["document"]] or int(row["pages"] or 0))
        )
    )


def _groups(definition: Definition, case: Case, *, without: Collection[str]) -> tuple[PlaceGroup, ...]:
    """Questions, whole tables and rows by section, then the papers, but for what the findings ask for."""
    groups = [
        PlaceGroup(section.title, tuple(_places_of(definition, section)))
        for section in read_sections(definition, case, with_private=True)
    ]
    papers = _paper_places(definition, CaseView(definition, case), case)
    groups.append(PlaceGroup(str(_("申报材料")), tuple(papers)))
    left = (
        PlaceGroup(group.title, tuple(place for place in group.places if place.value not in without))
        for group in groups
    )
    return tuple(group for group in left if group.places)


def _places_of(definition: Definition, section: ReadSection) -> Iterable[Place]:
    for field in section.fields:
        if definition.field(field.path).kind in NOT_ASKED:
            continue
        if not field.is_table:
            yield Place(f"{field.path}||", field.label, field.text, _whole(section, field.label))
            continue
        all_rows = _("%(label)s（整张表，可增删行）", label=field.label)
        yield Place(f"{field.path}||", all_rows, "", _whole(section, all_rows))
        for number, row in enumerate(field.rows, 1):
            words = _("，").join([cell for cell in row.cells if cell][:TELLING_CELLS])
            label = _("%(label)s第 %(n)s 行", label=field.label, n=number)
            yield Place(f"{field.path}|{row.id}|", label, words, _whole(section, label))


def _whole(section: ReadSection, label: str) -> str:
    return label if label == section.title else f"{section.title} · {label}"


def _paper_places(definition: Definition, view: CaseView, case: Case) -> Iterable[Place]:
    names = {(document.key, document.row or ""): document.name for document in case.documents}
    for slot in definition.documents:
        if slot.phase is not Phase.APPLICATION:
            continue
        table = view[slot.rows_of] if slot.rows_of else None
        rows = [row.id for row in table.rows] if isinstance(table, Table) else [""]
        for row in rows:
            words = _words(definition, view, CorrectionItem(None, row or None, slot.key, ""))
            yield Place(f"|{row}|{slot.key}", words, names.get((slot.key, row), ""), words)


def _value(item: CorrectionItem) -> str:
    return "|".join((item.path or "", item.row or "", item.document or ""))


def _words(definition: Definition, view: CaseView, item: CorrectionItem) -> str:
    (asked,) = scope_of([item.to_json()]).items or ()
    return place_words(definition, view, asked)
