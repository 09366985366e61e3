"""Changing a definition's text: only what is to change, and so that it reads back as meant."""

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from grants.programmes.domain import parse_definition
from grants.programmes.domain.editing import (
    Raw,
    UneditableError,
    add_item,
    edit_item,
    item_keys,
    list_parts,
    normalise,
    part_text,
    read_item,
    remove_item,
    replace_part,
    set_entry,
)
from tests.unit.programmes.casebook import shipped_text

SBC = normalise(shipped_text("sbc"))
RULES = yaml.safe_load(part_text(SBC, "rules"))["rules"]
ORDER = ("key", "title", "clause", "severity", "at", "when", "require", "check", "message", "remedy", "sentence")
LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), min_size=1)


def changed_lines(before, after):
    old, new = before.splitlines(), after.splitlines()
    return [line for line in new if line not in old], [line for line in old if line not in new]


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_the_parts_together_are_the_text(code):
    text = normalise(shipped_text(code))

    assert "".join(part_text(text, part.key) for part in list_parts(text)) == text
    for part in list_parts(text):
        assert replace_part(text, part.key, part_text(text, part.key)) == text


def test_editing_one_entry_touches_its_line_alone():
    changed = edit_item(SBC, "rules", "SBC-21", {"title": "首批销售的金额"}, order=ORDER)

    assert changed_lines(SBC, changed) == (["    title: 首批销售的金额"], ["    title: 首批销售金额"])


def test_what_says_the_same_already_stays_as_it_is_written():
    rule = read_item(SBC, "rules", "SBC-21")

    assert edit_item(SBC, "rules", "SBC-21", {**rule}, order=ORDER) == SBC


@pytest.mark.parametrize("key", item_keys(SBC, "rules"))
def test_every_shipped_rule_can_be_edited(key):
    changed = edit_item(SBC, "rules", key, {"message": "第一行：{call.asof}\n第二行", "at": "city"}, order=ORDER)

    for before, after in zip(RULES, yaml.safe_load(part_text(changed, "rules"))["rules"], strict=True):
        expected = {"message": "第一行：{call.asof}\n第二行", "at": "city"} if before["key"] == key else {}
        assert after == {**before, **expected}


def test_an_entry_is_added_in_its_place_and_taken_away():
    added = edit_item(SBC, "rules", "SBC-02", {"when": 'org.org_type == "企业"'}, order=ORDER)
    lines = part_text(added, "rules").splitlines()

    assert '    when: org.org_type == "企业"' in lines
    assert edit_item(added, "rules", "SBC-02", {"when": None}, order=ORDER) == SBC


def test_a_parameter_in_brackets_is_written_line_by_line():
    changed = edit_item(SBC, "parameters", "min_sales", {"default": "600000"}, order=())

    before, after = parse_definition(SBC).parameter("min_sales"), parse_definition(changed).parameter("min_sales")
    assert (before.default, after.default) == (500_000, 600_000)
    assert (before.label, before.maximum) == (after.label, after.maximum)


def test_a_named_check_is_exchanged_for_a_condition_and_back():
    key = next(key for key in item_keys(SBC, "rules") if "check" in read_item(SBC, "rules", key))
    once = edit_item(SBC, "rules", key, {"check": None, "require": "org.employees >= 1"}, order=ORDER)
    again = edit_item(
        once, "rules", key, {"require": None, "check": Raw("named: documents_sound\nwhich: all")}, order=ORDER
    )

    assert "check" not in read_item(once, "rules", key)
    assert read_item(again, "rules", key)["check"] == {"named": "documents_sound", "which": "all"}


def test_a_rule_is_added_and_removed():
    text = "- key: SBC-99\n  title: 新规则\n  require: org.employees >= 1"

    added = add_item(SBC, "rules", text)

    assert item_keys(added, "rules")[-1] == "SBC-99"
    assert remove_item(added, "rules", "SBC-99") == SBC
    with pytest.raises(KeyError):
        remove_item(SBC, "rules", "SBC-99")


def test_a_comment_between_rules_survives():
    text = SBC.replace("  - key: SBC-02\n", "  # 第二条\n  - key: SBC-02 # 行尾\n")

    changed = edit_item(text, "rules", "SBC-01", {"remedy": "请关注下一批次。"}, order=ORDER)

    assert "  # 第二条\n  - key: SBC-02 # 行尾\n" in changed


def test_the_version_is_exchanged():
    assert parse_definition(set_entry(SBC, "version", "9.9")).version == "9.9"


@pytest.mark.parametrize("text", ["rules: [{key: A, title: b}]\n", "rules:\n  - {key: A, title: [[b]]}\n"])
def test_what_cannot_be_taken_apart_is_refused(text):
    with pytest.raises(UneditableError):
        edit_item(text, "rules", "A", {"title": "c"}, order=ORDER)


@given(LETTERS, st.booleans())
def test_whatever_is_typed_reads_back_as_it_was_typed(text, twice):
    written = f"{text}\n{text}" if twice else text
    assume("\x7f" not in text)
    text = "rules:\n  - key: A\n    title: old\n  - key: B\n"

    changed = edit_item(text, "rules", "A", {"title": written}, order=ORDER)

    assert read_item(changed, "rules", "B") == {"key": "B"}
