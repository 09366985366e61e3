"""What a page may ask, and the names of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grants.programmes.domain import Definition, Field, FieldKind, Phase, fixed_row_ids

NOT_TYPED = frozenset({FieldKind.TABLE, FieldKind.COMPUTED, FieldKind.UNDERTAKING})
GROUPED = frozenset({FieldKind.YES_NO, FieldKind.CHOICES})
FEW_CHOICES = 6  # shown as radio buttons


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer on a page: the name of its input, its field, its row (empty for none)."""

    name: str
    field: Field
    row: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.field.path, self.row


def input_name(path: str, row: str = "") -> str:
    """The name of an answer's input from its path and row; the prefix keeps it apart from WTForms' own attributes."""
    return f"a-{path.replace('.', '-')}" + (f"--{row.replace('.', '-')}" if row else "")


def anchor_of(field: Field, row: str = "") -> str:
    """The id of an answer's first input; must agree with the macro ``field``."""
    name = input_name(field.path, row)
    if field.kind is FieldKind.DATE:
        return f"{name}-y"
    few = field.kind is FieldKind.CHOICE and len(field.choices) <= FEW_CHOICES
    return f"{name}-0" if few or field.kind in GROUPED else name


def table_id(path: str) -> str:
    """The id of a table on its page."""
    return f"table-{path.replace('.', '-')}"


def asked_in(fields: Sequence[Field], row: str = "") -> tuple[Asked, ...]:
    """What may be asked of these fields or columns, whatever is shown at the moment."""
    return tuple(
        Asked(input_name(field.path, row), field, row)
        for field in fields
        if field.kind not in NOT_TYPED and field.phase is Phase.APPLICATION
    )


def find_asked(definition: Definition, names: Iterable[str], call_year: int) -> tuple[Asked, ...]:
    """What these names of inputs ask, in their order; names that no page of the definition can have are left out.

    Whether a row that people add is there is the service's question.
    """
    known = {input_name(one.field.path): one.field for one in asked_in(tuple(definition.fields_by_path.values()))}
    found = []
    for name in names:
        head, _, row = name.partition("--")
        field = known.get(head)
        if field is not None and (place := _row_of(definition, field, row, call_year)) is not None:
            found.append(Asked(name, field, place))
    return tuple(found)


def _row_of(definition: Definition, field: Field, named: str, call_year: int) -> str | None:
    """The row that an input of this field names; None where the field is not asked so."""
    if field.path in definition.section_of:
        return None if named else ""
    table = definition.field(field.path.rpartition(".")[0])
    if table.fixed_rows is None:
        return named or None
    if field.key == table.fixed_rows.column:
        return None
    return next((row for row in fixed_row_ids(table, call_year) if row.replace(".", "-") == named), None)
