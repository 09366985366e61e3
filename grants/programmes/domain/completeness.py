"""What is shown, what is worked out, and what is still missing or out of bounds in a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grants.kernel.rules import Row, Table, Unknown, Value
from grants.programmes.domain.bounds import fault_of
from grants.programmes.domain.case import Case, Gap
from grants.programmes.domain.kinds import FieldKind, Phase
from grants.programmes.domain.limits import value_of
from grants.programmes.domain.model import Definition, DocumentSlot, Field, Section
from grants.programmes.domain.view import HIDDEN, CaseView, is_shown

DOCUMENTS = "documents"
Place = tuple[str, str | None]  # path or key, and the row where there is one


def shown_fields(
    definition: Definition, case: Case, *, phase: Phase = Phase.APPLICATION
) -> set[tuple[str, str | None]]:
    """Path and row of everything that is asked in ``phase``; a column of a table once for every row of it."""
    view = CaseView(definition, case)
    shown: set[Place] = set()
    for _, field in _asked(view, phase):
        shown.add((field.path, None))
        for row in rows_of(view, field):
            shown.update((column.path, row.id) for column in field.columns if row.cells[column.key] != HIDDEN)
    return shown


def computed_answers(definition: Definition, case: Case) -> dict[Place, Value]:
    """Value of every computed field and column, by path and row; unknown where something is missing."""
    view = CaseView(definition, case)
    found: dict[Place, Value] = {}
    for _, field in _asked(view, None):
        if field.kind is FieldKind.COMPUTED:
            found[field.path, None] = view[field.path]
        computed = [column for column in field.columns if column.kind is FieldKind.COMPUTED]
        for row in rows_of(view, field) if computed else ():
            found.update({(column.path, row.id): row.cells[column.key] for column in computed})
    return found


def missing_answers(definition: Definition, case: Case, *, phase: Phase = Phase.APPLICATION) -> tuple[Gap, ...]:
    """Everything that keeps the case from being submitted, in the order of the form, documents last.

    Answers that are required and missing or out of their bounds, tables with too few or too many rows, documents that
    are due. Eligibility is not judged here.
    """
    view = CaseView(definition, case)
    answers = [gap for section, field in _asked(view, phase) for gap in _field_gaps(view, section, field)]
    return (*answers, *_document_gaps(view, phase))


def required_slots(view: CaseView, phase: Phase = Phase.APPLICATION) -> list[Place]:
    """Key and row of every document that is due, in the order of the definition."""
    return [
        (slot.key, row) for slot in view.definition.documents if slot.phase is phase for row in _due_rows(view, slot)
    ]


def required_documents(definition: Definition, case: Case) -> list[Place]:
    """Key and row of every document that this case has to attach."""
    return required_slots(CaseView(definition, case))


def rows_of(view: CaseView, field: Field) -> tuple[Row, ...]:
    """Rows of a table as the rules see them; none for other kinds and hidden tables."""
    table = view[field.path] if field.kind is FieldKind.TABLE else None
    return table.rows if isinstance(table, Table) else ()


def _asked(view: CaseView, phase: Phase | None) -> Iterator[tuple[Section, Field]]:
    for section in view.definition.sections:
        if not is_shown(section.shown_if, view):
            continue
        for field in section.fields:
            if (phase is None or field.phase is phase) and is_shown(field.shown_if, view):
                yield section, field


def _field_gaps(view: CaseView, section: Section, field: Field) -> Iterator[Gap]:
    if field.kind is FieldKind.TABLE:
        yield from _table_gaps(view, section, field)
    elif field.kind is not FieldKind.COMPUTED:
        yield from _answer_gaps(view, section, field, field.label, view, view[field.path], None)


def _answer_gaps(
    view: CaseView,
    section: Section,
    field: Field,
    label: str,
    names: Mapping[str, Value],
    value: Value,
    row: str | None,
) -> Iterator[Gap]:
    if value == HIDDEN:
        return
    if isinstance(value, Unknown) or (field.kind is FieldKind.UNDERTAKING and value is False):
        if _required(field, names):
            verb = "请勾选确认" if field.kind is FieldKind.UNDERTAKING else "请填写"
            yield Gap(section.key, field.path, row, label, "answer", f"{verb}“{field.label}”")
        return
    message = fault_of(view.definition, field, value)
    if not message and field.ensure is not None and value_of(field.ensure, names) is False:
        message = field.ensure_message
    if message:
        yield Gap(section.key, field.path, row, label, "answer", message)


def _required(field: Field, names: Mapping[str, Value]) -> bool:
    return field.required or (field.required_if is not None and value_of(field.required_if, names) is True)


def _table_gaps(view: CaseView, section: Section, field: Field) -> Iterator[Gap]:
    rows = rows_of(view, field)
    count = len(rows)
    least = max(field.min_rows or 0, 1 if _required(field, view) else 0)
    if field.fixed_rows is None and not field.rows_of and count < least:
        message = f"“{field.label}”至少填写 {least} 行，现有 {count} 行"
        yield Gap(section.key, field.path, None, field.label, "rows", message)
    if field.max_rows is not None and count > field.max_rows:
        message = f"“{field.label}”至多填写 {field.max_rows} 行，现有 {count} 行"
        yield Gap(section.key, field.path, None, field.label, "rows", message)
    for number, row in enumerate(rows, 1):
        names = view.row(row)
        for column in field.columns:
            if column.kind is not FieldKind.COMPUTED and not _is_fixed(field, column):
                label = f"{field.label}（{_row_name(field, row, number)}）·{column.label}"
                yield from _answer_gaps(view, section, column, label, names, row.cells[column.key], row.id)


def _is_fixed(field: Field, column: Field) -> bool:
    return field.fixed_rows is not None and field.fixed_rows.column == column.key


def _row_name(field: Field, row: Row, number: int) -> str:
    return row.id if field.fixed_rows is not None else f"第 {number} 行"


def _due_rows(view: CaseView, slot: DocumentSlot) -> Iterator[str | None]:
    if not slot.required and slot.required_if is None:
        return
    if not slot.rows_of:
        if slot.required or view.holds(slot.required_if, default=False):
            yield None
        return
    table = view[slot.rows_of]
    for row in table.rows if isinstance(table, Table) else ():
        names = view.row(row)
        if slot.required or (slot.required_if is not None and value_of(slot.required_if, names) is True):
            yield row.id


def _document_gaps(view: CaseView, phase: Phase) -> Iterator[Gap]:
    for key, row in required_slots(view, phase):
        if (key, row) not in view.attached:
            slot = view.definition.document(key)
            where = _document_row(view, slot, row)
            yield Gap(DOCUMENTS, key, row, f"{slot.label}{where}", "document", f"请上传“{slot.label}”{where}")
    for (key, row), files in view.attached.items():
        slot = view.definition.document(key)
        if len(files) > slot.max_files:
            where = _document_row(view, slot, row)
            message = f"“{slot.label}”{where}至多 {slot.max_files} 个文件，现有 {len(files)} 个"
            yield Gap(DOCUMENTS, key, row, f"{slot.label}{where}", "document", message)


def _document_row(view: CaseView, slot: DocumentSlot, row: str | None) -> str:
    if row is None:
        return ""
    ids = [found.id for found in rows_of(view, view.definition.field(slot.rows_of))]
    return f"（{view.definition.field(slot.rows_of).label}第 {ids.index(row) + 1} 行）" if row in ids else ""
