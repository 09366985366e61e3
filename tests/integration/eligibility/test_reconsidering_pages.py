"""The pages of an objection: the applicant's form, the office's list, case file and answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.models import Reconsideration
from grants.eligibility.states import Answer, Outcome, ReconsiderationState
from grants.kernel.actor import Role
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.eligibility import make_case_call, set_state, submit_case
from tests.integration.eligibility.test_notices import make, words_of
from tests.integration.eligibility.test_reconsidering import answer, ask, make_rejected
from workers.typesetting import typeset_notice

SAID = "住所已于去年迁入本市。"


@pytest.fixture
def rejecting(session):
    return make_staff(session, Role.OFFICER)


@pytest.fixture
def colleague(session):
    return make_staff(session, Role.OFFICER)


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def rejected(session, rejecting, call, now, clock):
    return make_rejected(session, actor_of(session, rejecting), now, call=call)


def test_the_applicant_finds_the_way_and_what_has_become_of_it(session, client, rejected, colleague, now):
    here = f"/apply/{rejected.id}/"
    sign_in(client, session.get_one(Person, rejected.created_by))
    assert f"{here}reconsideration" in client.get(here).text
    assert "2026年4月1日" in client.get(here).text

    answered = client.post(f"{here}reconsideration", data={"statement": SAID})

    assert (answered.status_code, answered.location) == (303, here)
    page = client.get(here).text
    assert SAID in page
    assert "待复核" in page
    assert "预计 2026年4月1日 前答复" in page
    assert f"{here}reconsideration" not in page
    assert client.get(f"{here}reconsideration").status_code == 403
    answer(session, rejected, actor_of(session, colleague), now, Answer.UPHOLD)
    page = client.get(here).text
    assert "维持不予受理" in page
    assert "登记库有误" in page


def test_what_was_typed_stays_on_the_form(session, client, rejected):
    sign_in(client, session.get_one(Person, rejected.created_by))

    page = client.post(f"/apply/{rejected.id}/reconsideration", data={"statement": "长" * 2_001})

    assert page.status_code == 200
    assert "长" * 2_001 in page.text
    assert "不超过 2000 字" in page.text


def test_after_the_last_day_the_page_says_what_is_left(session, client, rejected, clock, now):
    clock.move_to(now + timedelta(days=15))
    sign_in(client, session.get_one(Person, rejected.created_by))

    page = client.get(f"/apply/{rejected.id}/").text

    assert f"/apply/{rejected.id}/reconsideration" not in page
    assert "申请复核的期限已过" in page


def test_the_office_finds_it_among_its_work_and_answers(session, client, rejected, colleague, now):
    ask(session, rejected, now, statement=SAID)
    sign_in(client, colleague)
    case = f"/staff/cases/{rejected.ref}"
    listed = client.get("/staff/?view=objected").text
    assert rejected.ref in listed
    assert "待复核" in listed
    page = client.get(case).text
    assert SAID in page
    assert f"{case}/reconsider" in page
    form = client.get(f"{case}/reconsider").text
    assert SAID in form
    decision = queries.find_decision(session, rejected)
    given = {"decision": str(decision.id), "answer": "take_back"}

    assert "请写明理由" in client.post(f"{case}/reconsider", data=given).text
    answered = client.post(f"{case}/reconsider", data={**given, "reason": "已核营业执照。"})

    assert (answered.status_code, answered.location) == (303, case)
    session.refresh(rejected)
    assert rejected.state is S.SUBMITTED
    assert rejected.ref not in client.get("/staff/?view=objected").text
    assert client.post(f"{case}/reconsider", data={**given, "reason": "再来"}).status_code == 409


def test_who_rejected_reads_that_somebody_else_has_to(session, client, rejected, rejecting, now):
    ask(session, rejected, now)
    sign_in(client, rejecting)
    case = f"/staff/cases/{rejected.ref}"

    assert "须由另一位经办人办理" in client.get(case).text
    assert client.get(f"{case}/reconsider").status_code == 403
    given = {"decision": str(queries.find_decision(session, rejected).id), "answer": "uphold", "reason": "维持"}
    assert client.post(f"{case}/reconsider", data=given).status_code == 403
    assert session.scalars(select(Reconsideration.state)).one() is ReconsiderationState.ASKED


def test_unasked_only_taking_back_is_offered(session, client, rejected, colleague):
    sign_in(client, colleague)

    page = client.get(f"/staff/cases/{rejected.ref}/reconsider").text

    assert 'value="take_back"' in page
    assert 'value="uphold"' not in page


def test_a_public_round_leaves_what_can_still_be_said(session, client, rejected, colleague, call, now):
    ask(session, rejected, now)
    set_state(session, submit_case(session, call=call), S.ON_NOTICE)
    sign_in(client, colleague)

    page = client.get(f"/staff/cases/{rejected.ref}/reconsider").text

    assert 'value="take_back"' not in page
    assert 'value="find_wrong"' in page
    assert "本批次已经公示" in page


def test_a_public_round_without_a_request_leaves_nothing(session, client, rejected, colleague, call):
    set_state(session, submit_case(session, call=call), S.ON_NOTICE)
    sign_in(client, colleague)

    assert "本批次已经公示" in client.get(f"/staff/cases/{rejected.ref}").text
    assert client.get(f"/staff/cases/{rejected.ref}/reconsider").status_code == 403


def test_the_former_notice_stays_and_is_marked(session, client, rejected, rejecting, colleague, now, drain):
    (notice,) = queries.list_notices(session, rejected)
    make(session, notice, now)
    answer(session, rejected, actor_of(session, colleague), now)
    drain()
    for person, page in (
        (session.get_one(Person, rejected.created_by), f"/apply/{rejected.id}/"),
        (rejecting, f"/staff/cases/{rejected.ref}"),
    ):
        sign_in(client, person)
        text = client.get(page).text
        assert f"notices/{notice.decision_id}.pdf" in text
        assert "已撤销" in text
        assert "撤销不予受理，重新核验" in text
        assert "登记库有误" in text
        assert "住所不在本市。" in text  # the reason of the rejection, in the history


def test_the_notice_says_how_and_until_when_to_object(session, rejected):
    (notice,) = queries.list_notices(session, rejected)
    words = words_of(typeset_notice(notice.content, sha256=notice.sha256))
    former = notice.content.replace(',"reconsider_until":"2026-04-01"', "")
    assert former != notice.content

    assert "2026年4月1日24:00" in words
    assert "申请复核" in words
    assert "也可以向受理部门书面提出异议" in words
    assert "申请复核" not in words_of(typeset_notice(former, sha256=notice.sha256))  # issued before there was a day


def test_a_case_file_asks_no_more_for_a_decision_that_was_taken_back(session, client, rejected, colleague, now, drain):
    sign_in(client, colleague)
    answer(session, rejected, actor_of(session, colleague), now)
    drain()
    decide = {"outcome": Outcome.REJECT, "rule": "SBC-05", "reason": "仍不在本市。"}
    services.decide(session, rejected, actor=actor_of(session, colleague), now=now, **decide)

    page = client.get(f"/staff/cases/{rejected.ref}").text

    assert page.count("形式审查：不予受理") == 1
    assert "仍不在本市。" in page
