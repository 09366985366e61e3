"""The pages of the desk and of the formal check as people meet them."""

import re
from datetime import timedelta

import pytest

from grants.applications.states import ApplicationState as S
from grants.kernel.actor import Role
from grants.publication.models import Notice
from tests.factories.accounts import make_member, make_organisation, make_staff, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_extension
from tests.factories.eligibility import make_case_call, make_checked, set_state, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


@pytest.fixture
def call(session):
    return make_case_call(session)


def page_of(client, person, path, status=200):
    sign_in(client, person)
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:2_000]
    return answer.text


def test_the_home_page_shows_open_calls_to_everybody(session, client, call):
    answer = client.get("/")

    assert answer.status_code == 200
    assert call.title in answer.text
    assert "天后截止" in answer.text


def test_the_home_page_without_any_call_says_so(client, session):
    assert "目前没有正在受理的专项" in client.get("/").text


def test_the_worklist_shows_what_waits_for_the_officer(session, client, call):
    application = make_checked(session, call=call)
    text = page_of(client, make_staff(session, Role.OFFICER), "/staff/")

    assert application.ref in text
    assert application.organisation.name in text


def test_an_officer_of_another_call_sees_nothing(session, client, call):
    application = make_checked(session, call=call)
    officer = make_staff(session, Role.OFFICER, scope="HLW-2099-01")

    assert application.ref not in page_of(client, officer, "/staff/?view=all")
    page_of(client, officer, f"/staff/cases/{application.ref}", status=404)


def test_a_district_officer_sees_only_cases_that_were_passed_to_the_district(session, client):
    call = make_case_call(session, "hlw")
    near = make_checked(session, code="hlw", call=call, org={"reg_district": "310115"})
    far = make_checked(session, code="hlw", call=call, org={"reg_district": "310104"})
    waiting = submit_case(session, code="hlw", call=call, org={"reg_district": "310115"})
    officer = make_staff(session, Role.DISTRICT_OFFICER, scope="310115")

    text = page_of(client, officer, "/staff/")

    assert near.ref in text
    assert far.ref not in text
    assert waiting.ref not in text
    page_of(client, officer, f"/staff/cases/{far.ref}", status=404)
    assert "填写区级初审意见" in page_of(client, officer, f"/staff/cases/{near.ref}")


@pytest.mark.parametrize(
    "question",
    ["q={ref}", "q=1", "q={uscc}", "q={name}", "state=checked", "district=310115", "verdict=clear", "call={call}"],
)
def test_search_and_filters_find_the_case(session, client, call, question):
    application = make_checked(session, call=call)
    organisation = application.organisation
    facts = {"ref": application.ref, "uscc": organisation.uscc.lower(), "name": organisation.name[:9], "call": call.ref}

    text = page_of(client, make_staff(session, Role.OFFICER), f"/staff/?{question.format(**facts)}")

    assert f"/staff/cases/{application.ref}" in text


@pytest.mark.parametrize(
    "question", ["q=SBC-2099-01-0001", "q=没有这家", "state=rejected", "verdict=reject", "district=310104"]
)
def test_what_does_not_match_is_not_shown(session, client, call, question):
    application = make_checked(session, call=call)

    text = page_of(client, make_staff(session, Role.OFFICER), f"/staff/?{question}")

    assert f"/staff/cases/{application.ref}" not in text
    assert "没有符合条件的案卷" in text


@pytest.mark.parametrize("question", ["state=secret", "view=nobody", "verdict=x", "district=1", "call=X", "after=@@"])
def test_a_filter_that_no_link_has_made_is_refused_in_words(session, client, call, question):
    make_checked(session, call=call)

    text = page_of(client, make_staff(session, Role.OFFICER), f"/staff/?{question}", status=422)

    assert "无效" in text


def test_the_case_file_has_answers_findings_documents_and_the_way_it_went(session, client, call):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    application = make_checked(session, call=call, organisation=organisation, registers=False)

    text = page_of(client, make_staff(session, Role.OFFICER), f"/staff/cases/{application.ref}")

    for words in ("首批销售", "SBC-05", "SBC-21", "自动核验完成", "营业执照", "不予受理", "退回补正", "系统核算上限"):
        assert words in text


