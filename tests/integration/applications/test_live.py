"""What follows from what is typed, before it is saved."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries
from grants.applications.models import Answer
from grants.audit.models import AuditEntry
from tests.factories.accounts import make_member, sign_in
from tests.factories.applications import make_application

AMOUNTS = ("software", "invoiced", "received")


@pytest.fixture
def draft(session, now):
    return make_application(session, complete=True, now=now)


@pytest.fixture
def ask(client, clock, session):
    """What the page's script sends and gets: the inputs as typed, with the bases they were shown with."""

    def go(application, key, person=None, shown=None, **typed):
        session.commit()
        sign_in(client, person or session.get_one(Person, application.created_by))
        names = shown if shown is not None else {re.sub(r"-[ymd]$", "", name): [0, ""] for name in typed}
        data = {"shown": json.dumps(names), **typed}
        headers = {"Accept": "application/json"}
        return client.post(f"/apply/{application.id}/live/{key}", data=data, headers=headers)

    return go


def test_a_question_appears_with_the_answer_that_calls_for_it_and_goes_again(draft, ask):
    alone = ask(draft, "product", **{"a-dev_mode": "自主"}).json
    together = ask(draft, "product", **{"a-dev_mode": "合作"}).json

    assert set(together["shown"]) - set(alone["shown"]) == {"a-co_developers"}
    assert [gap["text"] for gap in together["gaps"]] == ["请填写“合作开发单位”"]
    assert together["gaps"][0]["url"].endswith(f"/apply/{draft.id}/sections/product#a-co_developers")
    assert {one["key"]: one["state"] for one in together["sections"]}["product"] == "part"
    assert {one["key"]: one["state"] for one in alone["sections"]}["product"] == "done"


def test_nothing_that_is_asked_so_is_stored(session, draft, ask):
    before = queries.load_draft(session, draft).answers
    entries = len(session.scalars(select(AuditEntry)).all())

    ask(draft, "product", **{"a-dev_mode": "合作", "a-product_name": "另一个名称"})

    session.expire_all()
    assert queries.load_draft(session, draft).answers == before
    assert len(session.scalars(select(AuditEntry)).all()) == entries
    assert session.scalars(select(Answer.value).where(Answer.field_key == "co_developers")).all() == []


def fen_of(words):
    """600,000 元 as fen."""
    return int(words.removesuffix(" 元").replace(",", "")) * 100


def test_the_amount_follows_a_row_that_is_being_typed(session, draft, ask):
    stored = dict(ask(draft, "sales").json["funding"]["steps"])
    cells = {f"a-contracts-{key}--r2": "0" for key in AMOUNTS}
    funding = ask(draft, "sales", **cells).json["funding"]
    typed = dict(funding["steps"])

    label = queries.load_draft(session, draft).definition.funding.base_label
    amounts = [queries.load_draft(session, draft).value(f"contracts.{key}", "r2") for key in AMOUNTS]
    assert fen_of(stored[label]) - fen_of(typed[label]) == min(amounts) > 0
    assert typed["支持比例"] == stored["支持比例"] == "30%"


def test_a_row_that_is_not_there_yet_counts_as_well(draft, ask):
    cells = {"a-contracts-buyer_abroad--r0abc": "yes", "a-contracts-buyer--r0abc": "样例海外有限公司"}

    answer = ask(draft, "sales", **cells).json

    assert "a-contracts-buyer--r0abc" in answer["shown"]
    assert "a-contracts-buyer_uscc--r0abc" not in answer["shown"]


def test_the_size_class_follows_staff_and_revenue(draft, ask):
    revenue = {f"a-org-years-revenue--{year}": "20000" for year in (2023, 2024, 2025)}

    large = ask(draft, "org", **{"a-org-employees": "500", **revenue}).json["computed"]
    small = ask(draft, "org", **{"a-org-employees": "50", **revenue}).json["computed"]

    assert (large["org.size_class"], small["org.size_class"]) == ("大型", "小型")


def test_what_cannot_be_read_yet_leaves_the_stored_answer_in_place(draft, ask):
    stored = ask(draft, "request").json["funding"]

    answer = ask(draft, "request", **{"a-requested": "3o"})

    assert answer.status_code == 200
    assert answer.json["funding"] == stored


