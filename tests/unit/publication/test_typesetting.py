"""PDFs of notices and lists: the same bytes again, tagged, with nothing typed taken for markup."""

from __future__ import annotations

import io
from datetime import date

import pikepdf

from grants.kernel.money import yuan
from grants.publication.domain import (
    Column,
    Period,
    PublicItem,
    Round,
    freeze,
    in_public_order,
    notice_content,
    read_content,
)
from tests.unit.publication.pdf_text import pages_of
from workers.typesetting import typeset

COLUMNS = tuple(
    Column(key, label)
    for key, label in (
        ("seq", "序号"),
        ("project_no", "项目编号"),
        ("project_name", "产品名称"),
        ("version", "版本号"),
        ("org_name", "申报单位"),
        ("district", "所属区"),
        ("category", "产品类别"),
        ("amount_wan", "拟支持金额（万元）"),
    )
)
ROUND = Round(
    programme_code="sbc",
    programme="示例支持（模拟）",
    call_ref="SBC-2026-01",
    year=2026,
    unit="示例受理中心",
    contact=("示例受理中心", "示例路 100 号", "021-0000 0000"),
    basis=("示例指南", "示例办法"),
    with_district=False,
    notice_columns=COLUMNS,
    award_columns=COLUMNS,
    open_columns=COLUMNS,
    dataset={},
)


def frozen(count: int, *, name: str = "样例点云建模内核") -> tuple[str, str]:
    items = [
        PublicItem(
            0,
            f"SBC-2026-01-{n:04d}",
            name,
            "V1.0",
            f"示例软件{n}（上海）有限公司",
            "91310115MA1K00015K",
            "310115",
            "工业",
            yuan(400_000 + n * 10_000),
        )
        for n in range(1, count + 1)
    ]
    content = notice_content(
        ROUND,
        in_public_order(items),
        Period(date(2026, 3, 18), date(2026, 3, 24), 5),
        ref="GS-SBC-2026-01-1",
        version=1,
        issued_on=date(2026, 3, 18),
        audit_head="a" * 64,
        proposal_sha256="b" * 64,
    )
    return freeze(content)


def test_made_again_it_is_the_same_file() -> None:
    text, sha256 = frozen(3)

    assert typeset(read_content(text), sha256=sha256) == typeset(read_content(text), sha256=sha256)


def test_it_is_tagged_and_prints_fingerprint_and_head_of_the_log() -> None:
    text, sha256 = frozen(3)
    pdf = typeset(read_content(text), sha256=sha256)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).lower().startswith("zh")
        assert "StructTreeRoot" in str(list(document.Root.keys()))
    words = "".join(pages_of(pdf))
    assert sha256 in words
    assert "a" * 64 in words
    assert "拟支持项目的公示" in words
    assert "合计3项，126万元" in words


def test_what_was_typed_is_never_markup() -> None:
    name = '#panic("x")*强*$x$<b>@ref`code`[y]'
    text, sha256 = frozen(1, name=name)

    words = "".join(pages_of(typeset(read_content(text), sha256=sha256)))

    assert "#panic(" in words
    assert "*强*$x$<b>@ref`code`[y]" in words


def test_a_long_list_fits_on_several_pages_with_its_head_on_each() -> None:
    text, sha256 = frozen(300)

    pages = pages_of(typeset(read_content(text), sha256=sha256))

    assert len(pages) > 5
    assert all("产品名称" in page for page in pages[:-1])
    assert "SBC-2026-01-0300" in "".join(pages)
