"""Which pasted column is which, what cells people write, and what taking a block in would do."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.applications.domain import Draft, StoredRow
from grants.applications.domain.cell_texts import cell_of_items, cell_text, filled_columns, items_of
from grants.applications.domain.columns import LEFT_OUT, MARK, MARK_HEAD, ROW_NAME, clean_targets, match_columns
from grants.applications.domain.importing import (
    WHOLE_ROW,
    ImportLine,
    cell_mark,
    plan_import,
    read_mark,
    row_mark,
)
from grants.programmes.domain import parse_definition
from tests.factories.programmes import shipped_text

SOMEBODY, NOW = UUID(int=1), datetime(2026, 3, 18, 4, tzinfo=UTC)
SBC, HLW = (parse_definition(shipped_text(code)) for code in ("sbc", "hlw"))
CONTRACTS, YEARS, SUPPORT = SBC.field("contracts"), SBC.field("org.years"), SBC.field("other_support")


def draft_with(rows, values=None):
    """A draft whose table of other support has these rows."""
    standing = tuple(StoredRow(row, place, 1) for place, row in enumerate(rows, 1))
    draft = Draft(SBC, {"year": 2026}, {}, {"other_support": standing})
    given = {("other_support." + path, row): value for (path, row), value in (values or {}).items()}
    return draft.with_values(given, by=SOMEBODY, at=NOW)


def line(row="", number=2, bases=None, **values):
    given = {f"other_support.{key}": value for key, value in values.items()}
    marks = {f"other_support.{key}": mark for key, mark in (bases or {}).items()}
    return ImportLine(number, row, f"rnew{number}", given, marks)


def mark_of(key, value):
    return cell_mark(SUPPORT.column(key), value)


class TestMatching:
    def test_by_heading_in_any_order_with_and_without_units(self):
        first = ("序号", "金额（万元）", " 主管部门", "*项目名称", "备注")

        found = match_columns([first, ("1", "5", "某委", "某项", "")], filled_columns(SUPPORT))

        assert found.has_heading
        assert found.targets == (LEFT_OUT, "amount", "department", "project", LEFT_OUT)

    def test_by_order_without_a_heading(self):
        found = match_columns([("某委", "某项", "2025", "5")], filled_columns(SUPPORT))

        assert not found.has_heading
        assert found.targets == ("department", "project", "year", "amount")

    def test_a_heading_in_another_unit_is_not_taken_for_the_column(self):
        found = match_columns([("主管部门", "金额（元）"), ("某委", "50000")], filled_columns(SUPPORT))

        assert found.targets == ("department", LEFT_OUT)
        assert found.other_units == {1: "元"}

    def test_a_label_with_brackets_of_its_own_is_matched(self):
        first = ("合同软件金额(不含税)", "合同软件金额（不含税）（元）", "合同编号")

        found = match_columns([first], filled_columns(CONTRACTS))

        assert found.targets == ("software", LEFT_OUT, "contract_no"), "the same column is matched once"

    def test_rows_that_are_fixed_are_found_by_their_names(self):
        columns = filled_columns(YEARS)
        names = ("2023", "2024", "2025")

        headed = match_columns([("年度", "营业收入")], columns, row_names=names, row_label="年度")
        bare = match_columns([("2023", "1", "2", "3")], columns, row_names=names, row_label="年度")

        assert headed.targets == (ROW_NAME, "revenue")
        assert bare.targets == (ROW_NAME, "revenue", "profit", "rd_spend")

    def test_the_marks_of_the_prepared_workbook_are_known_by_heading_and_by_number(self):
        columns = filled_columns(SUPPORT)

        by_heading = match_columns([(f"{MARK_HEAD}#abc", "主管部门"), ("r1|1", "某委")], columns)
        by_number = match_columns([("某委", "@1"), ("另一委", "@2")], columns)

        assert by_heading.targets == (MARK, "department")
        assert by_number.targets == ("department", MARK)

    def test_what_a_person_chose_is_brought_into_shape(self):
        columns = filled_columns(SUPPORT)

        assert clean_targets(["amount", "amount", "nothing", "@row"], columns, width=5, is_fixed=False) == (
            "amount",
            LEFT_OUT,
            LEFT_OUT,
            LEFT_OUT,
            LEFT_OUT,
        )


class TestPlanning:
    def test_lines_without_a_row_are_added_as_long_as_there_is_room(self):
        draft = draft_with([f"r{n}" for n in range(49)])

        plan = plan_import(draft, SUPPORT, [line(department="甲"), line(number=3, department="乙")])

        assert [one.number for one in plan.added] == [2]
        assert [one.number for one in plan.beyond] == [3]

    def test_a_line_sent_twice_is_known(self):
        plan = plan_import(draft_with(["rnew2"]), SUPPORT, [line(department="甲")], taken=["rnew2"])

        assert plan.is_empty
        assert len(plan.known) == 1

    @pytest.mark.parametrize(
        ("theirs", "mine", "changes", "clashes"),
        [
            ("原文", "原文", 0, 0),  # nobody changed it
            ("原文", "我改的", 1, 0),
            ("同事改的", "原文", 0, 0),  # theirs stays
            ("同事改的", "我改的", 0, 1),
            ("都改成这样", "都改成这样", 0, 0),
            ("原文", None, 1, 0),  # cleared
            ("同事改的", None, 0, 1),
        ],
    )
    def test_a_cell_is_changed_only_where_nobody_else_has_changed_it(self, theirs, mine, changes, clashes):
        draft = draft_with(["r1"], {("department", "r1"): theirs})
        given = line("r1", bases={"department": mark_of("department", "原文")}, department=mine)

        plan = plan_import(draft, SUPPORT, [given])

        assert (len(plan.changed), len(plan.clashes)) == (changes, clashes)

    def test_who_insists_has_their_way(self):
        draft = draft_with(["r1"], {("department", "r1"): "同事改的"})
        given = line("r1", bases={"department": mark_of("department", "原文")}, department="我改的")

        plan = plan_import(draft, SUPPORT, [given], insisted=[("r1", "other_support.department")])

        assert plan.changed == (("r1", "other_support.department", "我改的"),)

    def test_a_row_deleted_meanwhile_is_named_only_where_something_of_it_was_changed(self):
        bases = {"department": mark_of("department", "原文")}
        draft = draft_with([])

        changed = plan_import(draft, SUPPORT, [line("r1", bases=bases, department="我改的")])
        untouched = plan_import(draft, SUPPORT, [line("r1", bases=bases, department="原文")])
        insisted = plan_import(
            draft, SUPPORT, [line("r1", bases=bases, department="我改的")], insisted=[("r1", WHOLE_ROW)]
        )

        assert [clash.path for clash in changed.clashes] == [WHOLE_ROW]
        assert untouched.clashes == ()
        assert [one.new_id for one in insisted.added] == ["rnew2"]

    def test_a_table_that_is_replaced_is_all_room(self):
        draft = draft_with([f"r{n}" for n in range(50)])

        plan = plan_import(draft, SUPPORT, [line(department="甲")], replacing=True)

        assert len(plan.added) == 1

    def test_numbers_that_are_written_otherwise_are_the_same(self):
        percent = replace(SUPPORT.column("amount"), kind=HLW.field("partners").column("share").kind)

        assert cell_mark(percent, "12.50") == cell_mark(percent, "12.5") != cell_mark(percent, "12.51")


def test_marks_are_read_back():
    columns = filled_columns(SUPPORT)
    draft = draft_with(["r1"], {("department", "r1"): "某委", ("amount", "r1"): 100})
    mark = row_mark(draft, columns, "r1")

    assert read_mark(f"@7 {mark}", columns) == (
        7,
        "r1",
        {column.path: cell_mark(column, draft.value(column.path, "r1")) for column in columns},
    )
    assert read_mark("@9", columns) == (9, "", {})
    assert read_mark(mark, columns[:2]) == (None, "", {}), "another form's marks say nothing"
    assert read_mark("whatever it is", columns) == (None, "", {})


@given(st.lists(st.text(st.sampled_from("ab、；;，"), min_size=1, max_size=5), min_size=1, max_size=4))
def test_items_of_a_cell_come_back_as_they_were(items):
    given = [item.strip() for item in items if item.strip()]

    assert items_of(cell_of_items(given)) == given


@pytest.mark.parametrize(
    ("text", "items"),
    [("甲、乙；丙", ["甲", "乙", "丙"]), ("甲\n乙、丙\n", ["甲", "乙、丙"]), ("Foo, Inc.", ["Foo, Inc."])],
)
def test_several_items_in_one_cell(text, items):
    assert items_of(text) == items


@pytest.mark.parametrize(
    ("key", "stored", "text"),
    [("amount", 1_000_000, "1"), ("amount", 1, "0.000001"), ("year", 2025, "2025"), ("state", "执行中", "执行中")],
)
def test_a_stored_answer_as_one_would_type_it(key, stored, text):
    assert cell_text(SBC, SUPPORT.column(key), stored) == text
