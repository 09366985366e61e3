"""Saving while one types, as the page's script does it: JSON in words, the button's own protection, few queries."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.accounts.states import Level
from grants.applications import queries, services
from grants.applications.domain import digest
from grants.applications.models import Answer, Application, DraftPresence
from grants.audit.models import AuditEntry
from tests.factories.accounts import actor_of, make_member, make_membership, sign_in
from tests.factories.applications import make_application, owner_of
from tests.support.statements import counted

JSON = {"Accept": "application/json"}
EMPTY = [0, digest(None)]
MOST_QUERIES = 6
DEMO_CLOCK = 1  # read with every request while the clock can be moved, never in production


@pytest.fixture
def application(session, now, clock):
    application = make_application(session, now=now)
    session.commit()
    return application


@pytest.fixture
def send(client, application, session):
    """Send inputs of a page as its script does; ``shown`` are the bases of what is sent."""
    owner = session.get_one(Person, application.created_by)
    sign_in(client, owner)

    def post(shown=None, what="autosave", person=None, **fields):
        form = {"person": str((person or owner).id), "shown": json.dumps(shown or {}), **fields}
        return client.post(f"/apply/{application.id}/{what}", data=form, headers=JSON)

    return post


def value_of(session, application, path, row=""):
    session.expire_all()
    return queries.load_draft(session, application).value(path, row)


def test_what_is_sent_is_stored_and_gives_the_base_of_the_next_save(send, session, application):
    first = send({"a-product_name": EMPTY}, **{"a-product_name": "示例"})
    again = send({"a-product_name": first.json["saved"]["a-product_name"]}, **{"a-product_name": "示例软件"})

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json["saved"] == {"a-product_name": [2, digest("示例软件")]}
    assert again.json["saved_time"] == "12:00"
    assert value_of(session, application, "product_name") == "示例软件"
    assert session.get_one(Application, application.id).title == "示例软件"


def test_every_kind_of_input_is_read_as_the_form_reads_it(send, session, application):
    names = ("release_date", "rd_invest", "domestic_env", "dev_mode", "tech_summary")
    answer = send(
        {f"a-{name}": EMPTY for name in names},
        **{
            "a-release_date-y": "2025",
            "a-release_date-m": "3",
            "a-release_date-d": "2",
            "a-rd_invest": "123.5万元",
            "a-domestic_env": ["国产数据库", "国产处理器"],
            "a-dev_mode": "自主",
            "a-tech_summary": "第一行\r\n第二行",
        },
    )

    assert set(answer.json["saved"]) == {f"a-{name}" for name in names}
    assert value_of(session, application, "release_date") == "2025-03-02"
    assert value_of(session, application, "rd_invest") == 123_500_000
    assert value_of(session, application, "domestic_env") == ["国产处理器", "国产数据库"]
    assert value_of(session, application, "tech_summary") == "第一行\n第二行"


def test_a_value_that_cannot_be_read_is_refused_with_its_sentence_and_the_others_are_kept(send, session, application):
    answer = send({"a-rd_invest": EMPTY, "a-version": EMPTY}, **{"a-rd_invest": "很多", "a-version": "V1.0"})

    assert answer.status_code == 200
    assert "请填写金额数字" in answer.json["refused"]["a-rd_invest"]
    assert list(answer.json["saved"]) == ["a-version"]
    assert value_of(session, application, "rd_invest") is None
    assert value_of(session, application, "version") == "V1.0"


def test_a_colleague_s_text_on_the_same_answer_is_shown_beside_mine_and_stays(send, session, application, now):
    colleague = make_member(session, application.organisation)
    entry = services.Entry("release_date", "", "2025-06-01")
    services.save_answers(session, application, [entry], actor=actor_of(session, colleague), now=now)
    session.commit()

    answer = send(
        {"a-release_date": EMPTY}, **{"a-release_date-y": "2025", "a-release_date-m": "3", "a-release_date-d": "2"}
    )

    conflict = answer.json["conflicts"]["a-release_date"]
    assert answer.json["saved"] == {}
    assert (conflict["by"], conflict["mine"], conflict["theirs"]) == (colleague.name, "2025年3月2日", "2025年6月1日")
    assert conflict["inputs"] == [["a-release_date-y", "2025"], ["a-release_date-m", "6"], ["a-release_date-d", "1"]]
    assert value_of(session, application, "release_date") == "2025-06-01"

    mine = {"a-release_date-y": "2025", "a-release_date-m": "3", "a-release_date-d": "2"}
    assert send({"a-release_date": conflict["base"]}, **mine).json["conflicts"] == {}
    assert value_of(session, application, "release_date") == "2025-03-02"


def test_a_new_row_is_added_with_its_first_answer_and_once(send, session, application):
    name = "a-contracts-contract_no--r00a1"
    new = {"new_table": "contracts", "new_row": "r00a1"}

    empty = send({name: EMPTY}, **{name: "", **new})
    assert empty.status_code == 200
    assert queries.load_draft(session, application).rows == {}

    first = send({name: EMPTY}, **{name: "HT-1", **new})
    repeated = send({name: EMPTY}, **{name: "HT-1", **new})

    assert first.json["saved"] == {name: [1, digest("HT-1")]}
    assert repeated.json["saved"] == first.json["saved"]
    assert value_of(session, application, "contracts.contract_no", "r00a1") == "HT-1"
    assert len(queries.load_draft(session, application).rows["contracts"]) == 1


def test_cells_of_fixed_rows_are_saved_by_year(send, session, application):
    year = application.call.year - 1
    name = f"a-org-years-revenue--{year}"
    answer = send({name: EMPTY, "a-org-years-revenue--1999": EMPTY}, **{name: "100"})

    years = [place for place in queries.load_draft(session, application).answers if place[0] == "org.years.revenue"]
    assert list(answer.json["saved"]) == [name]
    assert years == [("org.years.revenue", str(year))]


def test_a_row_that_was_deleted_meanwhile_is_said_to_be_gone(send, session, application, now):
    owner = owner_of(session, application)
    services.add_row(session, application, "contracts", "r1", actor=owner, now=now)
    services.delete_row(session, application, "contracts", "r1", seen=None, actor=owner, now=now)
    session.commit()

    answer = send({"a-contracts-contract_no--r1": EMPTY}, **{"a-contracts-contract_no--r1": "HT-1"})

    assert (answer.status_code, answer.json["code"]) == (409, "row_gone")
    assert value_of(session, application, "contracts.contract_no", "r1") is None


def test_after_the_close_nothing_is_stored_and_the_reason_said(send, client, session, application, clock):
    clock.move_to(application.call.closes_at + timedelta(minutes=1))
    sign_in(client, session.get_one(Person, application.created_by))

    answer = send({"a-product_name": EMPTY}, **{"a-product_name": "太晚"})

    assert (answer.status_code, answer.json["code"]) == (403, "call_closed")
    assert value_of(session, application, "product_name") is None


def test_somebody_else_who_signed_in_gets_nothing_of_the_page(send, client, session, application):
    owner = session.get_one(Person, application.created_by)
    sign_in(client, make_member(session, application.organisation))
    session.commit()

    answer = send({"a-product_name": EMPTY}, person=owner, **{"a-product_name": "甲的内容"})

    assert (answer.status_code, answer.json["code"]) == (409, "other_person")
    assert value_of(session, application, "product_name") is None


def test_a_reader_stores_nothing(send, client, session, application):
    reader = make_membership(session, organisation=application.organisation, level=Level.READER).person
    session.commit()
    sign_in(client, reader)

    answer = send({"a-product_name": EMPTY}, person=reader, **{"a-product_name": "读者"})

    assert (answer.status_code, answer.json["code"]) == (403, "level_cannot_edit")


def test_what_no_page_asks_is_left_out_and_too_much_is_refused(send, session, application):
    odd = [
        "a-nothing",
        "a-contracts",
        "a-org-years-year--2025",
        "a-product_name--r1",
        "a-contracts-contract_no",
        "shown",
    ]

    ignored = send(dict.fromkeys(odd, EMPTY), **dict.fromkeys(odd[:-1], "1"))
    too_many = send({f"a-product_name{number}": EMPTY for number in range(501)})

    assert (ignored.status_code, ignored.json["saved"]) == (200, {})
    assert (too_many.status_code, too_many.json["code"]) == (422, "too_many_answers")
    assert session.scalars(select(Answer).where(Answer.field_key == "contracts")).all() == []


@pytest.mark.parametrize("version", [-1, 2**31 - 1, 10**30])
def test_a_version_no_page_was_shown_neither_breaks_nor_overwrites(send, application, session, version):
    send({"a-version": EMPTY}, **{"a-version": "V1"})

    answer = send({"a-version": [version, "0" * 16]}, **{"a-version": "V2"})

    assert list(answer.json["conflicts"]) == ["a-version"]
    assert value_of(session, application, "version") == "V1"


@pytest.mark.parametrize("standing", [False, True])
def test_one_answer_costs_six_queries_and_one_entry_of_the_log(send, session, application, standing):
    shown = EMPTY
    if standing:
        shown = send({"a-tech_summary": EMPTY}, **{"a-tech_summary": "一"}).json["saved"]["a-tech_summary"]
    entries = select(AuditEntry.detail).where(AuditEntry.kind == "application.answers_saved").order_by(AuditEntry.id)
    before = len(session.scalars(entries).all())

    with counted() as asked:
        answer = send({"a-tech_summary": shown}, **{"a-tech_summary": "改过的内容"})

    assert list(answer.json["saved"]) == ["a-tech_summary"]
    assert asked.queries - DEMO_CLOCK <= MOST_QUERIES - 1, asked.statements
    assert session.scalars(entries).all()[before:] == ['{"answers":["tech_summary"]}']


def test_one_cell_costs_six_queries(send, session, application, now):
    services.add_row(session, application, "contracts", "r1", actor=owner_of(session, application), now=now)
    session.commit()
    name = "a-contracts-contract_no--r1"
    shown = send({name: EMPTY}, **{name: "HT-1"}).json["saved"][name]

    with counted() as asked:
        send({name: shown}, **{name: "HT-2"})

    assert asked.queries - DEMO_CLOCK <= MOST_QUERIES, asked.statements


def test_who_is_signed_in_gets_the_token_of_their_session(client, session, application):
    owner = session.get_one(Person, application.created_by)
    sign_in(client, owner)

    answer = client.get("/apply/session", headers=JSON)
    form = {"person": str(owner.id), "shown": json.dumps({"a-version": EMPTY}), "a-version": "V1"}
    saved = client.forging().post(
        f"/apply/{application.id}/autosave",
        data=form,
        headers={**JSON, "X-CSRFToken": answer.json["csrf_token"], "Referer": "http://localhost/"},
    )

    assert (answer.json["person"], answer.json["name"]) == (str(owner.id), owner.name)
    assert list(saved.json["saved"]) == ["a-version"]


def test_colleagues_see_each_other_and_what_was_changed_on_the_page(send, client, session, application, clock, now):
    owner = session.get_one(Person, application.created_by)
    colleague = make_member(session, application.organisation)
    session.commit()
    alone = send({"a-version": EMPTY}, what="presence", place="product")
    assert (alone.json["people"], alone.json["changes"], alone.json["editable"]) == ([], {}, True)
    assert datetime.fromisoformat(alone.json["now"]) == now

    sign_in(client, colleague)
    seen = send({}, what="presence", person=colleague, place="documents")
    assert [one["name"] for one in seen.json["people"]] == [owner.name]
    assert "产品" in seen.json["people"][0]["text"]
    send({"a-version": EMPTY}, person=colleague, **{"a-version": "V2"})

    sign_in(client, owner)
    back = send({"a-version": EMPTY, "a-product_name": EMPTY}, what="presence", place="product")
    assert back.json["people"] == [{"name": colleague.name, "text": "正在填写“申报材料”，12:00 起"}]
    assert back.json["changes"] == {
        "a-version": {
            "base": [1, digest("V2")],
            "inputs": [["a-version", "V2"]],
            "text": f"{colleague.name} 刚刚修改",
        }
    }

    clock.shift(timedelta(seconds=61))
    assert send({}, what="presence", place="product").json["people"] == []


def test_what_was_last_said_long_ago_is_swept(send, session, application, now):
    send({}, what="presence", place="product")

    assert services.sweep_presence(session, now=now + timedelta(minutes=59)) == 0
    assert services.sweep_presence(session, now=now + timedelta(minutes=61)) == 1
    assert session.scalars(select(DraftPresence)).all() == []


def test_a_page_is_told_that_it_can_no_longer_be_edited(send, client, session, application, clock):
    clock.move_to(application.call.closes_at)
    sign_in(client, session.get_one(Person, application.created_by))

    answer = send({}, what="presence", place="product")

    assert answer.json["editable"] is False
    assert answer.json["reason"]
