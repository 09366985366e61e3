"""A case as a mapping from names to values, each worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial

from grants.kernel.rules import Cause, Expression, Row, Table, Unknown, Value
from grants.programmes.domain.answers import MISSING
from grants.programmes.domain.case import AttachedDocument, Case, EvidenceRecord
from grants.programmes.domain.computations import COMPUTATIONS
from grants.programmes.domain.entitlement import entitled
from grants.programmes.domain.kinds import FieldKind
from grants.programmes.domain.limits import value_of
from grants.programmes.domain.model import Definition, DocumentSlot, Field, NamedComputation, Section
from grants.programmes.domain.names import EVIDENCE, ORG

HIDDEN = Unknown(Cause.HIDDEN)
NO_DOCUMENT = Unknown(Cause.DOCUMENT)
NO_EVIDENCE = Unknown(Cause.EVIDENCE)
NOT_YET = Unknown(Cause.NOT_YET)

Resolver = Callable[["CaseView"], Value]


class CaseView(dict[str, Value]):
    """The names of one case. Hand it to ``Expression.evaluate``; it holds what it has worked out."""

    no_document: Unknown = NO_DOCUMENT

    def __init__(self, definition: Definition, case: Case) -> None:
        super().__init__()
        self.definition = definition
        self.case = case
        self.attached: dict[tuple[str, str | None], list[AttachedDocument]] = {}
        for document in case.documents:
            self.attached.setdefault((document.key, document.row), []).append(document)

    def __missing__(self, name: str) -> Value:
        value = resolvers(self.definition)[name](self)
        self[name] = value
        return value

    def holds(self, condition: Expression | None, *, default: bool) -> bool:
        """Whether a condition is true; ``default`` where there is none or it is unknown."""
        if condition is None:
            return default
        value = value_of(condition, self)
        return default if isinstance(value, Unknown) else value is True

    def answer(self, field: Field, stored: Value | None) -> Value:
        """What an answer or cell reads as; ``None`` where the case has none. A missing undertaking is false."""
        if stored is not None:
            return stored
        return False if field.kind is FieldKind.UNDERTAKING else MISSING

    def table(self, field: Field, rows: tuple[Row, ...]) -> Value:
        """What a table of these complete rows reads as; one that needs rows and has none is missing."""
        return MISSING if not rows and least_rows(field) else Table(field.path, rows)

    def row(self, row: Row) -> RowView:
        """The names inside one row."""
        return RowView(self, row.cells)


class RowView(dict[str, Value]):
    """The names inside one row: its cells first, the case behind them."""

    def __init__(self, case: CaseView, cells: Mapping[str, Value]) -> None:
        super().__init__(cells)
        self.case = case

    def __missing__(self, name: str) -> Value:
        return self.case[name]


class _BuildingRow(RowView):
    """A row whose conditional and computed cells are worked out when first asked for."""

    def __init__(self, case: CaseView, stored: Mapping[str, Value], columns: Mapping[str, Field]) -> None:
        super().__init__(case, stored)
        self._columns = columns

    def __missing__(self, name: str) -> Value:
        column = self._columns.get(name)
        if column is None:
            return self.case[name]
        value = HIDDEN if not is_shown(column.shown_if, self) else self._own(column)
        self[name] = value
        return value

    def _own(self, column: Field) -> Value:
        if isinstance(column.compute, NamedComputation):
            return compute_named(column.compute, self)
        if column.compute is not None:
            return value_of(column.compute, self)
        return self.get(f"={column.key}", MISSING)


def is_shown(condition: Expression | None, names: Mapping[str, Value]) -> bool:
    """Unknown counts as shown, unless it is unknown only for resting on something hidden."""
    if condition is None:
        return True
    value = value_of(condition, names)
    return value != HIDDEN if isinstance(value, Unknown) else value is True


def compute_named(computation: NamedComputation, names: Mapping[str, Value]) -> Value:
    """The result of a named computation over these names."""
    arguments = {key: value_of(expression, names) for key, expression in computation.arguments.items()}
    return COMPUTATIONS[computation.name].apply(arguments)


def fixed_row_ids(field: Field, call_year: int) -> tuple[str, ...]:
    """Row ids of a table with fixed rows: the years before the call's, ascending, or the labels."""
    fixed = field.fixed_rows
    if fixed is None:
        return ()
    if fixed.labels:
        return fixed.labels
    return tuple(str(year) for year in range(call_year - fixed.last_years, call_year))


@lru_cache(maxsize=64)
def resolvers(definition: Definition) -> Mapping[str, Resolver]:
    """How each name of the definition is worked out."""
    found = _general_resolvers()
    for parameter in definition.parameters:
        found[parameter.key] = _parameter(parameter.key)
    for value in definition.values:
        found[value.key] = partial(value_of, value.expression)
    for slot in definition.documents:
        if not slot.rows_of:
            found[f"documents.{slot.key}"] = _document(slot)
    for section in definition.sections:
        for field in section.fields:
            found[field.path] = _field(definition, section, field)
    return found


