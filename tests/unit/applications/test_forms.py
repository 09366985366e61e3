"""Every kind of field: from what is stored to what is shown, and from what is typed to what is stored."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from grants.applications.domain import Draft, StoredAnswer, digest
from grants.applications.forms import (
    AnswerForm,
    Asked,
    asked_in,
    build_answer_form,
    input_name,
    read_shown,
    shown_text,
    to_stored,
    to_typed,
)
from grants.kernel.money import yuan
from grants.programmes.domain import Field, FieldKind, NamedList, parse_definition, to_case_value
from grants.questions import BUILDERS, NOT_TYPED
from tests.factories.programmes import shipped_text


@pytest.fixture(scope="module")
def definition():
    return parse_definition(shipped_text("sbc"))


@pytest.fixture(scope="module")
def edge():
    """A bare application: forms need a request, nothing of ours does."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    app.extensions["reasons"] = {}
    Babel(app)
    return app


def field_of(kind: FieldKind, **more) -> Field:
    return Field(key="x", path="x", label="题目", kind=kind, **more)


FIELDS = {
    FieldKind.TEXT: field_of(FieldKind.TEXT),
    FieldKind.LONG_TEXT: field_of(FieldKind.LONG_TEXT),
    FieldKind.INTEGER: field_of(FieldKind.INTEGER),
    FieldKind.DECIMAL: field_of(FieldKind.DECIMAL),
    FieldKind.MONEY: field_of(FieldKind.MONEY, unit="wan_yuan"),
    FieldKind.PERCENT: field_of(FieldKind.PERCENT, minimum=Decimal(0), maximum=Decimal(100)),
    FieldKind.DATE: field_of(FieldKind.DATE),
    FieldKind.YES_NO: field_of(FieldKind.YES_NO),
    FieldKind.CHOICE: field_of(FieldKind.CHOICE, choices=("甲", "乙")),
    FieldKind.CHOICES: field_of(FieldKind.CHOICES, choices=("甲", "乙", "丙")),
    FieldKind.LIST: field_of(FieldKind.LIST),
    FieldKind.USCC: field_of(FieldKind.USCC),
    FieldKind.CODE: field_of(FieldKind.CODE, list_name="industries"),
    FieldKind.PHONE: field_of(FieldKind.PHONE),
    FieldKind.EMAIL: field_of(FieldKind.EMAIL),
    FieldKind.DISTRICT: field_of(FieldKind.DISTRICT),
}


def form_for(edge, definition, field, posted):
    with edge.test_request_context("/", method="POST", data=MultiDict(posted)):
        form = build_answer_form(definition, [Asked("a-x", field)])()
        form.validate()
        return form


def read(edge, definition, field, posted):
    """What would be stored, and the sentences about what cannot be."""
    form = form_for(edge, definition, field, posted)
    return to_stored(field, form["a-x"].data), [str(error) for error in form["a-x"].errors]


TYPED = [
    (FieldKind.TEXT, [("a-x", "  e\u0301tude 示例 ")], "étude 示例"),
    (FieldKind.LONG_TEXT, [("a-x", "一\r\n二\r\n")], "一\n二"),
    (FieldKind.INTEGER, [("a-x", "１，２００")], 1_200),
    (FieldKind.DECIMAL, [("a-x", "0.10")], "0.10"),
    (FieldKind.MONEY, [("a-x", "1,234.5万元")], yuan(12_345_000)),
    (FieldKind.MONEY, [("a-x", "-280")], yuan(-2_800_000)),
    (FieldKind.PERCENT, [("a-x", "12.5％")], "12.5"),
    (FieldKind.DATE, [("a-x-y", "2026"), ("a-x-m", "3"), ("a-x-d", "2")], "2026-03-02"),
    (FieldKind.DATE, [("a-x-y", "2026年3月2日")], "2026-03-02"),
    (FieldKind.YES_NO, [("a-x", "no")], False),
    (FieldKind.CHOICE, [("a-x", "乙")], "乙"),
    (FieldKind.CHOICES, [("a-x", "丙"), ("a-x", "甲")], ["甲", "丙"]),
    (FieldKind.LIST, [("a-x", "示例甲\r\n\r\n 示例乙 ")], ["示例甲", "示例乙"]),
    (FieldKind.USCC, [("a-x", "91310115ma1k00015k")], "91310115MA1K00015K"),
    (FieldKind.CODE, [("a-x", "6513")], "6513"),
    (FieldKind.PHONE, [("a-x", "021-55550100")], "021-55550100"),
    (FieldKind.EMAIL, [("a-x", "name@shili.example")], "name@shili.example"),
    (FieldKind.DISTRICT, [("a-x", "310115")], "310115"),
]


@pytest.mark.parametrize(("kind", "posted", "stored"), TYPED, ids=lambda value: str(value)[:24])
def test_what_is_typed_is_stored_in_its_kind_and_shown_again(edge, definition, kind, posted, stored):
    field = FIELDS[kind]

    assert read(edge, definition, field, posted) == (stored, [])
    to_case_value(field, stored)  # raises where a rule could not read it
    with edge.test_request_context("/"):
        form = build_answer_form(definition, [Asked("a-x", field)])(formdata=None)
        form["a-x"].process_data(to_typed(field, stored))
        assert to_stored(field, form["a-x"].data) == stored


