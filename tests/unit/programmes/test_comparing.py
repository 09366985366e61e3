"""The difference between two definitions: what it is and for whom it is easier or harder."""

import pytest

from grants.programmes.domain import parse_definition
from grants.programmes.domain.comparing import Effect, compare_definitions, definitions_differ
from grants.programmes.domain.editing import edit_item, normalise, remove_item, set_entry
from tests.unit.programmes.casebook import shipped_text

SBC = normalise(shipped_text("sbc"))
ORDER = ("key", "title", "clause", "severity", "at", "when", "require", "check", "message", "remedy", "sentence")
BEFORE = parse_definition(SBC)
ADDED, REMOVED, RELAXED, TIGHTENED = Effect.ADDED, Effect.REMOVED, Effect.RELAXED, Effect.TIGHTENED
CHANGED, WORDING = Effect.CHANGED, Effect.WORDING


def differences(text):
    found = compare_definitions(BEFORE, parse_definition(text))
    return [(each.part, each.key, each.aspect, each.effect) for each in found]


def edited(part, key, **changes):
    return differences(edit_item(SBC, part, key, changes, order=ORDER))


def exchanged(old, new):
    assert old in SBC
    return differences(SBC.replace(old, new, 1))


def test_nothing_but_the_version_is_no_difference():
    text = set_entry(SBC, "version", "9.9").replace("basis:\n", "# 只是注释\nbasis:\n")

    assert differences(text) == []
    assert not definitions_differ(BEFORE, parse_definition(text))


@pytest.mark.parametrize(
    ("rule", "aspect", "after", "effect"),
    [
        ("SBC-07", "require", 'reg.status in ("存续", "在业", "开业")', RELAXED),
        ("SBC-07", "require", 'reg.status in ("存续")', TIGHTENED),
        ("SBC-07", "require", 'reg.status == "存续"', CHANGED),
        ("SBC-01", "require", "call.opens_at <= submitted_at <= call.effective_close", RELAXED),
        ("SBC-04", "require", "not org.is_branch or org.employees >= 100", RELAXED),
        ("SBC-04", "require", "not org.is_branch and org.employees >= 100", TIGHTENED),
        ("SBC-04", "when", "org.employees >= 100", RELAXED),
        ("SBC-04", "severity", "return", RELAXED),
        ("SBC-06", "severity", "reject", TIGHTENED),
        ("SBC-06", "severity", "block", CHANGED),
        ("SBC-06", "at", "city", CHANGED),
        ("SBC-06", "message", "仅作提示。", WORDING),
        ("SBC-06", "remedy", "仅作提示。", WORDING),
        ("SBC-06", "title", "登记地", WORDING),
        ("SBC-06", "clause", {"basis": "model", "article": "SBC-06b"}, WORDING),
    ],
)
def test_a_changed_rule(rule, aspect, after, effect):
    assert edited("rules", rule, **{aspect: after}) == [("rules", rule, aspect, effect)]


def test_a_moved_default_moves_the_rules_that_read_it():
    raised = edited("parameters", "min_sales", default="600000")
    lowered = edited("parameters", "min_sales", default="400000")

    assert ("parameters", "min_sales", "default", CHANGED) in raised
    assert ("rules", "SBC-21", "require", TIGHTENED) in raised
    assert ("rules", "SBC-21", "require", RELAXED) in lowered


def test_rules_come_and_go():
    assert differences(remove_item(SBC, "rules", "SBC-07")) == [("rules", "SBC-07", "", REMOVED)]
    back = compare_definitions(parse_definition(remove_item(SBC, "rules", "SBC-07")), BEFORE)
    assert [(each.key, each.effect) for each in back] == [("SBC-07", ADDED)]


@pytest.mark.parametrize(
    ("changes", "aspect", "effect"),
    [
        ({"maximum": "200000000"}, "maximum", RELAXED),
        ({"minimum": "1000"}, "minimum", TIGHTENED),
        ({"maximum": None}, "maximum", RELAXED),
        ({"label": "最低销售额"}, "label", WORDING),
    ],
)
def test_bounds_of_a_parameter(changes, aspect, effect):
    assert edited("parameters", "min_sales", **changes) == [("parameters", "min_sales", aspect, effect)]


def test_fields_and_documents():
    text = SBC.replace("min_length: 2", "min_length: 3", 1)
    assert [effect for *_, effect in differences(text)] == [TIGHTENED]
    slot = BEFORE.documents[0]
    assert slot.required
    assert [found[1:] for found in edited("documents", slot.key, required="false")] == [(slot.key, "required", RELAXED)]


def test_values_lists_and_the_rest_are_changed_or_words():
    assert edited("values", "T", expression="add_days(call.asof, 1)") == [("values", "T", "expression", CHANGED)]
    assert exchanged("核心, 基础, 工业", "核心, 基础") == [("lists", "categories", "items", CHANGED)]
    stages = (
        exchanged("notice_days: 5", "notice_days: 7") if "notice_days: 5" in SBC else exchanged("days: 5", "days: 7")
    )
    assert {(part, effect) for part, _, _, effect in stages} <= {("publication", CHANGED), ("stages", CHANGED)}
    assert stages
    assert exchanged("title: 软件首版次突破专项支持（模拟）\nsummary", "title: 软件首版次\nsummary") == [
        ("head", "title", "title", WORDING)
    ]
