"""A real application through the services: checked by the tasks, returned, corrected after the close, accepted."""

import re
from datetime import timedelta

import pytest

from grants.accounts.models import Person
from grants.applications import services as applications
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.states import Outcome, RunKind
from grants.kernel.actor import Role
from tests.factories.accounts import actor_of, make_organisation, make_staff, sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.eligibility import check, make_case_call
from tests.factories.registers import make_registers


def verdict(session, application, rule):
    found = {finding.rule: finding.verdict for finding in queries.latest_findings(session, application)}
    return found[rule]


@pytest.fixture
def application(session, clock, drain):
    call = make_case_call(session)
    holder = make_organisation(session, name="示例软件有限公司")  # whom the copyrights of the base case belong to
    made = make_application(session, call=call, organisation=holder, submitted=True, tested_version="V9.9")
    make_registers(session, made.organisation.uscc)
    drain()
    return made


def test_a_submitted_application_is_checked(session, application):
    assert application.state is S.CHECKED
    assert verdict(session, application, "SBC-16") == "fail"
    failed = {
        finding.rule: finding.message
        for finding in queries.latest_findings(session, application)
        if finding.verdict in ("fail", "unknown") and finding.severity != "warn" and finding.rule != "SBC-16"
    }
    assert failed == {}


def test_a_correction_after_the_close_keeps_number_and_instant_and_passes_the_rule_on_time(
    session, application, drain, clock
):
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    number, first, close = application.receipt_no, application.submitted_at, application.call.closes_at
    returned_at = close - timedelta(hours=2)
    item = {"path": "tested_version", "row": None, "document": None, "reason": "与产品版本不一致"}
    services.decide(
        session,
        application,
        outcome=Outcome.RETURN,
        reason="请更正测试版本",
        correction_items=[item],
        actor=officer,
        now=returned_at,
    )
    later = close + timedelta(days=1)
    owner = owner_of(session, application)
    entry = applications.Entry("tested_version", "", "V1.0")
    clock.move_to(later)

    applications.save_answers(session, application, [entry], actor=owner, now=later)
    applications.submit_application(session, application, actor=owner, now=later)
    drain()

    assert application.state is S.CHECKED
    assert (application.receipt_no, application.submitted_at, application.revision_no) == (number, first, 2)
    assert (verdict(session, application, "SBC-01"), verdict(session, application, "SBC-16")) == ("pass", "pass")
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=later)
    assert application.state is S.ACCEPTED


def test_a_correction_begins_with_what_is_to_be_put_right_and_leads_to_its_input(session, application, client):
    item = {"path": "tested_version", "row": None, "document": None, "reason": "与产品版本不一致"}
    services.decide(
        session,
        application,
        outcome=Outcome.RETURN,
        reason="请更正测试版本",
        correction_items=[item],
        actor=actor_of(session, make_staff(session, Role.OFFICER)),
        now=application.call.closes_at - timedelta(hours=2),
    )
    sign_in(client, session.get_one(Person, application.created_by))

    shown = client.get(f"/apply/{application.id}/missing").text
    address = re.search(r'<li><a href="([^"#]+)#([^"]+)"><b>[^<]*</b></a>与产品版本不一致', shown)

    assert address is not None
    assert f'id="{address[2]}"' in client.get(address[1]).text


def test_what_was_submitted_is_not_offered_for_submission_again(session, application, client):
    sign_in(client, session.get_one(Person, application.created_by))

    shown = client.get(f"/apply/{application.id}/missing").text

    assert "现在只能查看" in shown
    assert "检查并提交" not in shown


def test_the_case_file_opens_a_document(session, application, client):
    sign_in(client, make_staff(session, Role.OFFICER))
    text = client.get(f"/staff/cases/{application.ref}").text
    address = text.split(f'href="/staff/cases/{application.ref}/documents/')[1].split('"')[0]

    with client.get(f"/staff/cases/{application.ref}/documents/{address}") as answer:
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


def test_a_second_check_of_the_same_revision_finds_its_run(session, application, now):
    run = queries.find_run(session, current_revision(session, application).id, RunKind.SUBMIT)

    assert check(session, application, now=now) is run


def test_the_answers_can_be_read_where_they_cannot_be_changed(session, application, client):
    sign_in(client, session.get_one(Person, application.created_by))

    shown = client.get(f"/apply/{application.id}/sections/testing").text

    assert "V9.9" in shown
    assert 'name="a-tested_version"' not in shown
    assert f"/apply/{application.id}/comments/tested_version" in shown
