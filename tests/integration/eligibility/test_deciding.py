"""Accepting, returning, rejecting, recommending: through the services and through the forms."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from grants.applications.models import Claim, CorrectionRequest
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.errors import DecisionIncompleteError
from grants.eligibility.models import FormalDecision
from grants.eligibility.states import Outcome, RunKind
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from grants.kernel.money import yuan
from grants.notifications import InboxItem
from tests.factories.accounts import actor_of, make_organisation, make_staff, sign_in
from tests.factories.eligibility import check, correct_case, make_case_call, make_checked, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers

ITEM = {"path": "tested_version", "row": None, "document": None, "reason": "与产品版本不一致"}


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


def make_refusable(session, **given):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    return make_checked(session, organisation=organisation, registers=False, **given)


def told(session):
    return list(session.scalars(select(InboxItem.kind).order_by(InboxItem.id)))


def test_an_accepted_application_moves_on_and_the_enterprise_is_told(session, officer, now):
    application = make_checked(session)

    decision = services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    assert application.state is S.ACCEPTED
    assert (decision.outcome, decision.decided_by) == (Outcome.ACCEPT, officer.person_id)
    assert told(session) == ["check.finished", "application.accepted"]


def test_accepting_against_a_failed_rule_needs_a_reason(session, officer, now):
    application = make_refusable(session)

    with pytest.raises(DecisionIncompleteError) as refused:
        services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    assert refused.value.code == "decision_reason_missing"
    assert application.state is S.CHECKED
    services.decide(session, application, outcome=Outcome.ACCEPT, reason="登记库有误，已核原件", actor=officer, now=now)
    assert application.state is S.ACCEPTED


def test_a_return_asks_for_everything_at_once_within_the_working_days_of_the_stage(session, officer, now):
    application = make_checked(session, answers={"tested_version": "V9.9"})

    services.decide(
        session, application, outcome=Outcome.RETURN, reason="请更正", correction_items=[ITEM], actor=officer, now=now
    )

    request = session.scalars(select(CorrectionRequest)).one()
    assert application.state is S.RETURNED
    assert (request.items, request.due_on) == ([ITEM], date(2026, 3, 25))  # five working days after a Wednesday
    assert told(session)[-1] == "application.returned"


def test_a_second_return_is_refused(session, officer, now, drain):
    application = make_checked(session, answers={"tested_version": "V9.9"})
    given = {"outcome": Outcome.RETURN, "reason": "请更正", "correction_items": [ITEM], "actor": officer}
    services.decide(session, application, **given, now=now)
    correct_case(session, application, now=now + timedelta(days=1), tested_version="V8.8")
    drain()

    with pytest.raises(ForbiddenError) as refused:
        services.decide(session, application, **given, now=now + timedelta(days=2))

    assert refused.value.code == "correction_used"


def test_what_was_not_put_right_may_then_be_rejected(session, officer, now, drain):
    application = make_checked(session, answers={"tested_version": "V9.9"})
    given = {"outcome": Outcome.RETURN, "reason": "请更正", "correction_items": [ITEM], "actor": officer}
    assert queries.standing_of(session, application, now=now).grounds == ()
    services.decide(session, application, **given, now=now)
    correct_case(session, application, now=now + timedelta(days=1), tested_version="V8.8")
    drain()

    services.decide(
        session,
        application,
        outcome=Outcome.REJECT,
        rule="SBC-16",
        reason="补正后仍不一致",
        actor=officer,
        now=now + timedelta(days=2),
    )

    assert application.state is S.REJECTED


def test_a_rejection_carries_rule_clause_and_reason_and_frees_the_claims(session, officer, now):
    application = make_refusable(session)

    decision = services.decide(
        session, application, outcome=Outcome.REJECT, rule="SBC-05", reason="注册地不在本市", actor=officer, now=now
    )

    open_claims = select(func.count()).select_from(Claim).where(Claim.released_at.is_(None))
    assert application.state is S.REJECTED
    assert (decision.rule, "《" in decision.clause) == ("SBC-05", True)
    assert session.scalar(open_claims) == 0
    assert told(session)[-1] == "application.rejected"


@pytest.mark.parametrize("rule", [None, "SBC-21", "SBC-99"])
def test_a_rejection_must_rest_on_a_failed_rule(session, officer, now, rule):
    application = make_refusable(session)

    with pytest.raises(DecisionIncompleteError):
        services.decide(session, application, outcome=Outcome.REJECT, rule=rule, reason="无", actor=officer, now=now)

    assert application.state is S.CHECKED


def test_unknown_evidence_never_refuses(session, officer, now):
    application = make_checked(session, registers=False)

    with pytest.raises(ForbiddenError) as refused:
        services.decide(
            session, application, outcome=Outcome.REJECT, rule="SBC-05", reason="无", actor=officer, now=now
        )

    assert refused.value.code == "no_ground_to_reject"


def test_the_second_officer_finds_the_state_changed(session, officer, now):
    application = make_checked(session)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    with pytest.raises(IllegalTransitionError):
        services.decide(
            session,
            application,
            outcome=Outcome.RETURN,
            reason="请更正",
            correction_items=[ITEM],
            actor=officer,
            now=now,
        )

    assert session.scalar(select(func.count()).select_from(FormalDecision)) == 1


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_officers_decide(session, now, role):
    application = make_checked(session)
    somebody = actor_of(session, make_staff(session, role))

    with pytest.raises(ForbiddenError) as refused:
        services.decide(session, application, outcome=Outcome.ACCEPT, actor=somebody, now=now)

    assert refused.value.code == "role_missing"


def test_after_t_nothing_is_accepted_before_the_evidence_has_been_read_again(session, officer):
    application = make_checked(session)
    after_t = application.call.closes_at + timedelta(days=1)

    with pytest.raises(ForbiddenError) as refused:
        services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=after_t)

    assert refused.value.code == "check_outstanding"
    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=after_t)


@pytest.fixture
def district_officer(session):
    return actor_of(session, make_staff(session, Role.DISTRICT_OFFICER, scope="310115"))


def at_city(session, application):
    found = {finding.rule: finding for finding in queries.latest_findings(session, application)}
    return found["HLW-23"].verdict, found["HLW-23"].due


def test_a_case_passes_to_its_district_and_on_its_word_to_the_city(session, officer, district_officer, now, drain):
    application = make_checked(session, code="hlw")
    drain()
    assert application.state is S.DISTRICT_REVIEW
    assert at_city(session, application) == ("unknown", False)
    with pytest.raises(ForbiddenError) as refused:
        services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)
    assert refused.value.code == "with_district"

    services.give_opinion(
        session,
        application,
        recommended=True,
        match_fen=yuan(500_000),
        opinion="示例意见",
        actor=district_officer,
        now=now,
    )
    drain()

    assert at_city(session, application) == ("pass", True)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)
    assert application.state is S.ACCEPTED


def test_the_citys_rules_must_have_run_before_the_case_is_accepted(session, officer, district_officer, now):
    application = make_checked(session, code="hlw")
    given = {"recommended": True, "opinion": "", "actor": district_officer, "now": now}
    services.give_opinion(session, application, **given)

    with pytest.raises(ForbiddenError) as refused:
        services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    assert refused.value.code == "check_outstanding"


def test_a_district_that_does_not_recommend_says_why(session, district_officer, now):
    application = make_checked(session, code="hlw")

    with pytest.raises(DecisionIncompleteError):
        services.give_opinion(session, application, recommended=False, opinion=" ", actor=district_officer, now=now)

    assert application.state is S.DISTRICT_REVIEW


def test_the_district_of_another_case_has_no_word(session, now):
    application = make_checked(session, code="hlw")
    other = actor_of(session, make_staff(session, Role.DISTRICT_OFFICER, scope="310104"))

    with pytest.raises(ForbiddenError) as refused:
        services.give_opinion(session, application, recommended=True, opinion="", actor=other, now=now)

    assert refused.value.code == "not_your_district"


def test_a_district_that_lets_its_deadline_pass_has_not_recommended(session, now, drain):
    application = make_checked(session, code="hlw")
    closed_on = application.call.closes_at
    assert services.pass_overdue_districts(session, actor=SYSTEM, now=closed_on + timedelta(days=9)) == 0

    assert services.pass_overdue_districts(session, actor=SYSTEM, now=closed_on + timedelta(days=30)) == 1
    drain()

    assert application.state is S.CHECKED
    assert at_city(session, application) == ("fail", True)


def test_a_call_whose_working_days_nobody_has_entered_does_not_hold_up_the_others(session, now, drain):
    far, near = make_checked(session, code="hlw"), make_checked(session, code="hlw")
    far.call.closes_at = now.replace(year=2099)
    session.flush()

    assert services.pass_overdue_districts(session, actor=SYSTEM, now=near.call.closes_at + timedelta(days=30)) == 1
    assert services.pass_overdue_districts(session, actor=SYSTEM, now=now.replace(year=2099, month=12)) == 0

    assert (far.state, near.state) == (S.DISTRICT_REVIEW, S.CHECKED)


def test_a_correction_in_the_same_district_keeps_the_districts_word(session, officer, district_officer, now, drain):
    application = passed_and_returned(session, officer, district_officer, now, drain)

    correct_case(session, application, now=now, mlps_level="三")
    drain()

    assert application.state is S.CHECKED
    assert at_city(session, application) == ("pass", True)


def test_a_correction_that_changes_the_district_starts_its_step_again(session, officer, district_officer, now, drain):
    application = passed_and_returned(session, officer, district_officer, now, drain)

    correct_case(session, application, now=now, org={"reg_district": "310104"})
    drain()

    assert application.state is S.DISTRICT_REVIEW
    assert queries.find_opinion(session, application) is None


def passed_and_returned(session, officer, district_officer, now, drain):
    application = make_checked(session, code="hlw")
    services.give_opinion(session, application, recommended=True, opinion="", actor=district_officer, now=now)
    drain()
    item = {"path": "mlps_level", "row": None, "document": None, "reason": "请核对"}
    services.decide(
        session, application, outcome=Outcome.RETURN, reason="请更正", correction_items=[item], actor=officer, now=now
    )
    return application


def test_an_officer_has_a_register_read_again(session, officer, now, drain):
    organisation = make_organisation(session)
    application = make_checked(session, organisation=organisation, registers=False)
    make_registers(session, organisation.uscc)

    services.request_recheck(session, application, actor=officer, now=now)
    drain()

    assert queries.find_summary(session, application.id).unknown == 0
    with pytest.raises(ForbiddenError) as refused:
        services.request_recheck(session, application, actor=officer, now=now)
    assert refused.value.code == "nothing_to_recheck"


# -- by the forms ------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(session, client, clock):
    client.application.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, make_staff(session, Role.OFFICER))
    yield client
    client.application.config["WTF_CSRF_ENABLED"] = True


def test_the_form_of_a_return_has_the_items_of_the_findings_ticked(session, browser):
    application = make_checked(session, answers={"tested_version": "V9.9"}, without_documents=("a2",))

    text = browser.get(f"/staff/cases/{application.ref}/return").text

    assert "tested_version||" in text
    assert "||a2" in text
    assert text.count("checked") >= 2


def test_a_return_by_the_form_keeps_what_was_ticked_and_what_was_added(session, browser):
    application = make_checked(session, answers={"tested_version": "V9.9"})
    form = {
        "chosen": ["tested_version||", "||a5"],
        "why-||a5": "缺资质章",
        "reason": "请一并更正",
        "send": "1",
    }

    answer = browser.post(f"/staff/cases/{application.ref}/return", data=form)

    request = session.scalars(select(CorrectionRequest)).one()
    assert answer.status_code == 303
    assert [(item["path"], item["document"]) for item in request.items] == [("tested_version", None), (None, "a5")]
    assert "退回补正" in browser.get(answer.location).text


def test_any_field_row_and_paper_can_be_marked(session, browser):
    application = make_checked(session)

    text = browser.get(f"/staff/cases/{application.ref}/return").text

    for value in ("product_name||", "org.contact_phone||", "contracts||", "contracts|r1|", "||a2", "|r1|a6"):
        assert f'value="{value}"' in text
    assert 'value="size_class||"' not in text


def test_the_whole_notice_is_read_before_it_is_sent(session, browser):
    application = make_checked(session)
    form = {"chosen": ["contracts|r1|"], "why-contracts|r1|": "金额与发票不符", "reason": "请更正"}

    preview = browser.post(f"/staff/cases/{application.ref}/return", data=form).text

    assert "首批销售合同第 1 行：金额与发票不符" in preview
    assert "第 1 次补正，共 1 次" in preview
    session.refresh(application)
    assert application.state is S.CHECKED
    browser.post(f"/staff/cases/{application.ref}/return", data={**form, "send": "1"})
    told = session.scalars(select(InboxItem.facts).where(InboxItem.kind == "application.returned")).all()
    assert [facts["items"] for facts in told] == ["1. 首批销售合同第 1 行：金额与发票不符"]


def test_going_back_from_the_notice_keeps_everything(session, browser):
    application = make_checked(session)
    form = {"chosen": ["||a2"], "why-||a2": "不清晰", "reason": "请更正", "edit": "1"}

    text = browser.post(f"/staff/cases/{application.ref}/return", data=form).text

    assert "不清晰" in text
    assert "预览通知" in text
    assert 'id="mark-||a2" checked' in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"reason": "请更正"}, "请至少选择一项需要补正的内容"),
        ({"chosen": ["tested_version||"]}, "请写明总体说明"),
        ({"chosen": ["nothing||"], "reason": "x"}, "请从所列选项中选择"),
        ({"chosen": ["||a5"], "reason": "x"}, "请写明这一项为什么要补正"),
        ({"chosen": ["tested_version||"], "why-||a5": "缺页", "reason": "x"}, "写了原因但没有勾选"),
        ({"chosen": ["||a5"], "why-||a5": "长" * 501, "reason": "x"}, "不超过 500 字"),
        ({"chosen": ["tested_version||"], "reason": "长" * 2_001}, "不超过 2000 字"),
    ],
)
def test_a_return_that_lacks_something_says_what(session, browser, form, words):
    application = make_checked(session, answers={"tested_version": "V9.9"})

    answer = browser.post(f"/staff/cases/{application.ref}/return", data={**form, "send": "1"})

    assert (answer.status_code, words in answer.text) == (200, True)
    session.refresh(application)
    assert application.state is S.CHECKED


def test_a_rejection_by_the_form(session, browser):
    application = make_refusable(session)

    answer = browser.post(f"/staff/cases/{application.ref}/reject", data={"rule": "SBC-05", "reason": "注册地不在本市"})

    session.refresh(application)
    assert (answer.status_code, application.state) == (303, S.REJECTED)


def test_accepting_what_a_colleague_has_just_returned_is_a_conflict_and_changes_nothing(session, browser, officer, now):
    application = make_checked(session)
    services.decide(
        session, application, outcome=Outcome.RETURN, reason="请更正", correction_items=[ITEM], actor=officer, now=now
    )

    answer = browser.post(f"/staff/cases/{application.ref}/decide", data={"reason": ""})

    assert answer.status_code == 409
    assert "刚刚已被改变" in answer.text
    session.refresh(application)
    assert application.state is S.RETURNED


def test_the_districts_word_by_the_form(session, client, clock):
    client.application.config["WTF_CSRF_ENABLED"] = False
    try:
        application = make_checked(session, code="hlw")
        sign_in(client, make_staff(session, Role.DISTRICT_OFFICER, scope="310115"))
        form = {"recommended": "yes", "match_fen": "50", "opinion": "示例意见"}

        answer = client.post(f"/staff/cases/{application.ref}/opinion", data=form)

        opinion = queries.find_opinion(session, application)
        assert (answer.status_code, opinion.match_fen) == (303, yuan(500_000))
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = True


def test_pages_that_cannot_be_used_say_why(session, browser):
    application = submit_case(session, call=make_case_call(session))

    answer = browser.get(f"/staff/cases/{application.ref}/decide")

    assert (answer.status_code, "不在形式审查环节" in answer.text) == (403, True)


def test_asking_for_the_head_of_a_page_that_cannot_be_used_is_refused_like_the_page(session, browser):
    application = submit_case(session)

    assert browser.head(f"/staff/cases/{application.ref}/decide").status_code == 403


def test_a_correction_that_was_not_answered_in_time_ends(session, officer, now, drain):
    application = make_checked(session, answers={"tested_version": "V9.9"})
    services.decide(
        session, application, outcome=Outcome.RETURN, reason="请更正", correction_items=[ITEM], actor=officer, now=now
    )
    last_day = session.scalars(select(CorrectionRequest.due_on)).one()
    on_the_day = now + (last_day - now.date())

    assert services.expire_overdue(session, actor=SYSTEM, now=on_the_day) == 0
    assert services.expire_overdue(session, actor=SYSTEM, now=on_the_day + timedelta(days=1)) == 1
    drain()

    assert application.state is S.EXPIRED
    assert services.expire_overdue(session, actor=SYSTEM, now=on_the_day + timedelta(days=1)) == 0