def _general_resolvers() -> dict[str, Resolver]:
    found: dict[str, Resolver] = {
        "call.year": lambda view: Decimal(view.case.call.year),
        "call.ref": lambda view: view.case.call.ref,
        "call.funds": lambda view: view.case.call.funds,
        "call.asof": lambda view: view.case.call.asof,
        "call.opens_at": lambda view: view.case.call.opens_at,
        "call.effective_close": lambda view: view.case.call.effective_close,
        "submitted_at": lambda view: view.case.submitted_at or NOT_YET,
        "district.recommended": _district,
        "funding.entitled": _entitled,
    }
    for root, shape in EVIDENCE.items():
        if shape.single:
            found.update({f"{root}.{column}": _recorded(root, column) for column in shape.columns})
        else:
            found[root] = _rows(root)
    return found


def _district(view: CaseView) -> Value:
    recommended = view.case.district_recommended
    return NOT_YET if recommended is None else recommended


def _entitled(view: CaseView) -> Value:
    return entitled(view.definition, view).amount


def _parameter(key: str) -> Resolver:
    def resolve(view: CaseView) -> Value:
        return view.case.call.parameters.get(key, MISSING)

    return resolve


def _document(slot: DocumentSlot) -> Resolver:
    return lambda view: True if (slot.key, None) in view.attached else view.no_document


def evidence_of(case: Case, root: str) -> EvidenceRecord | None:
    """The record of a register, ``None`` where it was not or could not be read."""
    return case.evidence.get(root)


def _recorded(root: str, column: str) -> Resolver:
    def resolve(view: CaseView) -> Value:
        record = evidence_of(view.case, root)
        return record.table.rows[0].cells[column] if record is not None and record.table.rows else NO_EVIDENCE

    return resolve


def _rows(root: str) -> Resolver:
    def resolve(view: CaseView) -> Value:
        record = evidence_of(view.case, root)
        return record.table if record is not None else NO_EVIDENCE

    return resolve


def _field(definition: Definition, section: Section, field: Field) -> Resolver:
    read = (
        _table_reader(definition, section, field) if field.kind is FieldKind.TABLE else _scalar_reader(section, field)
    )
    if section.shown_if is None and field.shown_if is None:
        return read

    def resolve(view: CaseView) -> Value:
        return read(view) if is_shown(section.shown_if, view) and is_shown(field.shown_if, view) else HIDDEN

    return resolve


def stored_of(view: CaseView, section: Section, field: Field) -> Value:
    """The answer as the case carries it, shown or not; a missing undertaking is false."""
    answers = view.case.org if section.key == ORG else view.case.answers
    return view.answer(field, answers.get(field.key))


def least_rows(field: Field) -> int:
    """How many rows a table must have."""
    return max(field.min_rows or 0, int(field.required))


def _scalar_reader(section: Section, field: Field) -> Resolver:
    compute = field.compute
    if isinstance(compute, NamedComputation):
        return lambda view: compute_named(compute, view)
    if compute is not None:
        return partial(value_of, compute)
    return lambda view: stored_of(view, section, field)


def _table_reader(definition: Definition, section: Section, field: Field) -> Resolver:
    slots = [slot for slot in definition.documents if slot.rows_of == field.path]
    worked_out = {
        column.key: column for column in field.columns if column.shown_if is not None or column.compute is not None
    }

    def resolve(view: CaseView) -> Value:
        stored = stored_of(view, section, field)
        rows = _aligned(view, field, stored.rows if isinstance(stored, Table) else ())
        return view.table(field, tuple(_complete(view, field, worked_out, slots, row) for row in rows))

    return resolve


def _aligned(view: CaseView, field: Field, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows of a dependent or fixed table in their proper order, with empty rows where nothing was answered."""
    if field.rows_of:
        parent = view[field.rows_of]
        ids = tuple(row.id for row in parent.rows) if isinstance(parent, Table) else ()
    elif field.fixed_rows is not None:
        ids = fixed_row_ids(field, view.case.call.year)
    else:
        return rows
    given = {row.id: row.cells for row in rows}
    return tuple(Row(row_id, {**given.get(row_id, {}), **_fixed_cell(field, row_id)}) for row_id in ids)


def _fixed_cell(field: Field, row_id: str) -> dict[str, Value]:
    if field.fixed_rows is None:
        return {}
    return {field.fixed_rows.column: Decimal(row_id) if field.fixed_rows.last_years else row_id}


def _complete(
    view: CaseView, field: Field, worked_out: Mapping[str, Field], slots: list[DocumentSlot], row: Row
) -> Row:
    documents: dict[str, Value] = {
        f"documents.{slot.key}": True if (slot.key, row.id) in view.attached else view.no_document for slot in slots
    }
    plain = {column.key: view.answer(column, row.cells.get(column.key)) for column in field.columns}
    if not worked_out:
        return Row(row.id, {**plain, **documents})
    start = {key: cell for key, cell in plain.items() if key not in worked_out}
    kept = {f"={key}": plain[key] for key in worked_out}
    building = _BuildingRow(view, {**start, **documents, **kept}, worked_out)
    return Row(row.id, {**{column.key: building[column.key] for column in field.columns}, **documents})