def test_every_kind_that_is_typed_has_an_input():
    typed = set(FieldKind) - NOT_TYPED
    assert set(BUILDERS) == typed == set(FIELDS) == {kind for kind, *_ in TYPED}


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_nothing_typed_is_nothing_stored(edge, definition, kind):
    empty = [] if kind is FieldKind.CHOICES else [("a-x", ""), ("a-x-y", ""), ("a-x-m", ""), ("a-x-d", "")]
    assert read(edge, definition, FIELDS[kind], empty)[0] is None


@pytest.mark.parametrize(
    ("field", "posted", "sentence"),
    [
        (FIELDS[FieldKind.DATE], [("a-x-y", "2025"), ("a-x-m", "2"), ("a-x-d", "30")], "没有 2025年2月30日 这一天"),
        (FIELDS[FieldKind.DATE], [("a-x-y", "2025"), ("a-x-m", "2")], "请把年、月、日填完整"),
        (FIELDS[FieldKind.MONEY], [("a-x", "若干")], "请填写金额数字"),
        (replace(FIELDS[FieldKind.MONEY], minimum=Decimal(0)), [("a-x", "-1")], "金额不能为负数"),
        (replace(FIELDS[FieldKind.MONEY], maximum=Decimal(10_000)), [("a-x", "2")], "不能超过 10,000 元"),
        (FIELDS[FieldKind.INTEGER], [("a-x", "1.5")], "请填写整数"),
        (FIELDS[FieldKind.PERCENT], [("a-x", "101")], "不能大于 100"),
        (FIELDS[FieldKind.USCC], [("a-x", "91310115MA1K000151")], "校验位不符"),
        (FIELDS[FieldKind.CHOICE], [("a-x", "丁")], "请从所列选项中选择"),
        (FIELDS[FieldKind.CHOICES], [("a-x", "丁")], "请从所列选项中选择"),
        (FIELDS[FieldKind.PHONE], [("a-x", "打我手机")], "应为电话号码"),
        (FIELDS[FieldKind.EMAIL], [("a-x", "name@")], "应为电子邮箱地址"),
        (replace(FIELDS[FieldKind.TEXT], max_length=4), [("a-x", "一二三四五")], "最多 4 字"),
        (FIELDS[FieldKind.LONG_TEXT], [("a-x", "长" * 1_000_000)], "最多 20000 字"),
        (replace(FIELDS[FieldKind.TEXT], pattern="[0-9]{4}"), [("a-x", "65")], "格式不正确"),
        (
            replace(FIELDS[FieldKind.DATE], not_before=date(2025, 1, 1)),
            [("a-x", "2024-12-31")],
            "不能早于 2025年1月1日",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_gets_a_sentence(edge, definition, field, posted, sentence):
    assert sentence in "；".join(read(edge, definition, field, posted)[1])


def test_a_text_that_is_too_long_is_told_once_with_how_much_there_is(edge, definition):
    field = replace(FIELDS[FieldKind.LONG_TEXT], max_length=10)
    assert read(edge, definition, field, [("a-x", "长" * 25)])[1] == [
        "最多 10 字，现有 25 字，请精简。这一项还没有保存。"
    ]


def test_a_text_that_is_too_short_is_stored(edge, definition):
    field = replace(FIELDS[FieldKind.LONG_TEXT], min_length=200)
    assert read(edge, definition, field, [("a-x", "开头")]) == ("开头", [])


@given(st.text(max_size=300))
def test_no_text_breaks_the_form_or_changes_when_sent_again(text):
    field = FIELDS[FieldKind.LONG_TEXT]
    stored = to_stored(field, text)
    assert to_stored(field, to_typed(field, stored)) == stored


AT = datetime(2026, 3, 18, tzinfo=UTC)


def test_a_page_tells_what_it_showed(definition):
    answers = {("product_name", ""): StoredAnswer("示例软件", 3, UUID(int=1), AT)}
    draft = Draft(definition, {"year": 2026}, answers, {})
    asked = asked_in([definition.field("product_name"), definition.field("version")])

    bases = read_shown(shown_text(draft, asked))

    assert bases["a-product_name"].version == 3
    assert bases["a-product_name"].digest == digest("示例软件")
    assert bases["a-version"].version == 0


@pytest.mark.parametrize(
    "forged",
    ["", None, "[]", "{", '{"a": 1}', '{"a": ["x", 1]}', "null", '"text"', '{"a": [1e400, "x"]}', "[" * 100_000],
    ids=lambda forged: str(forged)[:20],
)
def test_a_forged_base_counts_as_nothing_shown(forged):
    assert read_shown(forged) == {}


def test_names_of_inputs_do_not_meet_attributes_of_forms():
    for key in ("data", "errors", "validate", "meta", "shown", "csrf_token"):
        assert not hasattr(AnswerForm, input_name(key))
    assert input_name("org.years.revenue", "2025") == "a-org-years-revenue--2025"


def test_named_lists_offer_their_labels(edge, definition):
    assert isinstance(definition.named_list("industries"), NamedList)
    form = form_for(edge, definition, FIELDS[FieldKind.CODE], [("a-x", "6513")])
    assert ("6513", "6513 应用软件开发") in [(option.value, option.label) for option in form["a-x"].choices]
