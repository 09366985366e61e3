import json
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from grants import outbox
from grants.applications import services as applications
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.audit import AuditEntry
from grants.eligibility import queries, services
from grants.eligibility.errors import StaleEvidenceError
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.eligibility.states import Proposal, RunKind
from grants.kernel.actor import SYSTEM
from grants.notifications import InboxItem
from tests.factories.accounts import make_organisation
from tests.factories.eligibility import check, correct_case, make_case_call, make_checked, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers, make_snapshot


def verdicts(session, application):
    return {finding.rule: finding.verdict for finding in queries.latest_findings(session, application)}


def test_a_sound_application_is_checked_with_one_finding_per_rule(session, now):
    application = make_checked(session)

    found = verdicts(session, application)
    summary = queries.find_summary(session, application.id)
    assert application.state is S.CHECKED
    assert len(found) == len(set(found)) >= 39
    assert [rule for rule, verdict in found.items() if verdict not in ("pass", "not_applicable")] == []
    assert (summary.proposal, summary.failed, summary.unknown) == (Proposal.ACCEPT, 0, 0)


def test_the_worker_checks_what_was_submitted_and_tells_the_enterprise_once(session, drain):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc)
    application = submit_case(session, organisation=organisation)

    assert drain() >= 1

    assert application.state is S.CHECKED
    kinds = list(session.scalars(select(InboxItem.kind)))
    assert kinds == ["check.finished"]


def test_a_check_that_asks_nobody_shows_itself_by_its_end_and_is_audited_step_by_step(session, drain):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc)
    application = submit_case(session, organisation=organisation)

    drain()

    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_key == str(application.id), AuditEntry.kind.like("application.check%"))
        .order_by(AuditEntry.subject_no)
    ).all()
    steps = [(entry.kind, json.loads(entry.detail)["from"], json.loads(entry.detail)["to"]) for entry in entries]
    assert steps == [
        ("application.check_started", "submitted", "checking"),
        ("application.checked", "checking", "checked"),
    ]
    assert entries[0].at <= entries[1].at == application.state_since


def test_nothing_is_recorded_of_a_case_that_was_withdrawn_while_it_was_judged(session, now):
    application = submit_case(session)
    revision_id = current_revision(session, application).id
    judged = services.judge(services.read_first(session, revision_id, now=now))

    withdraw(session, application, now)

    assert services.record_run(session, judged, actor=SYSTEM, now=now) is None
    assert application.state is S.WITHDRAWN
    assert services.read_first(session, revision_id, now=now) is None


def test_a_second_delivery_changes_nothing(session):
    application = make_checked(session)
    first = session.scalars(select(EligibilityRun)).one()

    again = check(session, application)

    assert again is first
    assert session.scalar(select(func.count()).select_from(EligibilityRun)) == 1
    assert session.scalar(select(func.count()).select_from(Finding)) == len(first.findings)


def test_findings_are_stored_in_one_statement(session):
    application = submit_case(session)
    statements = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("INSERT INTO finding"):
            statements.append(executemany)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        check(session, application)
    finally:
        event.remove(connection, "before_cursor_execute", note)

    assert len(statements) == 1


def test_registers_that_cannot_be_read_never_refuse(session):
    application = make_checked(session, registers=False)

    found = {finding.rule: finding for finding in queries.latest_findings(session, application)}
    summary = queries.find_summary(session, application.id)
    assert {found[rule].verdict for rule in ("SBC-05", "SBC-07", "SBC-08", "SBC-26", "SBC-29", "SBC-30")} == {"unknown"}
    assert {finding.cause for finding in found.values() if finding.verdict == "unknown"} == {"evidence"}
    assert summary.proposal is Proposal.LOOK
    assert summary.unknown >= 6


def test_without_authorisation_the_credit_register_is_not_read(session):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, credits=[(organisation.uscc, {"severe": True, "active": True})])
    application = submit_case(session, organisation=organisation, answers={"credit_auth": False})

    check(session, application)

    found = verdicts(session, application)
    run = session.scalars(select(EligibilityRun)).one()
    assert (found["SBC-09"], found["SBC-12"]) == ("not_applicable", "fail")
    assert '"credits"' not in run.evidence


def test_a_failed_register_rule_proposes_and_decides_nothing(session):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    application = submit_case(session, organisation=organisation)

    check(session, application)

    assert application.state is S.CHECKED
    assert queries.find_summary(session, application.id).proposal is Proposal.REJECT


def test_of_two_applications_of_one_enterprise_the_lower_number_holds(session):
    call, organisation = make_case_call(session), make_organisation(session)
    make_registers(session, organisation.uscc)
    first = submit_case(session, call=call, organisation=organisation)
    second = submit_case(session, call=call, organisation=organisation)
    check(session, second)
    check(session, first)

    assert verdicts(session, first)["SBC-28"] == "pass"
    assert verdicts(session, second)["SBC-28"] == "fail"


