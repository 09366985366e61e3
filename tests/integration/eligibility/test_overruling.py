"""Overruling findings: beside the machine's, with reason and clause, taken back by a later word."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.audit import AuditEntry
from grants.eligibility import queries, services
from grants.eligibility.errors import FindingChangedError, OverruleIncompleteError
from grants.eligibility.models import Finding, FindingOverrule
from grants.eligibility.states import Outcome, PersonVerdict, Proposal, RunKind
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.errors import ForbiddenError
from tests.factories.accounts import actor_of, make_organisation, make_staff
from tests.factories.eligibility import check, make_checked
from tests.factories.registers import SOUND_ENTRY, make_registers

CLAUSE = "《申报指南》二（1）"


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


def make_refusable(session, **given):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    return make_checked(session, organisation=organisation, registers=False, **given)


def finding_of(session, application, rule="SBC-05"):
    return next(one for one in queries.latest_findings(session, application) if one.rule == rule)


def overrule(session, application, officer, now, **given):
    finding = finding_of(session, application, given.pop("rule", "SBC-05"))
    given = {"verdict": PersonVerdict.PASS, "reason": "已核营业执照原件", "clause": CLAUSE, **given}
    return services.overrule_finding(session, application, finding_id=finding.id, **given, actor=officer, now=now)


def proposal_of(session, application):
    return queries.find_summary(session, application.id).proposal


def test_the_summary_counts_what_holds_and_the_finding_stays(session, officer, now):
    application = make_refusable(session)
    before = queries.find_summary(session, application.id)
    passed, checked_at = before.passed, before.checked_at
    assert proposal_of(session, application) is Proposal.REJECT

    overrule(session, application, officer, now + timedelta(hours=1))

    summary = queries.find_summary(session, application.id)
    assert (summary.proposal, summary.failed, summary.passed) == (Proposal.ACCEPT, 0, passed + 1)
    assert summary.checked_at == checked_at
    assert finding_of(session, application).verdict == "fail"
    assert queries.standing_of(session, application, now=now).grounds == ()


def test_what_was_overruled_can_be_accepted_without_another_reason(session, officer, now):
    application = make_refusable(session)
    overrule(session, application, officer, now)

    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)

    assert len(session.scalars(select(FindingOverrule)).all()) == 1


def test_accepting_against_failed_rules_keeps_an_overrule_of_each(session, officer, now):
    application = make_refusable(session)

    decision = services.decide(
        session, application, outcome=Outcome.ACCEPT, reason="登记库有误，已核原件", actor=officer, now=now
    )

    kept = session.scalars(select(FindingOverrule)).one()
    assert (kept.rule, kept.verdict, kept.reason) == ("SBC-05", "pass", "登记库有误，已核原件")
    assert (kept.decision_id, kept.clause) == (decision.id, finding_of(session, application).clause)
    assert proposal_of(session, application) is Proposal.ACCEPT


def test_taking_it_back_is_a_later_word_and_the_machines_verdict_holds_again(session, officer, now):
    application = make_refusable(session)
    first = overrule(session, application, officer, now)

    services.withdraw_overrule(
        session, application, finding_id=first.finding_id, reason="原件有误", actor=officer, now=now
    )

    assert proposal_of(session, application) is Proposal.REJECT
    rows = session.scalars(select(FindingOverrule).order_by(FindingOverrule.number)).all()
    assert [(row.number, row.verdict, row.clause) for row in rows] == [(1, "pass", CLAUSE), (2, None, CLAUSE)]
    with pytest.raises(OverruleIncompleteError) as refused:
        services.withdraw_overrule(
            session, application, finding_id=first.finding_id, reason="再撤", actor=officer, now=now
        )
    assert refused.value.code == "nothing_overruled"


def test_a_person_may_find_what_the_register_could_not_tell(session, officer, now):
    application = make_checked(session, registers=False)
    assert queries.standing_of(session, application, now=now).grounds == ()

    overrule(session, application, officer, now, verdict=PersonVerdict.FAIL, reason="经书面函询，注册地不在本市")
    decision = services.decide(
        session, application, outcome=Outcome.REJECT, rule="SBC-05", reason="注册地不在本市", actor=officer, now=now
    )

    assert decision.clause == CLAUSE


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, "overrule_reason_missing"),
        ({"reason": "长" * 2_001}, "overrule_reason_missing"),
        ({"clause": ""}, "overrule_clause_missing"),
        ({"clause": "长" * 201}, "overrule_clause_missing"),
        ({"verdict": PersonVerdict.FAIL}, "overrule_says_the_same"),
    ],
)
def test_reason_clause_and_another_verdict_are_mandatory(session, officer, now, given, code):
    application = make_refusable(session)

    with pytest.raises(OverruleIncompleteError) as refused:
        overrule(session, application, officer, now, **given)

    assert refused.value.code == code
    assert session.scalars(select(FindingOverrule)).all() == []


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_officers_of_the_call_overrule(session, now, role):
    application = make_refusable(session)

    with pytest.raises(ForbiddenError) as refused:
        overrule(session, application, actor_of(session, make_staff(session, role)), now)

    assert refused.value.code == "role_missing"


def test_what_was_read_must_still_be_in_force(session, officer, now):
    application = make_refusable(session)
    read = finding_of(session, application)
    make_registers(session, application.organisation.uscc, reg=[(application.organisation.uscc, SOUND_ENTRY)])
    again(session, application, now)

    with pytest.raises(FindingChangedError):
        services.overrule_finding(
            session,
            application,
            finding_id=read.id,
            verdict=PersonVerdict.PASS,
            reason="已核",
            clause=CLAUSE,
            actor=officer,
            now=now,
        )


def again(session, application, now, kind=RunKind.SUBMIT):
    revision_id = queries.find_revision_id(session, application)
    judged = services.judge(services.read_case(session, revision_id, kind, now=now))
    services.record_run(session, judged, actor=SYSTEM, now=now, again=True)
    session.expire_all()


def test_a_later_run_that_says_the_same_leaves_the_overrule_standing(session, officer, now):
    application = make_refusable(session)
    overrule(session, application, officer, now)
    after_t = application.call.closes_at + timedelta(days=1)

    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)

    assert finding_of(session, application).verdict == "fail"
    assert proposal_of(session, application) is Proposal.ACCEPT


def test_a_later_run_on_other_values_is_not_covered_by_it(session, officer, now):
    application = make_refusable(session)
    overrule(session, application, officer, now)
    entry = {**SOUND_ENTRY, "in_shanghai": False, "abnormal": True}
    make_registers(session, application.organisation.uscc, reg=[(application.organisation.uscc, entry)])
    after_t = application.call.closes_at + timedelta(days=1)

    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)

    summary = queries.find_summary(session, application.id)
    assert summary.failed >= 1
    assert summary.proposal is not Proposal.ACCEPT


def test_an_accepted_case_that_fails_after_t_can_be_overruled_then(session, officer, now):
    application = make_checked(session)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)
    entry = {**SOUND_ENTRY, "in_shanghai": False}
    make_registers(session, application.organisation.uscc, reg=[(application.organisation.uscc, entry)])
    after_t = application.call.closes_at + timedelta(days=1)
    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)
    assert proposal_of(session, application) is Proposal.REJECT

    overrule(session, application, officer, after_t)

    assert proposal_of(session, application) is Proposal.ACCEPT


def test_a_replay_knows_the_machines_findings_only(session, officer, now):
    application = make_refusable(session)
    overrule(session, application, officer, now)
    run = finding_of(session, application).run

    assert services.replay_run(session, run).agrees


def test_each_word_is_in_the_log(session, officer, now):
    application = make_refusable(session)
    first = overrule(session, application, officer, now)
    services.withdraw_overrule(
        session, application, finding_id=first.finding_id, reason="原件有误", actor=officer, now=now
    )

    query = select(AuditEntry).where(AuditEntry.subject_key == str(application.id)).order_by(AuditEntry.subject_no)
    entries = [entry for entry in session.scalars(query) if "overrule" in entry.kind]

    assert [entry.kind for entry in entries] == ["application.finding_overruled", "application.overrule_withdrawn"]
    told = json.loads(entries[0].detail)
    assert (told["rule"], told["found"], told["verdict"], told["clause"]) == ("SBC-05", "fail", "pass", CLAUSE)
    assert session.scalars(select(Finding.verdict).where(Finding.rule == "SBC-05")).one() == "fail"
