"""Overruling, giving out and accepting in one go, by the forms that officers use."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.models import AcceptanceList, CaseAssignment, FindingOverrule
from grants.eligibility.states import Outcome, PersonVerdict
from grants.kernel.actor import Role
from tests.factories.accounts import actor_of, make_organisation, make_staff, sign_in
from tests.factories.eligibility import base_case, make_case_call, make_checked, set_state, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers
from tests.support.statements import queries_of

CLAUSE = "《申报指南》二（1）"
WORKLIST_BOUND = 8
CASE_FILE_BOUND = 12


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def person(session):
    return make_staff(session, Role.OFFICER)


@pytest.fixture
def officer(session, person):
    return actor_of(session, person)


@pytest.fixture
def browser(client, clock, person):
    client.application.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, person)
    yield client
    client.application.config["WTF_CSRF_ENABLED"] = True


def make_refusable(session, call):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    return make_checked(session, call=call, organisation=organisation, registers=False)


def finding_of(session, application, rule="SBC-05"):
    return next(one for one in queries.latest_findings(session, application) if one.rule == rule)


def overrule(session, application, officer, now, reason="已核营业执照原件"):
    given = {"verdict": PersonVerdict.PASS, "reason": reason, "clause": CLAUSE}
    finding = finding_of(session, application)
    return services.overrule_finding(session, application, finding_id=finding.id, **given, actor=officer, now=now)


# -- the case file -----------------------------------------------------------------------------------------------------


def test_the_case_file_groups_findings_by_what_they_ask(session, browser, call):
    application = make_refusable(session, call)

    text = browser.get(f"/staff/cases/{application.ref}").text

    asked = text[text.index('class="panel attn"') : text.index("</nav>", text.index('class="panel attn"'))]
    assert "拟不予受理" in asked
    assert "SBC-05" in asked
    assert "需要补正" not in asked


def test_an_unreachable_register_stands_by_itself(session, browser, call):
    application = make_checked(session, call=call, registers=False)

    text = browser.get(f"/staff/cases/{application.ref}").text

    assert "登记信息暂时取不到" in text


def test_record_and_papers_stand_beside_the_finding(session, browser, call):
    application = make_refusable(session, call)
    contracts = [{**row, "software": "1.00"} for row in base_case("sbc")["answers"]["contracts"]]
    other = make_checked(session, call=call, answers={"contracts": contracts})

    text = browser.get(f"/staff/cases/{application.ref}").text
    card = text[text.index('id="f-SBC-05"') :]
    assert "所用的记录" in card
    assert "在本市登记" in card

    with_papers = browser.get(f"/staff/cases/{other.ref}").text
    assert "相关材料" in with_papers


def test_the_machines_finding_stays_beside_the_officers(session, browser, call, officer, now):
    application = make_refusable(session, call)
    overrule(session, application, officer, now)

    text = browser.get(f"/staff/cases/{application.ref}").text
    pair = text[text.index('class="judged"') : text.index("</aside>")]

    assert "不符合" in pair
    assert "经办人认为：符合" in pair
    assert "已核营业执照原件" in pair
    assert CLAUSE in pair
    assert "撤回改判" in pair
    assert "已改判" in text


def test_a_case_is_given_to_a_colleague_on_its_file_who_is_named_with_what_they_have(session, browser, call, now):
    application, colleague = make_refusable(session, call), make_staff(session, Role.OFFICER, scope=call.ref)
    make_staff(session, Role.OFFICER, scope="HLW-2099-01")
    taken = submit_case(session, call=call)
    set_state(session, taken, S.CHECKED)
    decided, elsewhere = submit_case(session, call=call), submit_case(session, call=make_case_call(session))
    set_state(session, decided, S.ACCEPTED)
    set_state(session, elsewhere, S.CHECKED)
    for given in (taken, decided, elsewhere):
        session.add(CaseAssignment(application_id=given.id, officer_id=colleague.id, **assigned(colleague, now)))
    session.flush()
    path = f"/staff/cases/{application.ref}"

    text = browser.get(path).text
    form = text[text.index("指派给同事") : text.index("</details>", text.index("指派给同事"))]
    assert f'<option value="{colleague.id}">{colleague.name}（本批次待办 1 件）</option>' in form
    assert form.count("<option") == 2  # the colleague, nobody; an officer of another call is not asked
    answer = browser.post("/staff/assign", data={"ids": str(application.id), "to": str(colleague.id), "back": path})

    assert answer.headers["Location"] == path
    assert f"经办人：{colleague.name}" in browser.get(path).text


def assigned(person, now):
    return {"assigned_by": person.id, "assigned_at": now}


def test_an_officer_without_colleagues_is_offered_none(session, browser, call):
    application = make_refusable(session, call)

    text = browser.get(f"/staff/cases/{application.ref}").text

    assert "指派给我" in text
    assert "指派给同事" not in text


def test_the_record_of_a_register_is_linked_for_those_who_may_open_it(session, client, clock, call):
    application = make_refusable(session, call)
    path, uscc = f"/staff/cases/{application.ref}", application.organisation.uscc

    sign_in(client, make_staff(session, Role.AUDITOR))
    links = re.findall(r'<a href="(/staff/registers/snapshots/[^"]+)">示例reg登记库</a>', client.get(path).text)
    assert links
    record = client.get(links[0].replace("&amp;", "&")).text
    assert record.count(f'mono">{uscc}</th>') == 1

    sign_in(client, make_staff(session, Role.OFFICER, scope=call.ref))
    text = client.get(path).text
    assert "示例reg登记库" in text
    assert "/staff/registers/snapshots/" not in text


def test_readers_who_decide_nothing_are_not_offered_to_overrule(session, client, clock, call):
    application = make_refusable(session, call)
    sign_in(client, make_staff(session, Role.AUDITOR))

    text = client.get(f"/staff/cases/{application.ref}").text

    assert "/overrule" not in text
    assert "指派给我" not in text


def test_the_case_file_asks_equally_often_however_much_was_overruled(session, browser, call, officer, now):
    application = make_refusable(session, call)
    path = f"/staff/cases/{application.ref}"
    overrule(session, application, officer, now)
    session.expire_all()
    few = queries_of(browser, path)
    for minute in range(1, 6):
        overrule(session, application, officer, now + timedelta(minutes=minute))
    session.expire_all()

    assert queries_of(browser, path) == few <= CASE_FILE_BOUND


# -- overruling --------------------------------------------------------------------------------------------------------


def test_a_finding_is_overruled_by_its_form(session, browser, call):
    application = make_refusable(session, call)
    path = f"/staff/cases/{application.ref}/findings/{finding_of(session, application).id}/overrule"
    page = browser.get(path).text
    assert finding_of(session, application).clause in page
    assert 'value="fail"' not in page

    answer = browser.post(path, data={"verdict": "pass", "clause": CLAUSE, "reason": "已核原件"})

    assert (answer.status_code, answer.location) == (303, f"/staff/cases/{application.ref}#f-SBC-05")
    assert session.scalars(select(FindingOverrule)).one().clause == CLAUSE


@pytest.mark.parametrize(
    ("missing", "words"),
    [("verdict", "请选择您的结论"), ("clause", "请写明依据的条款"), ("reason", "请写明理由")],
)
def test_verdict_clause_and_reason_are_asked_for(session, browser, call, missing, words):
    application = make_refusable(session, call)
    path = f"/staff/cases/{application.ref}/findings/{finding_of(session, application).id}/overrule"
    form = {"verdict": "pass", "clause": CLAUSE, "reason": "已核原件", missing: ""}

    answer = browser.post(path, data=form)

    assert answer.status_code == 200
    assert words in answer.text
    assert session.scalars(select(FindingOverrule)).all() == []


def test_an_overrule_is_taken_back_by_its_form(session, browser, call, officer, now):
    application = make_refusable(session, call)
    given = overrule(session, application, officer, now)
    path = f"/staff/cases/{application.ref}/findings/{given.finding_id}/withdraw-overrule"
    assert "已核营业执照原件" in browser.get(path).text

    assert browser.post(path, data={"reason": "原件有误"}).status_code == 303
    assert session.scalars(select(FindingOverrule.verdict).order_by(FindingOverrule.number)).all() == ["pass", None]
    assert "请返回案卷重新查看" in browser.get(path.replace(str(given.finding_id), str(given.id))).text


# -- giving out --------------------------------------------------------------------------------------------------------


def test_ticked_cases_are_given_to_an_officer_and_the_list_says_whose_they_are(session, browser, call, person):
    first, second = make_checked(session, call=call), make_checked(session, call=call)
    form = {"ids": [str(first.id), str(second.id)], "to": str(person.id), "back": "/staff/?view=check"}

    answer = browser.post("/staff/assign", data=form)

    assert (answer.status_code, answer.location) == (303, "/staff/?view=check")
    assert "已办理 2 件指派" in browser.get(answer.location).text
    for view, shown in (("mine", True), ("free", False)):
        assert (first.ref in browser.get(f"/staff/?view={view}").text) is shown
    assert first.ref in browser.get("/staff/?officer=me").text
    assert first.ref not in browser.get("/staff/?officer=nobody").text


@pytest.mark.parametrize("form", [{}, {"ids": "x"}, {"to": "x"}, {"back": "//evil.example/"}])
def test_an_assignment_that_no_form_has_made_is_refused_in_words(session, browser, form):
    answer = browser.post("/staff/assign", data={"to": "", **form})

    assert answer.status_code == 422
    assert "没有选中任何案卷" in answer.text


def test_a_path_of_another_site_is_not_followed(session, browser, call, person):
    application = make_checked(session, call=call)

    answer = browser.post(
        "/staff/assign", data={"ids": str(application.id), "to": str(person.id), "back": "//evil.example/"}
    )

    assert answer.location == "/staff/"


def test_what_nobody_has_is_shared_out_by_the_form(session, browser, call, person):
    for _ in range(3):
        make_checked(session, call=call)
    assert "没有指派的 3 件" in browser.get(f"/staff/calls/{call.ref}/share").text

    answer = browser.post(f"/staff/calls/{call.ref}/share", data={"officers": [str(person.id)]})

    assert answer.status_code == 303
    assert len(session.scalars(select(CaseAssignment)).all()) == 3
    assert "没有需要分配的案卷" in browser.get(f"/staff/calls/{call.ref}/share").text


def test_the_workload_shows_who_has_what_and_what_is_late(session, browser, call, person, clock, now):
    application = make_checked(session, call=call)
    browser.post("/staff/assign", data={"ids": str(application.id), "to": str(person.id)})
    clock.move_to(now + timedelta(days=12))
    sign_in(browser, person)

    text = browser.get(f"/staff/workload?call={call.ref}").text

    assert person.name in text
    assert "超期" in text
    assert "批量受理" in text


@pytest.mark.parametrize("path", ["/staff/workload?call=X", "/staff/overrules?call=X", "/staff/overrules.csv"])
def test_a_call_that_no_link_names_is_refused(session, browser, path):
    assert browser.get(path).status_code == 422


# -- the worklist ------------------------------------------------------------------------------------------------------


def test_the_worklist_is_sorted_by_the_last_day_and_pages_follow_each_other(session, browser, call, now):
    made = []
    for number in range(28):
        application = submit_case(session, call=call)
        set_state(session, application, S.CHECKED)
        application.due_on = (now + timedelta(days=(number * 7) % 28)).date()
        made.append(application)
    session.flush()
    wanted = [one.ref for one in sorted(made, key=lambda one: (one.due_on, one.id))]

    first = browser.get("/staff/?view=check&sort=due").text
    address = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    shown = [ref for text in (first, browser.get(address).text) for ref in re.findall(r'm-no">([^<]+)<', text)]

    assert shown == wanted


def test_what_is_late_and_what_fails_after_acceptance_have_their_views(session, browser, person, call, clock, now):
    late, failing = make_checked(session, call=call), make_refusable(session, call)
    set_state(session, failing, S.ACCEPTED)
    clock.move_to(now + timedelta(days=12))
    sign_in(browser, person)

    assert late.ref in browser.get("/staff/?view=late").text
    text = browser.get("/staff/?view=recheck").text
    assert failing.ref in text
    assert late.ref not in text
    assert 'class="late">1<' in text


@pytest.mark.parametrize(
    "path", ["/staff/?view=check&sort=due", "/staff/?view=mine", "/staff/?view=free", "/staff/workload"]
)
def test_lists_ask_equally_often_for_one_case_and_for_thirty(session, browser, call, person, path):
    make_checked(session, call=call)
    few = queries_of(browser, path)
    for number in range(29):
        application = submit_case(session, call=call)
        set_state(session, application, S.CHECKED)
        if number % 2:
            session.add(
                CaseAssignment(
                    application_id=application.id,
                    officer_id=person.id,
                    assigned_by=person.id,
                    assigned_at=application.state_since,
                )
            )
    session.flush()
    session.expire_all()

    assert queries_of(browser, path) == few <= WORKLIST_BOUND


# -- accepting in one go -----------------------------------------------------------------------------------------------


def test_clean_cases_are_read_confirmed_and_accepted(session, browser, call, drain):
    clean, refusable = make_checked(session, call=call), make_refusable(session, call)
    staged = browser.post("/staff/acceptances/stage", data={"ids": [str(clean.id), str(refusable.id)]})
    page = browser.get(staged.location).text
    for words in ("确认受理 1 件", "按区汇总", "不在此次受理的 1 件", refusable.ref, "须逐件审查"):
        assert words in page
    assert clean.state is S.CHECKED

    confirmed = browser.post(f"{staged.location}/confirm")
    assert "正在后台逐件办理" in browser.get(confirmed.location).text
    drain()

    done = browser.get(confirmed.location).text
    assert "已全部办理完毕" in done
    assert (clean.state, refusable.state) == (S.ACCEPTED, S.CHECKED)
    assert confirmed.location in browser.get("/staff/acceptances").text


def test_all_clean_cases_of_a_call_are_staged_at_once(session, browser, call):
    make_checked(session, call=call)
    make_refusable(session, call)

    staged = browser.post(f"/staff/calls/{call.ref}/accept-clean")

    assert "确认受理 1 件" in browser.get(staged.location).text


def test_another_officers_list_is_not_found_and_an_auditor_confirms_nothing(session, browser, client, call):
    staged = browser.post("/staff/acceptances/stage", data={"ids": [str(make_checked(session, call=call).id)]})
    sign_in(client, make_staff(session, Role.OFFICER))
    assert client.get(staged.location).status_code == 404
    sign_in(client, make_staff(session, Role.AUDITOR))

    assert "只有拟定人可以确认" in client.get(staged.location).text
    assert client.post(f"{staged.location}/confirm").status_code == 403
    assert session.scalars(select(AcceptanceList.confirmed_at)).one() is None


def test_a_list_asks_equally_often_for_one_case_and_for_twenty(session, browser, call):
    one = browser.post("/staff/acceptances/stage", data={"ids": [str(make_checked(session, call=call).id)]})
    few = queries_of(browser, one.location)
    many = [str(make_checked(session, call=call).id) for _ in range(20)]
    twenty = browser.post("/staff/acceptances/stage", data={"ids": many})
    session.expire_all()

    assert queries_of(browser, twenty.location) == few


# -- what was overruled ------------------------------------------------------------------------------------------------


def test_the_report_counts_rules_and_officers_and_gives_the_reasons(session, browser, call, officer, now):
    overruled, accepted, left = (make_refusable(session, call) for _ in range(3))
    overrule(session, overruled, officer, now)
    other = actor_of(session, make_staff(session, Role.OFFICER))
    services.decide(session, accepted, outcome=Outcome.ACCEPT, reason="登记库有误", actor=other, now=now)

    text = browser.get(f"/staff/overrules?call={call.ref}").text

    row = re.search(r"<tbody>\s*<tr>.*?SBC-05.*?</tr>", text, re.DOTALL)[0]
    assert re.findall(r'class="num"[^>]*>([^<]+)<', row) == ["3", "2", "66.6%", "0"]
    for words in ("登记库有误", "受理时一并改判", "已核营业执照原件", overruled.ref, accepted.ref):
        assert words in text
    assert left.ref not in text


def test_what_was_taken_back_is_not_counted(session, browser, call, officer, now):
    application = make_refusable(session, call)
    given = overrule(session, application, officer, now)
    services.withdraw_overrule(
        session, application, finding_id=given.finding_id, reason="原件有误", actor=officer, now=now
    )

    assert "这个批次没有改判" in browser.get(f"/staff/overrules?call={call.ref}").text


def test_the_report_as_csv_disarms_formulas(session, browser, call, officer, person, now):
    overrule(session, make_refusable(session, call), officer, now)
    person.name = "=1+1"
    session.flush()

    answer = browser.get(f"/staff/overrules.csv?call={call.ref}")

    assert answer.data.startswith("\ufeff规则,".encode())
    assert ",'=1+1,符合,1,1\r\n" in answer.text
    assert f"overrules-{call.ref}.csv" in answer.headers["Content-Disposition"]


def test_officers_of_other_calls_see_nothing_of_it(session, client, clock, call, officer, now):
    overrule(session, make_refusable(session, call), officer, now)
    sign_in(client, make_staff(session, Role.OFFICER, scope="HLW-2099-01"))

    assert client.get(f"/staff/overrules?call={call.ref}").status_code == 422
    assert "没有批次" in client.get("/staff/overrules").text
