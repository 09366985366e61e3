"""The difference between two versions as both sides read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from grants.applications.domain import Differences, FieldChange, FileChange, Kept, Piece, RowChange, Turn, ValueChange
from grants.programmes.domain import AttachedDocument, Definition, FieldKind
from grants.programmes.domain.reading import words_of

WRITTEN = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})  # told word by word; the others whole
FileUrl = Callable[[AttachedDocument, bool], str]  # a file, and whether it is the new version's


@dataclass(frozen=True, slots=True)
class ShownValue:
    """An answer before and after; ``pieces`` where both are texts with something in common; ``delta`` in words."""

    label: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    delta: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its name, what became of it (kind and words of a badge), and its cells."""

    title: str
    turn: str
    words: str
    cells: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A question that changed: ``value``, or ``rows``."""

    label: str
    value: ShownValue | None
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class ShownSectionChange:
    """A section that changed."""

    key: str
    title: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A slot whose files changed: (name, address, fingerprint) of what went and what came."""

    title: str
    turn: str
    words: str
    gone: tuple[tuple[str, str, str], ...]
    came: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownChanges:
    """Everything that changed between two versions. ``unchanged``: how many files kept their fingerprint."""

    old_title: str
    new_title: str
    count: int
    sections: tuple[ShownSectionChange, ...]
    files: tuple[ShownFile, ...]
    unchanged: int


def shown_changes(
    definition: Definition, found: Differences, *, titles: tuple[str, str], file_url: FileUrl
) -> ShownChanges:
    """A difference in words; ``titles`` of the old and the new version."""
    return ShownChanges(
        *titles,
        found.count,
        tuple(
            ShownSectionChange(
                section.key, section.title, tuple(_shown_field(definition, field) for field in section.fields)
            )
            for section in found.sections
        ),
        tuple(_shown_file(definition, file, file_url) for file in found.changed_files),
        sum(len(file.unchanged) for file in found.files),
    )


def _shown_field(definition: Definition, field: FieldChange) -> ShownField:
    value = _shown_value(definition, field.value) if field.value is not None else None
    return ShownField(field.label, value, tuple(_shown_row(definition, field.path, row) for row in field.rows))


def _shown_value(definition: Definition, change: ValueChange) -> ShownValue:
    written = definition.field(change.path).kind in WRITTEN
    shared = any(piece.kept is Kept.SAME for piece in change.pieces)
    pieces = change.pieces if written and shared else ()
    return ShownValue(change.label, change.old, change.new, pieces, _delta_words(definition, change.path, change.delta))


def _delta_words(definition: Definition, path: str, delta: Decimal | None) -> str:
    if not delta:
        return ""
    amount = words_of(definition, definition.field(path), abs(delta))
    return str(_("增加 %(amount)s", amount=amount) if delta > 0 else _("减少 %(amount)s", amount=amount))


def _shown_row(definition: Definition, table: str, row: RowChange) -> ShownRow:
    name = definition.field(table).row_label or str(_("第"))
    place = row.new_place or row.old_place
    fixed = definition.field(table).fixed_rows is not None
    return ShownRow(
        f"{name} {row.id if fixed else place}",
        str(row.turn),
        _row_words(row),
        tuple(_shown_value(definition, cell) for cell in row.cells),
    )


def _row_words(row: RowChange) -> str:
    moved = str(_("由第 %(old)s 行移到第 %(new)s 行", old=row.old_place, new=row.new_place)) if row.moved else ""
    if row.turn is Turn.MOVED:
        return moved
    words = {Turn.ADDED: _("新增"), Turn.REMOVED: _("删除"), Turn.CHANGED: _("修改")}[row.turn]
    return str(_("%(words)s，%(moved)s", words=words, moved=moved)) if moved else str(words)


def _shown_file(definition: Definition, file: FileChange, file_url: FileUrl) -> ShownFile:
    words = {Turn.ADDED: _("新增"), Turn.REMOVED: _("删除"), Turn.CHANGED: _("替换")}
    slot = definition.document(file.key)
    turn = file.turn or Turn.CHANGED

    def lines(files: Sequence[AttachedDocument], new: bool) -> tuple[tuple[str, str, str], ...]:
        return tuple((found.name, file_url(found, new), found.sha256) for found in files)

    return ShownFile(slot.label, str(turn), str(words[turn]), lines(file.gone, False), lines(file.came, True))
