"""Receipts and applications as PDFs: the same bytes again, tagged, complete, whatever was typed."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from grants.applications.domain.papers import PdfKind
from grants.applications.domain.receipts import read_statement
from grants.kernel.signing import read_signature
from tests.unit.applications.paper_sources import CONTENT, make_paper, make_source
from workers.typesetting import count_pages, typeset_application, typeset_receipt

SITE = "https://shili.example"
MARKUP = '#panic("x") *强* $x$ <b> @ref `code` [y] = 题 // 注 \\u{41}'
AGAIN = """
import hashlib
from grants.applications.domain.papers import PdfKind
from tests.unit.applications.paper_sources import make_source
from workers.typesetting import typeset_application, typeset_receipt
print(hashlib.sha256(typeset_application(make_source(PdfKind.FORM))).hexdigest())
print(hashlib.sha256(typeset_receipt(make_source(PdfKind.RECEIPT), public_url="https://shili.example")).hexdigest())
"""


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page as a reader copies it, white space and what prints nothing left out."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return ["".join(_copied(page).split()).replace("\u200b", "") for page in document]
    finally:
        document.close()


def _copied(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def words_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def receipt(**changes: object) -> bytes:
    return typeset_receipt(make_source(PdfKind.RECEIPT, **changes), public_url=SITE)


def application(**changes: object) -> bytes:
    return typeset_application(make_source(PdfKind.FORM, **changes))


def test_two_processes_make_the_same_files():
    made = [
        subprocess.run([sys.executable, "-c", AGAIN], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    ]

    assert made[0] == made[1]
    assert len(made[0].split()) == 2


@pytest.mark.parametrize(
    ("typeset", "title"), [(receipt, "申报回执 SBC-2026-01-0007"), (application, "申报书 SBC-2026-01-0007")]
)
def test_they_are_tagged_named_and_in_chinese(typeset, title):
    with pikepdf.open(io.BytesIO(typeset())) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).lower().startswith("zh")
        assert "/StructTreeRoot" in document.Root
        assert document.docinfo["/Title"] == title
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        fonts = [font for page in document.pages for font in page.resources.get("/Font", {}).values()]
        assert fonts
        assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor or _has_file(font) for font in fonts)


def _has_file(font: pikepdf.Object) -> bool:
    return "/FontFile2" in font.DescendantFonts[0].FontDescriptor


@pytest.mark.parametrize(
    "organisation", ["示例软件（上海）有限公司", '示例"\\𠮷□\u202e{软}件', "Example & Söhne (Shanghai) Co., Ltd."]
)
def test_statement_and_signature_can_be_copied_from_a_receipt(organisation):
    source = make_source(PdfKind.RECEIPT, organisation=organisation)

    words = words_of(typeset_receipt(source, public_url=SITE))

    copied = words[words.index('{"call"') : words.index("签名：")]
    assert read_statement(copied).text == source.statement
    signature = words[words.index("签名：") + len("签名：") : words.index("密钥编号：")]
    assert read_signature(signature) == read_signature(source.signature)


def test_a_receipt_names_every_paper_with_its_fingerprint():
    source = make_source(PdfKind.RECEIPT, papers=60, revision=2)

    pages = pages_of(typeset_receipt(source, public_url=SITE))

    words = "".join(pages)
    assert all(paper["sha256"] in words for paper in source.documents)
    assert "补正回执" in words
    assert "2026年4月1日10:00:05（北京时间）" in words
    assert "首次提交" in words
    assert all("文件指纹（SHA-256）" in page for page in pages[:-1])
    assert f"第1页，共{len(pages)}页" in pages[0]


def test_what_was_handed_in_bears_number_fingerprint_and_whose_word_it_was():
    pages = pages_of(application())

    assert "SBC-2026-01-0007" in pages[0]
    assert CONTENT in pages[0]
    assert all(f"第{number}页，共{len(pages)}页" in page for number, page in enumerate(pages, 1))
    assert "确认人：示例签署人，2026年4月1日10:00:05（北京时间）" in pages[-1]
    assert not any("草稿" in page for page in pages)


def test_a_draft_is_marked_on_every_page_and_bears_no_number():
    pages = pages_of(typeset_application(make_source(PdfKind.DRAFT)))

    assert all("草稿" in page for page in pages)
    assert CONTENT not in "".join(pages)
    assert "提交时由有权签署的人员确认" in pages[-1]


def test_what_was_typed_is_never_markup():
    words = words_of(application(answers={"product_name": MARKUP, "tech_summary": MARKUP}))

    assert words.count("".join(MARKUP.split())) == 2


def test_what_has_no_glyph_becomes_a_box_and_is_counted():
    words = words_of(application(answers={"product_name": "示例😀👩‍💻𠮷العربية\u202e软件\x00", "version": "V\ufe0f1"}))

    assert "示例□□□□" in words
    assert "□软件" in words
    assert "本件有11个字符没有字形" in words


def test_a_text_of_twenty_thousand_signs_is_all_there():
    text = "\n".join(f"第{number:05d}段" + "长" * 92 for number in range(200))

    words = words_of(application(answers={"tech_summary": text}))

    assert all(f"第{number:05d}段" in words for number in range(200))
    assert words.count("长") == 200 * 92


def test_an_endless_word_stays_within_the_page():
    pdf = application(answers={"product_name": "a" * 400, "breakthrough": "https://shili.example/" + "x" * 2_000})

    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            text = page.get_textpage()
            assert all(text.get_charbox(place)[2] <= page.get_width() for place in range(text.count_chars()))
            text.close()
            page.close()
    finally:
        document.close()


def test_a_table_that_is_too_wide_becomes_cards_with_every_cell():
    written = [
        {
            "id": f"r{number}",
            "contract_no": f"HT-{number:03d}",
            "buyer": f"示例购买单位{number:03d}" + "长名称" * 10,
            "buyer_abroad": False,
            "signed_on": "2025-03-01",
            "total_with_vat": "360000",
            "invoice_nos": ["25312000000000000001"] * 3,
        }
        for number in range(100)
    ]

    words = words_of(application(answers={"contracts": written}))

    assert all(f"HT-{number:03d}" in words and f"示例购买单位{number:03d}" in words for number in range(100))
    assert "合同100" in words


def test_a_long_table_repeats_its_head():
    rows = [
        {
            "id": f"m{number}",
            "metric": f"指标{number:03d}",
            "ours": "1",
            "domestic": "2",
            "foreign": "3",
            "source": "报告",
        }
        for number in range(150)
    ]

    pages = [page for page in pages_of(application(answers={"benchmarks": rows})) if page.count("指标") > 10]

    assert len(pages) > 2
    assert all("国内同类产品" in page for page in pages)


def test_pages_are_counted():
    pdf = receipt(papers=60)

    assert count_pages(pdf) == len(pages_of(pdf)) > 1


def test_names_of_files_may_hold_anything():
    source = make_source(PdfKind.FORM)
    hostile = [make_paper(1, name="#include[x]" * 20 + "<script>.pdf"), make_paper(2, name="名" * 250 + ".pdf")]

    words = words_of(typeset_application(replace(source, documents=hostile)))

    assert words.count("[x]") == 20
    assert words.count("名") - words_of(application()).count("名") == 250