def test_a_withdrawal_has_those_checked_again_who_failed_by_its_claims(session, drain, now):
    call, organisation = make_case_call(session), make_organisation(session)
    make_registers(session, organisation.uscc)
    first = submit_case(session, call=call, organisation=organisation)
    second = submit_case(session, call=call, organisation=organisation)
    drain()
    assert verdicts(session, second)["SBC-28"] == "fail"

    withdraw(session, first, now)
    drain()

    runs = session.scalars(
        select(EligibilityRun).where(EligibilityRun.application_id == second.id).order_by(EligibilityRun.number)
    ).all()
    assert verdicts(session, second)["SBC-28"] == "pass"
    assert [(run.number, run.superseded_at is None) for run in runs] == [(1, False), (2, True)]
    assert queries.find_summary(session, second.id).proposal is Proposal.ACCEPT


def withdraw(session, application, now):
    applications.advance(session, application, "withdraw", actor=SYSTEM, now=now)
    applications.release_claims(session, application, now=now)
    outbox.publish(session, "application.withdrawn", {"application_id": str(application.id)})
    session.flush()


def test_a_claim_released_while_the_case_is_judged_is_noticed(session, now):
    call, organisation = make_case_call(session), make_organisation(session)
    first = submit_case(session, call=call, organisation=organisation)
    second = submit_case(session, call=call, organisation=organisation)
    revision_id = current_revision(session, second).id
    services.start_check(session, revision_id, actor=SYSTEM, now=now)
    judged = services.judge(services.read_case(session, revision_id, RunKind.SUBMIT, now=now))

    withdraw(session, first, now)

    with pytest.raises(StaleEvidenceError):
        services.record_run(session, judged, actor=SYSTEM, now=now)


def test_judging_again_on_the_same_evidence_leaves_the_run(session, now):
    application = make_checked(session)
    revision_id = current_revision(session, application).id
    judged = services.judge(services.read_case(session, revision_id, RunKind.SUBMIT, now=now))

    services.record_run(session, judged, actor=SYSTEM, now=now, again=True)

    assert session.scalar(select(func.count()).select_from(EligibilityRun)) == 1


def test_evidence_is_read_once_more_after_t(session, drain, now):
    application = make_checked(session)
    drain()
    uscc, after_t = application.organisation.uscc, application.call.closes_at + timedelta(days=1)
    make_snapshot(session, "reg", [(uscc, {**SOUND_ENTRY, "status": "注销"})], now=after_t)

    assert services.announce_asof_reached(session, now=now) == 0
    assert services.announce_asof_reached(session, now=after_t) == 1
    assert services.announce_asof_reached(session, now=after_t) == 0
    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)

    assert verdicts(session, application)["SBC-07"] == "fail"
    assert verdicts(session, application)["SBC-21"] == "pass"
    assert session.scalar(select(func.count()).select_from(CheckSummary)) == 1


def test_a_correction_is_checked_anew_and_keeps_its_number(session, drain, now):
    application = make_checked(session, answers={"tested_version": "V9.9"})
    number = application.receipt_no
    assert verdicts(session, application)["SBC-16"] == "fail"

    correct_case(session, application, now=now + timedelta(days=1), tested_version="V1.0")
    drain()

    assert verdicts(session, application)["SBC-16"] == "pass"
    assert (application.receipt_no, application.revision_no) == (number, 2)
    assert session.scalar(select(func.count()).select_from(EligibilityRun)) == 2


def test_an_old_revision_is_not_checked_any_more(session, now):
    application = submit_case(session)
    old = current_revision(session, application).id
    correct_case(session, application, now=now, tested_version="V1.0")

    assert services.start_check(session, old, actor=SYSTEM, now=now) is False


def test_a_check_that_cannot_be_finished_ends_in_a_state_and_can_be_started_again(session, drain, now):
    application = submit_case(session)
    revision_id = current_revision(session, application).id

    services.fail_check(session, revision_id, "示例故障", actor=SYSTEM, now=now)
    assert application.state is S.CHECK_FAILED

    drain()
    assert application.state is S.CHECKED


def test_a_recorded_run_comes_out_the_same_when_judged_again(session):
    make_checked(session)
    run = session.scalars(select(EligibilityRun)).one()

    replay = services.replay_run(session, run)

    assert (replay.agrees, replay.same_code, replay.differing) == (True, True, ())


def test_an_altered_finding_is_found_by_replaying(session):
    make_checked(session)
    run = session.scalars(select(EligibilityRun)).one()
    run.findings[3].message = "另一句话"
    session.flush()

    assert services.replay_run(session, run).differing == (run.findings[3].rule,)
