"""Blocks of cells as Excel and WPS put them on the clipboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.applications.domain.blocks import (
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_LINES,
    BlockTooLargeError,
    read_block,
    write_block,
)

CELLS = st.text(st.sampled_from('ab汉 "\t\n、，'), max_size=6).filter(lambda text: text.strip() or not text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("甲\t乙\r\n1\t2\r\n", (("甲", "乙"), ("1", "2"))),
        ("甲\t乙\n1", (("甲", "乙"), ("1", ""))),
        ('"第一行\n第二行"\t2', (("第一行\n第二行", "2"),)),
        ('"他说""好""\n走了"', (('他说"好"\n走了',),)),
        ('"高新"企业\t"示例"', (('"高新"企业', '"示例"'),)),
        ('"没有结束\t2', (('"没有结束', "2"),)),
        ("a\t\t\nb\t \t", (("a",), ("b",))),
        ("\n\n", ()),
        ("", ()),
    ],
)
def test_a_block_is_read_as_the_sheet_shows_it(text, lines):
    assert read_block(text) == lines


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_what_is_written_reads_back_the_same(cells):
    width = max((place for line in cells for place, cell in enumerate(line, 1) if cell), default=0)
    lines = [tuple(line[:width]) + ("",) * (width - len(line)) for line in cells]
    while lines and not any(lines[-1]):
        lines.pop()

    assert read_block(write_block(cells)) == tuple(lines)


@given(st.text(st.sampled_from('"a\t\n'), max_size=60))
def test_no_text_loses_a_character_that_is_not_a_quote_or_an_end(text):
    kept = sum(cell.count("a") for line in read_block(text) for cell in line)

    assert kept == text.count("a")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1\n" * (MAX_LINES + 2), "block_too_long"),
        ("1\t" * (MAX_COLUMNS + 1) + "1", "block_too_wide"),
        ("1" * (MAX_CHARACTERS + 1), "block_too_large"),
    ],
)
def test_more_than_is_taken_at_once_is_refused(text, code):
    with pytest.raises(BlockTooLargeError) as refused:
        read_block(text)

    assert refused.value.code == code


def test_a_heading_does_not_count_as_a_line():
    assert len(read_block("1\n" * (MAX_LINES + 1))) == MAX_LINES + 1