def test_an_auditor_reads_without_personal_data_and_decides_nothing(session, client, call):
    application = make_checked(session, call=call)

    text = page_of(client, make_staff(session, Role.AUDITOR), f"/staff/cases/{application.ref}")

    assert "张示例" not in text
    assert "name@example.com" not in text
    assert "确认受理" not in text


def test_the_enterprise_reads_that_a_proposed_rejection_waits_for_a_person(session, client, call):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    application = make_checked(session, call=call, organisation=organisation, registers=False)

    text = page_of(client, make_member(session, organisation), f"/apply/{application.id}/")

    assert "待人工确认" in text
    assert "不予受理" not in text.replace("如需补正或不予受理", "")
    assert "不符合" not in text


def test_the_enterprise_sees_that_checking_is_under_way(session, client, call):
    application = submit_case(session, call=call)

    text = page_of(client, make_member(session, application.organisation), f"/apply/{application.id}/")

    assert "正在自动核验" in text


@pytest.mark.parametrize("state", [S.PROPOSED, S.NOT_FUNDED])
def test_what_is_only_proposed_is_not_told_before_the_notice(session, client, call, state):
    application = make_checked(session, call=call)
    set_state(session, application, state)
    person = make_member(session, application.organisation)

    for path in ("/apply/", f"/apply/{application.id}/"):
        text = page_of(client, person, path)
        assert "拟支持" not in text
        assert "未予支持" not in text
        assert "评审完成" in text
    assert session.query(Notice).count() == 0


def test_time_that_was_granted_stands_in_the_timeline_of_those_it_concerns(session, client, call, now):
    own, other = make_application(session, call=call), make_application(session, call=call)
    make_extension(session, call, organisation=own.organisation, approved=True, now=now)
    make_extension(session, call, organisation=own.organisation, until_at=call.closes_at + timedelta(days=9), now=now)

    mine = page_of(client, make_member(session, own.organisation), f"/apply/{own.id}/")
    theirs = page_of(client, make_member(session, other.organisation), f"/apply/{other.id}/")

    assert (mine.count("获准延期提交"), mine.count("园区停电一天")) == (1, 1)
    assert "获准延期提交" not in theirs


def test_the_enterprise_home_puts_what_is_due_first(session, client, call):
    application = make_checked(session, call=call)

    text = page_of(client, make_member(session, application.organisation), "/apply/")

    assert application.title in text
    assert "形式审查" in text


def test_a_draft_tells_the_amount_it_asks_for_so_far(session, client, call):
    filled, empty = make_application(session, call=call, complete=True), make_application(session, call=call)
    session.flush()

    for path in ("/apply/", f"/apply/{filled.id}/"):
        text = page_of(client, make_member(session, filled.organisation), path)
        assert re.search(r"申请 [\d.]+ 万元|<dd>[\d.]+ 万元</dd>", text), path
    assert "<dd>未填写</dd>" in page_of(client, make_member(session, empty.organisation), f"/apply/{empty.id}/")


def test_an_enterprise_without_applications_is_told_how_to_begin(session, client):
    assert "还没有申报" in page_of(client, make_member(session), "/apply/")


def test_another_enterprise_does_not_learn_that_the_application_exists(session, client, call):
    application = submit_case(session, call=call)

    page_of(client, make_member(session), f"/apply/{application.id}/", status=404)


def test_every_state_has_its_page_on_both_sides(session, client, call):
    application = make_checked(session, call=call)
    member, officer = make_member(session, application.organisation), make_staff(session, Role.OFFICER)
    pages = {
        member: (f"/apply/{application.id}/", "/apply/"),
        officer: (f"/staff/cases/{application.ref}", "/staff/?view=all"),
    }
    for person, paths in pages.items():
        sign_in(client, person)
        for state in S:
            set_state(session, application, state)
            answers = [client.get(path) for path in paths]
            assert [answer.status_code for answer in answers] == [200, 200], state


def test_a_late_case_is_marked(session, client, call, clock, now):
    make_checked(session, call=call)
    clock.move_to(now + timedelta(days=12))

    assert "超期" in page_of(client, make_staff(session, Role.OFFICER), "/staff/")
