"""What of an earlier application fits a new definition, and why the rest does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from grants.applications.domain import Left, carry_over
from grants.applications.domain.drafts import AttachedFile, Draft, StoredAnswer, StoredRow
from grants.documents.states import ScanState
from grants.programmes.domain import parse_definition
from tests.unit.programmes.casebook import shipped, shipped_text

AT = datetime(2026, 3, 18, 4, tzinfo=UTC)
SOMEBODY = UUID(int=1)
VALUES = {
    ("product_name", ""): "示例质量管控软件",
    ("category", ""): "工业",
    ("release_date", ""): "2025-11-01",
    ("commit_true", ""): True,
    ("org.name", ""): "示例软件有限公司",
    ("org.years.revenue", "2025"): 500_000_00,
    ("contracts.contract_no", "r1"): "HT-1",
    ("contracts.contract_no", "r2"): "HT-2",
    ("contracts.contract_no", "gone"): "HT-0",
}


def file_in(slot, row="", *, name="一.pdf", kind="application/pdf", size=1_000, pages=3, scan=ScanState.CLEAN):
    return AttachedFile(
        UUID(int=hash((slot, row, name)) % 2**64), slot, row, name, kind, size, pages, "a" * 64, AT, scan
    )


def draft(*files, values=VALUES):
    return Draft(
        definition=shipped("sbc"),
        call={"year": "2026", "ref": "SBC-2026-01"},
        answers={place: StoredAnswer(value, 1, SOMEBODY, AT) for place, value in values.items()},
        rows={"contracts": (StoredRow("r1", 1, 1), StoredRow("r2", 2, 1))},
        files=files,
    )


def target(*edits):
    text = shipped_text("sbc")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_definition(text)


def carried(*files, edits=(), year=2026):
    return carry_over(draft(*files), target(*edits), call_year=year)


def reasons(found):
    return {one.label: one.reason for one in found.left}


def test_the_same_definition_takes_everything_but_undertakings_and_the_name():
    found = carried(file_in("a5"), file_in("a6", "r2"))

    assert set(found.values) == set(VALUES) - {
        ("commit_true", ""),
        ("org.name", ""),
        ("contracts.contract_no", "gone"),
    }
    assert found.rows["contracts"] == ("r1", "r2")
    assert [(file.slot, file.row) for file in found.files] == [("a5", ""), ("a6", "r2")]
    assert found.left == ()


def test_a_choice_that_is_no_longer_offered_stays_behind_with_the_sentence():
    found = carried(edits=[("choices: [核心, 基础, 工业, 行业应用", "choices: [核心, 基础, 行业应用")])

    (left,) = found.left
    assert (left.label, left.reason) == ("产品类别", Left.OUT_OF_BOUNDS)
    assert "产品类别" in left.detail


def test_a_date_outside_stays_behind():
    edit = ("label: 首次发布日期, kind: date,", "label: 首次发布日期, kind: date, not_before: 2026-01-01,")

    assert reasons(carried(edits=[edit])) == {"首次发布日期": Left.OUT_OF_BOUNDS}


def test_a_text_that_has_become_too_long_is_carried_for_the_form_to_complain_of():
    edit = re.search(r"key: product_name, label: 产品名称, kind: text[^}]*max_length: \d+", shipped_text("sbc"))
    shorter = (edit[0], re.sub(r"max_length: \d+", "max_length: 4", edit[0]))

    assert carried(edits=[shorter]).values["product_name", ""] == "示例质量管控软件"


def test_a_field_of_another_kind_stays_behind():
    edit = ("label: 首次发布日期, kind: date,", "label: 首次发布日期, kind: text,")

    assert reasons(carried(edits=[edit])) == {"首次发布日期": Left.KIND_DIFFERS}


def test_years_that_the_new_call_does_not_ask_for_stay_behind_as_a_row():
    found = carried(year=2030)

    assert reasons(found)["近三年经营情况 2025"] is Left.ROW_GONE
    assert ("org.years.revenue", "2025") not in found.values


def test_rows_beyond_the_new_limit_stay_behind_with_their_files():
    text = shipped_text("sbc")
    place = text.index("max_rows: 10\n", text.index("- key: contracts"))
    shorter = parse_definition(text[:place] + "max_rows: 1 \n" + text[place + len("max_rows: 10\n") :])

    found = carry_over(draft(file_in("a6", "r2")), shorter, call_year=2026)

    assert found.rows["contracts"] == ("r1",)
    assert reasons(found)["首批销售合同 第 2 行"] is Left.TABLE_FULL
    assert reasons(found)["销售合同：一.pdf"] is Left.ROW_GONE
    assert ("contracts.contract_no", "r2") not in found.values


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (file_in("a5", kind="image/png"), Left.TYPE_DIFFERS),
        (file_in("a5", size=21 * 1024 * 1024), Left.TOO_LARGE),
        (file_in("a5", pages=51), Left.TOO_MANY_PAGES),
        (file_in("a5", scan=ScanState.INFECTED), Left.NOT_CLEAN),
    ],
)
def test_a_file_that_its_slot_would_refuse_stays_behind(file, reason):
    assert reasons(carried(file)) == {"第三方测试报告：一.pdf": reason}


def test_more_files_than_the_slot_takes_stay_behind():
    files = [file_in("a16", name=f"{number}.png", kind="image/png", pages=None) for number in range(3)]

    found = carried(
        *files,
        edits=[
            (
                "label: 软件界面截图, accept: [jpg, png], max_mb: 20, max_files: 5",
                "label: 软件界面截图, accept: [jpg, png], max_mb: 20, max_files: 2",
            )
        ],
    )

    assert len(found.files) == 2
    assert list(reasons(found).values()) == [Left.SLOT_FULL]


def test_another_programme_has_few_of_the_fields_and_slots():
    found = carry_over(draft(file_in("a5")), shipped("hlw"), call_year=2026)

    assert reasons(found)["产品名称"] is Left.FIELD_GONE
    assert reasons(found)["第三方测试报告：一.pdf"] is Left.SLOT_GONE
    assert set(found.values) == {("org.years.revenue", "2025")}


def test_what_may_be_used_only_once_is_named():
    assert carried().once == ("合同编号", "产品名称")


def test_what_several_fields_name_together_is_named_by_each():
    columns = "table: contracts, keys: [contract_no, invoice_nos], within_organisation: [contract_no]"

    assert carried(edits=[(columns, "keys: [product_name + category]")]).once == ("产品名称", "产品类别")
