from decimal import Decimal

import pytest

from grants.programmes.domain.similarity import (
    Mark,
    Overlap,
    bare_text,
    compared_fields,
    form_shingles,
    mark_passages,
    overlap,
    shingles,
    stock_shingles,
)
from tests.unit.programmes.casebook import shipped

TEXT = "针对设备停机频繁的问题，建设远程运维平台。采用边缘采集与云端分析，提前七天预警。"


def likeness(text, earlier, left_out=frozenset()):
    found = overlap(shingles(bare_text([text]), left_out), shingles(bare_text([earlier]), left_out))
    return Decimal(found.shared) / max(found.smaller, 1)


@pytest.mark.parametrize(
    ("text", "earlier", "expected"),
    [
        ("工业设备远程运维平台建设", "工业设备远程运维平台建设", "1"),
        ("工业设备远程运维平台建设", "本项目开展工业设备、远程 运维平台建设，并推广应用", "1"),
        ("工业设备远程运维平台建设", "农产品冷链物流追溯体系应用", "0"),
        ("", "", "0"),
        ("短文", "短文", "0"),
        ("ＡＢＣＤＥＦ", "abcdef", "1"),
        ("一二三四五六", "一二三四五七", "0.5"),
        ("一二三四五六。七八九十甲乙", "七八九十甲乙！一二三四五六", "1"),
    ],
)
def test_containment_ignores_width_case_punctuation_and_the_order_of_sentences(text, earlier, expected):
    assert likeness(text, earlier) == Decimal(expected)
    assert likeness(earlier, text) == Decimal(expected)


def test_no_shingle_reaches_from_one_field_into_the_next():
    assert shingles(bare_text(["一二三四", "五六七八"])) == frozenset()


@pytest.mark.parametrize(
    ("shared", "smaller", "share"),
    [(17, 40, "0.4250"), (39, 39, "0"), (0, 0, "0"), (2, 60, "0.0333"), (1, 60, "0.0167")],
)
def test_a_share_is_rounded_half_up_and_too_little_text_has_none(shared, smaller, share):
    assert Overlap(shared, smaller).share == Decimal(share)


def test_the_forms_own_words_are_left_out():
    definition = shipped("hlw")
    field = definition.fields_by_path["summary"]

    left_out = form_shingles(definition)

    assert compared_fields(definition) == ("summary", "innovation")
    assert shingles(bare_text([field.help, field.guidance]), left_out) == frozenset()
    assert shingles(bare_text([TEXT]), left_out)


def test_a_phrase_is_common_from_the_share_of_organisations_on_that_use_it():
    own = [shingles(bare_text([f"各单位都写的话。第{number}家自己写的话"])) for number in range(10)]
    others = [shingles(bare_text([f"第{number}家写的另一些话"])) for number in range(10, 20)]

    common = stock_shingles([*own, *others], share=Decimal("0.5"), least=2)
    rare = stock_shingles([*own, *others], share=Decimal("0.55"), least=2)
    few = stock_shingles(own[:3], share=Decimal("0.1"), least=4)

    assert shingles("各单位都写的话") <= common
    assert not rare & shingles("各单位都写的话")
    assert few == frozenset()


def test_passages_are_marked_where_they_stand_whatever_their_order():
    first = ["开头是自己的。针对设备停机频繁的问题，建设远程运维平台！", "另一栏：采用边缘采集与云端分析。"]
    second = ["采用边缘采集 与云端分析；中间不同的一句话。针对设备停机频繁的问题,建设远程运维平台。"]

    own, its = mark_passages(first, second, frozenset())

    shared = {piece.number: piece.text for field in own for piece in field if piece.mark is Mark.SHARED}
    its_shared = {piece.number: piece.text for piece in its[0] if piece.mark is Mark.SHARED}
    assert ["".join(piece.text for piece in field) for field in own] == first
    assert ["".join(piece.text for piece in field) for field in its] == second
    assert shared.keys() == its_shared.keys() == {1, 2}
    assert "针对设备停机频繁的问题，建设远程运维平台" in shared[1]
    assert "针对设备停机频繁的问题,建设远程运维平台" in its_shared[1]
    assert "采用边缘采集 与云端分析" in its_shared[2]


def test_what_is_left_out_is_marked_as_such_and_never_as_shared():
    boilerplate = "本单位承诺所填内容真实准确"
    left_out = shingles(bare_text([boilerplate]))

    own, its = mark_passages([f"甲的内容。{boilerplate}。"], [f"{boilerplate}。乙写的东西。"], left_out)

    assert [(piece.text, piece.mark) for piece in own[0]] == [
        ("甲的内容。", Mark.OWN),
        (boilerplate, Mark.LEFT_OUT),
        ("。", Mark.OWN),
    ]
    assert Mark.SHARED not in {piece.mark for piece in its[0]}


def test_what_was_copied_twice_has_one_number_and_one_anchor_on_either_side():
    sentence, between = "针对设备停机频繁的问题建设远程运维平台", "中间另有一句完全不同的说明"

    own, its = mark_passages(
        [f"{sentence}。{between}。{sentence}。"], [f"甲。{sentence}。乙。{sentence}。"], frozenset()
    )

    for side in (own, its):
        numbered = [piece for piece in side[0] if piece.number]
        assert {piece.number for piece in numbered} == {1}
        assert [piece.anchor for piece in numbered].count(True) == 1
        assert sum(piece.text.count(sentence) for piece in side[0] if piece.mark is Mark.SHARED) == 2


def test_texts_of_nothing_but_one_sentence_repeated_are_marked_in_bounded_time():
    text = "设备停机频繁设备停机频繁" * 250

    own, its = mark_passages([text], [text], frozenset())

    assert "".join(piece.text for piece in own[0]) == "".join(piece.text for piece in its[0]) == text
    assert {piece.mark for piece in own[0]} == {Mark.SHARED}
