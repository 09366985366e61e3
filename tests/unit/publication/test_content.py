"""Frozen content and what is read from it: nothing changes on the way, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.kernel.money import yuan
from grants.kernel.sheets import disarmed
from grants.publication.domain import (
    Column,
    Period,
    PublicItem,
    Round,
    csv_bytes,
    figures_of,
    freeze,
    in_public_order,
    list_content,
    next_notice_content,
    notice_content,
    open_json,
    read_content,
    rows_of,
    status_of,
)
from grants.publication.domain.wording import batch_words

COLUMNS = (
    Column("seq", "序号"),
    Column("project_name", "产品名称"),
    Column("amount", "支持金额（元）"),
    Column("status", "状态"),
)
ROUND = Round(
    programme_code="sbc",
    programme="示例支持（模拟）",
    call_ref="SBC-2026-01",
    year=2026,
    unit="示例受理中心",
    contact=("示例受理中心", "示例路 100 号", "021-0000 0000"),
    basis=("示例指南", "示例办法"),
    with_district=True,
    notice_columns=COLUMNS,
    award_columns=COLUMNS,
    open_columns=COLUMNS,
    dataset={"name": "demo"},
)
PERIOD = Period(date(2026, 3, 18), date(2026, 3, 24), 5)


def item(number: int, *, name: str = "样例产品", wan: int = 100, category: str = "工业") -> PublicItem:
    return PublicItem(
        0,
        f"SBC-2026-01-{number:04d}",
        name,
        "V1.0",
        "示例软件有限公司",
        "91310115MA1K00015K",
        "310115",
        category,
        yuan(wan * 10_000),
    )


def notice(*items: PublicItem, version: int = 1, changes: str = "") -> dict:
    return notice_content(
        ROUND,
        in_public_order(items),
        PERIOD,
        ref=f"GS-SBC-2026-01-{version}",
        version=version,
        issued_on=date(2026, 3, 18),
        audit_head="a" * 64,
        proposal_sha256="b" * 64,
        changes=changes,
    )


def test_what_was_frozen_is_what_is_read() -> None:
    text, sha256 = freeze(notice(item(2), item(1, wan=36)))
    published = read_content(text)

    assert sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert [(found.seq, found.project_no) for found in published.items] == [
        (1, "SBC-2026-01-0001"),
        (2, "SBC-2026-01-0002"),
    ]
    assert (published.total_fen, published.days, published.period) == (yuan(1_360_000), 5, PERIOD)
    assert published.title == "关于 2026 年度示例支持（模拟）（第一批）拟支持项目的公示"
    assert "2 个项目" in published.preamble
    assert "合计 136 万元" in published.preamble
    assert "区级初审" in published.preamble
    assert "2026年3月18日至2026年3月24日，共 5 个工作日" in published.sections[0][1]


def test_the_next_version_says_what_is_gone() -> None:
    former = read_content(freeze(notice(item(1), item(2), item(3)))[0])
    content = next_notice_content(
        ROUND,
        former,
        former.items[1],
        ref="GS-SBC-2026-01-2",
        issued_on=date(2026, 3, 20),
        audit_head="",
        proposal_sha256="",
    )
    published = read_content(freeze(content)[0])

    assert [(found.seq, found.project_no[-4:]) for found in published.items] == [(1, "0001"), (2, "0003")]
    assert (published.version, published.period) == (2, PERIOD)
    assert "第 2 项" in published.changes
    assert "SBC-2026-01-0002" in published.changes


def test_a_list_follows_its_notice() -> None:
    former = read_content(freeze(notice(item(1), item(2)))[0])
    content = list_content(
        ROUND,
        former,
        ref="GG-SBC-2026-01-1",
        version=1,
        doc_no="示专项〔2026〕31 号",
        announced_on=date(2026, 3, 26),
        audit_head="",
        applications=9,
    )
    published = read_content(freeze(content)[0])

    assert published.items == former.items
    assert (published.doc_no, published.notice_ref, published.applications) == ("示专项〔2026〕31 号", former.ref, 9)
    assert status_of(published) == "已公告"
    assert status_of(former, revoked=True) == "已撤销"


@pytest.mark.parametrize("name", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_are_disarmed(name: str) -> None:
    published = read_content(freeze(notice(item(1, name=name)))[0])
    text = csv_bytes(published, status="公示中").decode("utf-8-sig")

    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[1].startswith("'")


@given(st.text(max_size=60))
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not disarmed(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_csv_opens_in_excel_and_keeps_commas_and_quotes() -> None:
    published = read_content(freeze(notice(item(1, name='甲,乙"丙')))[0])
    content = csv_bytes(published, status="公示中")

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["序号", "产品名称", "支持金额（元）", "状态"], ["1", '甲,乙"丙', "1000000", "公示中"]]


def test_json_has_the_catalogue_and_money_twice() -> None:
    published = read_content(freeze(notice(item(1)))[0])
    found = open_json(published, status="公示中", sha256="c" * 64)

    assert found["items"][0]["amount_fen"] == yuan(1_000_000)
    assert found["items"][0]["amount"] == "1000000"
    assert found["dataset"] == {"name": "demo"}


def test_figures() -> None:
    published = read_content(freeze(notice(item(1, wan=10), item(2, wan=30, category="基础"), item(3, wan=20)))[0])
    figures = figures_of(published)

    assert (figures.count, figures.total_fen, figures.median_fen) == (3, yuan(600_000), yuan(200_000))
    assert figures.by_category == (("基础", yuan(300_000)), ("工业", yuan(300_000)))
    assert figures.by_district == {"310115": 3}


def test_an_empty_notice_has_no_figures_to_stumble_over() -> None:
    published = read_content(freeze(notice())[0])

    assert figures_of(published).median_fen == 0
    assert rows_of(published, COLUMNS, status="公示中") == []


@pytest.mark.parametrize(
    ("ref", "words"),
    [("SBC-2026-01", "（第一批）"), ("SBC-2026-10", "（第十批）"), ("SBC-2026-12", "（第12批）"), ("X", "")],
)
def test_batches(ref: str, words: str) -> None:
    assert batch_words(ref) == words
