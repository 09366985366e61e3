"""Comparing texts and rows: both sides can be read back from every comparison."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from grants.applications.domain.matching import Kept, Piece, RowMatch, compare_texts, match_rows, new_text, old_text

TEXTS = st.text(st.sampled_from("甲乙丙，。；\n ab1.0"), max_size=80)
ROWS = st.lists(st.sampled_from([f"r{number}" for number in range(12)]), unique=True)


@given(old=TEXTS, new=TEXTS)
@example(old="", new="甲")
def test_both_texts_can_be_read_back(old, new):
    pieces = compare_texts(old, new)

    assert (old_text(pieces), new_text(pieces)) == (old, new)


@given(text=TEXTS)
def test_a_text_compared_with_itself_has_no_change(text):
    assert all(piece.kept is Kept.SAME for piece in compare_texts(text, text))


@given(old=TEXTS, new=TEXTS)
def test_no_piece_is_empty_and_no_two_of_a_kind_meet(old, new):
    pieces = compare_texts(old, new)

    assert all(piece.text for piece in pieces)
    assert all(first.kept is not second.kept for first, second in pairwise(pieces))


def test_chinese_is_compared_by_character_and_numbers_as_a_whole():
    pieces = compare_texts("性能较上一代提升30.5%。", "性能较上一代提升45.0%，已通过测试。")

    assert pieces == (
        Piece(Kept.SAME, "性能较上一代提升"),
        Piece(Kept.GONE, "30.5%"),
        Piece(Kept.NEW, "45.0%，已通过测试"),
        Piece(Kept.SAME, "。"),
    )


def test_long_texts_are_compared_sentence_by_sentence_first():
    same = [f"第{number}句说明示例车间的生产数据与指标，本句没有改动。" for number in range(150)]
    old, new = same.copy(), same.copy()
    old[0], new[0] = "开头一句原来的写法，共三个模块。", "开头一句后来的写法，共五个模块。"
    old[-1], new[-1] = "结尾一句原来的写法。", "结尾一句后来的写法。"

    pieces = compare_texts("".join(old), "".join(new))

    assert new_text(pieces) == "".join(new)
    assert [piece.text for piece in pieces if piece.kept is Kept.GONE] == ["原", "三", "原"]


@given(old=ROWS, new=ROWS)
def test_the_new_rows_can_be_read_back_in_order(old, new):
    matches = match_rows(old, new)

    assert [match.id for match in matches if match.new is not None] == new
    assert {match.id for match in matches if match.old is not None} == set(old)
    assert all(old[match.old] == match.id for match in matches if match.old is not None)


@given(rows=ROWS)
def test_rows_compared_with_themselves_stay(rows):
    assert match_rows(rows, rows) == tuple(RowMatch(row, place, place) for place, row in enumerate(rows))


@given(old=ROWS, new=ROWS)
def test_rows_that_did_not_move_kept_their_order(old, new):
    stayed = [match for match in match_rows(old, new) if match.old is not None and match.new is not None]
    places = [match.old for match in stayed if not match.moved]

    assert places == sorted(places)


def test_one_row_pulled_to_the_front_is_the_only_one_moved():
    matches = match_rows(list("abcde"), list("dabce"))

    assert [match.id for match in matches if match.moved] == ["d"]


def test_a_row_that_is_gone_stands_where_it_stood():
    assert [match.id for match in match_rows(list("abc"), list("ac"))] == ["a", "b", "c"]
