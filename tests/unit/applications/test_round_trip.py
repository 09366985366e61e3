"""Whatever stands in a table: downloaded as a workbook, or copied as text, and taken in again, nothing changes."""

import io
import string
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from grants.applications.domain import Draft, StoredRow
from grants.applications.domain.blocks import read_block, write_block
from grants.applications.domain.cell_texts import cell_text, filled_columns, options_of
from grants.applications.domain.columns import head_of, match_columns
from grants.applications.domain.importing import plan_import
from grants.applications.forms import read_lines
from grants.applications.presenters import workbook_bytes
from grants.programmes.domain import FieldKind, parse_definition
from grants.sandbox.cells import text_of
from tests.factories.programmes import shipped_text

SOMEBODY, NOW = UUID(int=1), datetime(2026, 3, 18, 4, tzinfo=UTC)
DEFINITIONS = {code: parse_definition(shipped_text(code)) for code in ("sbc", "hlw")}
TABLES = [("sbc", "contracts"), ("sbc", "copyrights"), ("sbc", "org.years"), ("hlw", "partners"), ("hlw", "milestones")]
LETTERS = string.ascii_letters + string.digits + "汉字、；;，\"'=+-@#%()（） "
TEXTS = st.text(LETTERS, min_size=1, max_size=15).map(str.strip).filter(bool)
EXACT = st.decimals(0, 100, places=2).map(lambda number: f"{number:f}")


@pytest.fixture(scope="module")
def edge():
    app = Flask("round_trip")
    app.config.update(SECRET_KEY="for this test", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


def values_of(definition, column):
    """Any value that the column may hold, or none."""
    made = {
        FieldKind.INTEGER: st.integers(2000, 2100),
        FieldKind.DECIMAL: EXACT,
        FieldKind.PERCENT: EXACT,
        FieldKind.MONEY: st.integers(0, 10**15),
        FieldKind.DATE: st.dates(datetime(1900, 1, 1).date(), datetime(2199, 12, 31).date()).map(str),  # noqa: DTZ001
        FieldKind.YES_NO: st.booleans(),
        FieldKind.LIST: st.lists(TEXTS, min_size=1, max_size=3),
        FieldKind.USCC: st.just("91310115MA1K00015K"),
        FieldKind.CHOICE: st.sampled_from([code for code, _ in options_of(definition, column)] or [""]),
    }
    return st.none() | made.get(column.kind, TEXTS)


@st.composite
def drafts(draw):
    """A draft with some rows of one table, filled in anyhow."""
    code, path = draw(st.sampled_from(TABLES))
    definition = DEFINITIONS[code]
    table = definition.field(path)
    rows = [f"r{number}" for number in range(draw(st.integers(1, 3)))]
    standing = {path: tuple(StoredRow(row, place, 1) for place, row in enumerate(rows))}
    draft = Draft(definition, {"year": 2026}, {}, standing)
    values = {
        (column.path, row): draw(values_of(definition, column))
        for row in draft.row_ids(table)
        for column in filled_columns(table)
    }
    return draft.with_values(values, by=SOMEBODY, at=NOW), table


@given(drafts())
def test_a_workbook_that_comes_back_changes_nothing(edge, given):
    draft, table = given
    content = workbook_bytes(draft, table, filled_columns(table), application="示例")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    lines = [[text_of(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]

    assert changes_of(draft, table, lines, marks_hold=True) == ([], ())


@given(drafts())
def test_cells_copied_and_pasted_say_the_same(edge, given):
    draft, table = given
    columns = filled_columns(table)
    rows = draft.row_ids(table)
    lines = [
        [head_of(column) for column in columns],
        *([cell_text(draft.definition, column, draft.value(column.path, row)) for column in columns] for row in rows),
    ]
    block = read_block(write_block(lines))
    matching = match_columns(block, columns)
    read = read_lines(draft, table, block, matching, batch="b", bases={}, marks_hold=False)

    pasted = [one.line.values for one in read if one.line is not None]
    stood = [{column.path: draft.value(column.path, row) for column in columns} for row in rows]
    filled = [values for values in stood if any(value is not None for value in values.values())]
    assert [fault.message for one in read for fault in one.faults] == []
    assert len(pasted) == len(filled)
    for values, expected in zip(pasted, filled, strict=True):
        assert {path: same(value) for path, value in values.items()} == {
            path: same(value) for path, value in expected.items() if path in values
        }


def changes_of(draft, table, lines, *, marks_hold):
    """What cannot be read, and what taking the lines in would do."""
    columns = filled_columns(table)
    block = read_block(write_block(lines))
    matching = match_columns(block, columns)
    read = read_lines(draft, table, block, matching, batch="b", bases={}, marks_hold=marks_hold)
    plan = plan_import(draft, table, [one.line for one in read if one.line is not None])
    faults = [fault.message for one in read for fault in one.faults]
    return faults, plan.added + plan.changed + plan.clashes


def same(value):
    """A number the same however it is written."""
    if isinstance(value, str) and value.replace(".", "").isdigit() and "." in value:
        return value.rstrip("0").rstrip(".")
    return value
