"""From a service that is asked to a finding: what a check makes of it, and what becomes of what it left undecided."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from grants.applications.models import Application
from grants.applications.states import ApplicationState as S
from grants.db.demo_clock import write_offset
from grants.eligibility import queries, services
from grants.eligibility.models import EligibilityRun, EvidenceRetry
from grants.eligibility.services.rereading import MAX_ATTEMPTS
from grants.eligibility.states import Proposal
from grants.kernel.actor import Role
from grants.kernel.clock import SHANGHAI, real_now
from grants.outbox import Lane, Message
from tests.factories.accounts import make_organisation, make_staff, sign_in
from tests.factories.eligibility import check, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers, make_snapshot
from tests.support.registry import says
from workers import eligibility as tasks


@pytest.fixture
def case(session):
    """A sound case whose registers are imported, but for the business register, which is asked."""
    organisation = make_organisation(session, name="示例软件有限公司")
    make_registers(session, organisation.uscc, leave_out=("reg",))
    return submit_case(session, organisation=organisation)


def reads(finding, root="reg"):
    return any(used["root"] == root for used in finding.evidence)


def findings(session, application, root="reg"):
    return [found for found in queries.latest_findings(session, application) if reads(found, root)]


def move_clock(session, **by):
    write_offset(session, timedelta(**by))
    session.commit()


def test_a_finding_names_the_service_the_instant_and_the_record(session, drain, server, ask_by, case):
    ask_by("reg")
    server.behaviour = says({"record": SOUND_ENTRY, "ref": "Q-17"})
    before = real_now()

    drain()

    found = findings(session, case)
    assert found
    assert {finding.verdict for finding in found} == {"pass"}
    used = found[0].evidence[0]
    assert (used["source"], used["ref"], used["record"]["status"]) == ("示例登记服务", "Q-17", "存续")
    assert before - timedelta(seconds=1) <= datetime.fromisoformat(used["asof"]) <= real_now()
    assert server.asked == [f"/reg/{case.organisation.uscc}"]


def test_the_case_file_shows_where_a_finding_comes_from(session, client, drain, server, ask_by, case):
    ask_by("reg")
    server.behaviour = says({"record": {**SOUND_ENTRY, "status": "注销"}})
    drain()
    sign_in(client, make_staff(session, Role.OFFICER))

    page = client.get(f"/staff/cases/{case.ref}").text

    today = datetime.now(SHANGHAI)
    assert "示例登记服务" in page
    assert f"{today.year}年{today.month}月{today.day}日" in page


def test_the_enterprise_sees_that_checking_is_under_way_while_a_service_is_asked(session, drain, server, ask_by, case):
    ask_by("reg")
    case_id, connection, seen = case.id, session.get_bind(), []

    def note(handler):
        seen.append(connection.scalar(select(Application.state).where(Application.id == case_id)))
        handler.answer({"record": SOUND_ENTRY})

    server.behaviour = note

    drain()

    assert seen == [S.CHECKING]
    assert session.get_one(Application, case_id).state is S.CHECKED


def test_no_transaction_is_open_while_a_service_is_asked(session, drain, server, ask_by, case):
    ask_by("reg")
    open_ones = []

    def note(handler):
        open_ones.append(session.in_transaction())
        handler.answer({"record": SOUND_ENTRY})

    server.behaviour = note

    drain()

    assert open_ones == [False]


def test_credit_services_are_not_asked_for_a_case_without_authorisation(session, drain, server, ask_by):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc)
    for register in ("credits", "penalties"):
        ask_by(register)
    server.behaviour = says({"rows": []})
    application = submit_case(session, organisation=organisation, answers={"credit_auth": False})

    drain()

    assert application.state is S.CHECKED
    assert server.asked == []


def test_a_register_that_is_down_for_an_hour_leaves_nothing_behind(session, drain, server, ask_by):
    ask_by("reg", attempts=1, trip_after=2, rest_s=300, keep_s=0, fresh_s=0)
    server.behaviour = says({}, status=500)
    cases = []
    for number in range(4):
        organisation = make_organisation(session, name=f"示例软件{number}有限公司")
        cases.append(submit_case(session, organisation=organisation))
    make_registers(session, leave_out=("reg",))
    drain()
    assert {case.state for case in cases} == {S.CHECKED}
    assert {finding.cause for case in cases for finding in findings(session, case)} == {"evidence"}
    assert {queries.find_summary(session, case.id).proposal for case in cases} == {Proposal.LOOK}
    assert len(server.asked) == 2

    for minutes in (2, 4, 20, 40):
        move_clock(session, minutes=minutes)
        tasks.sweep()
        drain()
    assert {finding.cause for case in cases for finding in findings(session, case)} == {"evidence"}
    assert len(server.asked) <= 6  # one to see whether it is back, each time it has rested

    server.behaviour = says({"record": SOUND_ENTRY})
    for minutes in (70, 90, 120):
        move_clock(session, minutes=minutes)
        tasks.sweep()
        drain()
    assert {finding.verdict for case in cases for finding in findings(session, case)} == {"pass"}
    assert {queries.find_summary(session, case.id).proposal for case in cases} == {Proposal.ACCEPT}
    assert session.scalar(select(func.count()).where(EligibilityRun.superseded_at.is_(None))) == len(cases)


def test_an_import_that_was_missing_has_its_cases_checked_at_once(session, drain, case):
    drain()
    assert {finding.cause for finding in findings(session, case)} == {"evidence"}
    tasks.sweep()
    move_clock(session, minutes=2)
    tasks.sweep()
    drain()
    make_snapshot(session, "reg", [(case.organisation.uscc, SOUND_ENTRY)], now=real_now() + timedelta(minutes=2))

    move_clock(session, minutes=3)
    tasks.sweep()
    drain()

    assert {finding.verdict for finding in findings(session, case)} == {"pass"}


def test_evidence_is_asked_for_with_growing_pauses_and_not_for_ever(session, now, case):
    check(session, case)
    pauses, last, instant = [], now, now
    for _ in range(60 * 24):
        instant += timedelta(hours=1)
        if services.ask_unread_again(session, now=instant):
            pauses.append(instant - last)
            last = instant

    assert len(pauses) == MAX_ATTEMPTS
    assert pauses[0] < pauses[-1] == timedelta(days=1)
    lanes = session.scalars(select(Message.lane).where(Message.topic == "application.recheck_asked"))
    assert set(lanes) == {Lane.BULK}


@pytest.mark.parametrize("state", [S.ACCEPTED, S.REJECTED, S.RETURNED, S.WITHDRAWN])
def test_what_has_been_decided_is_not_asked_about(session, now, case, state):
    check(session, case)
    case.state = state
    session.flush()

    assert services.ask_unread_again(session, now=now + timedelta(days=1)) == 0


def test_what_could_be_read_is_not_asked_about(session, now, drain):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc)
    submit_case(session, organisation=organisation)
    drain()

    assert services.ask_unread_again(session, now=real_now() + timedelta(days=1)) == 0
    assert session.scalar(select(func.count()).select_from(EvidenceRetry)) == 0
