"""The questions of the public pre-check: the part of the form that a definition marks for it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from grants.programmes.domain.kinds import FieldKind, Phase
from grants.programmes.domain.model import Definition, Field, Section

UNASKED = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})


@lru_cache(maxsize=64)
def precheck_sections(definition: Definition) -> tuple[Section, ...]:
    """The sections with the marked fields only, those without any left out.

    A table is asked where it is marked or one of its columns is: with its marked columns, with all where none is. What
    is worked out and what is undertaken is never asked, nor what belongs to a later phase.
    """
    found = []
    for section in definition.sections:
        fields = tuple(asked for field in section.fields if (asked := _asked(field)) is not None)
        if fields and section.phase is Phase.APPLICATION:
            found.append(replace(section, fields=fields))
    return tuple(found)


@lru_cache(maxsize=64)
def precheck_paths(definition: Definition) -> frozenset[str]:
    """Paths of the fields, tables and columns that the pre-check asks; names of fixed rows are told by themselves."""
    fields = [field for section in precheck_sections(definition) for field in section.fields]
    return frozenset(field.path for field in fields) | frozenset(
        column.path for field in fields for column in (*field.columns, *_row_names(definition, field))
    )


def _asked(field: Field) -> Field | None:
    if field.phase is not Phase.APPLICATION or field.kind in UNASKED or field.rows_of:
        return None
    marked = tuple(column for column in field.columns if column.precheck)
    if field.kind is not FieldKind.TABLE:
        return field if field.precheck else None
    if not field.precheck and not marked:
        return None
    columns = tuple(column for column in marked or field.columns if column.kind not in UNASKED)
    named = field.fixed_rows.column if field.fixed_rows is not None else ""
    return replace(field, columns=tuple(column for column in columns if column.key != named))


def _row_names(definition: Definition, field: Field) -> tuple[Field, ...]:
    if field.fixed_rows is None:
        return ()
    whole = definition.field(field.path)
    return (whole.column(field.fixed_rows.column),)