def test_the_rules_speak_in_advance_and_say_where(draft, ask):
    advice = ask(draft, "product", **{"a-category": "其他"}).json["advice"]

    told = next(one for one in advice if one["title"] == "产品类别在支持范围内")
    assert told["verdict"] == "fail"
    assert told["url"].endswith("/sections/product#a-category")


def test_an_objection_that_rests_on_a_value_leads_to_what_the_value_reads(draft, ask):
    cells = {f"a-contracts-{key}--r2": "1" for key in AMOUNTS}

    advice = ask(draft, "sales", **cells).json["advice"]

    told = next(one for one in advice if one["title"] == "首批销售金额")
    assert told["url"].endswith("/sections/sales#table-contracts")


def test_one_field_that_nobody_wrote_on_the_page_changes_nothing(draft, ask):
    assert ask(draft, "product", shown={}).json == ask(draft, "product", shown={"a-nothing": [0, ""]}).json


def test_whoever_may_not_fill_in_asks_for_nothing(session, draft, ask):
    reader = make_member(session, draft.organisation, level=Level.READER)

    refused = ask(draft, "product", person=reader)
    unknown = ask(draft, "nowhere")

    assert (refused.status_code, refused.json["code"]) == (403, "level_cannot_edit")
    assert unknown.status_code == 404


def test_an_input_that_waits_is_stored_once_the_page_says_that_it_shows_it(session, draft, client, clock):
    session.commit()
    sign_in(client, session.get_one(Person, draft.created_by))
    page = client.get(f"/apply/{draft.id}/sections/product").text
    waiting = re.search(r'<template data-later="a-co_developers" data-base="([^"]*)"', page)
    base = json.loads(unescape(waiting[1]))
    kind = queries.load_draft(session, draft).answers["dev_mode", ""]
    shown = {**base, "a-dev_mode": [kind.version, ""]}

    answer = client.post(
        f"/apply/{draft.id}/sections/product",
        data={"shown": json.dumps(shown), "a-dev_mode": "合作", "a-co_developers": "样例大学\r\n样例研究院"},
    )

    assert answer.status_code == 303
    session.expire_all()
    assert queries.load_draft(session, draft).value("co_developers") == ["样例大学", "样例研究院"]


def test_a_text_is_counted_as_it_is_stored(session, draft, client, clock):
    session.commit()
    sign_in(client, session.get_one(Person, draft.created_by))
    text = "\r\n".join(["一" * 99] * 20)  # 2,000 with each line end counted once and the last one missing

    shown = {"a-breakthrough": [queries.load_draft(session, draft).answers["breakthrough", ""].version, ""]}
    for body, status in ((text + "😀", 303), (text + "😀😀", 422)):
        data = {"shown": json.dumps(shown), "a-breakthrough": body}
        assert client.post(f"/apply/{draft.id}/sections/product", data=data).status_code == status


def test_what_is_only_empty_is_told_as_empty_and_not_as_against_the_rules(session, draft, ask, client):
    cleared = {f"a-report_date-{part}": "" for part in "ymd"}
    cleared |= {"a-lab_cma": "", "a-lab_cnas": "", "a-tested_name": "", "a-tested_version": ""}

    advice = {one["title"]: one for one in ask(draft, "testing", **cleared).json["advice"]}

    told = advice["第三方测试报告有效"]
    assert (told["verdict"], told["label"]) == ("unknown", "去填写")
    assert told["text"] == "未填写：CMA 证书编号、CNAS 注册号、测试报告日期，暂不能判断。"
    assert told["url"].endswith("/sections/testing#a-lab_cma")
    assert [one for one in advice.values() if "未取得" in one["text"]] == []


def test_of_a_new_draft_nothing_is_said_against(session, client, clock, now):
    empty = make_application(session, now=now)
    session.commit()
    sign_in(client, session.get_one(Person, empty.created_by))

    for page in ("missing", "submit", "sections/testing"):
        text = client.get(f"/apply/{empty.id}/{page}").text
        assert "未取得" not in text
        assert "不符合 " not in text, page
    assert "未上传：软件著作权登记证书" in client.get(f"/apply/{empty.id}/missing").text
