"""Objecting to a rejection, upholding it, taking it back: through the services, by the right people, in time."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from grants.accounts.states import Level
from grants.applications.models import Claim
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.audit import AuditEntry
from grants.decisions.queries import hand_in
from grants.eligibility import queries, services
from grants.eligibility.errors import ReconsiderationIncompleteError
from grants.eligibility.models import EligibilityRun, FormalDecision, Reconsideration
from grants.eligibility.states import Answer, Outcome, PersonVerdict, ReconsiderationState, RunKind
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from grants.notifications import InboxItem
from tests.factories.accounts import actor_of, make_member, make_membership, make_organisation, make_staff
from tests.factories.applications import owner_of
from tests.factories.eligibility import check, correct_case, make_case_call, make_checked, set_state, submit_case
from tests.factories.registers import SOUND_ENTRY, make_registers, make_snapshot

REASON = "登记库有误，已核营业执照。"
LAST_DAY = date(2026, 4, 1)  # ten working days after a Wednesday


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def colleague(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def rejected(session, officer, now):
    return make_rejected(session, officer, now)


def make_rejected(session, officer, now, **given):
    organisation = make_organisation(session)
    entry = {**SOUND_ENTRY, "in_shanghai": False}
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, entry)])
    application = make_checked(session, organisation=organisation, registers=False, **given)
    decide = {"outcome": Outcome.REJECT, "reason": "住所不在本市。", "rule": "SBC-05"}
    services.decide(session, application, actor=officer, now=now, **decide)
    return application


def mend_register(session, application):
    make_snapshot(session, "reg", [(application.organisation.uscc, SOUND_ENTRY)])


def ask(session, application, now, *, actor=None, statement="住所已于去年迁入本市，附新营业执照号。"):
    actor = actor or owner_of(session, application)
    return services.ask_reconsideration(session, application, statement=statement, actor=actor, now=now)


def answer(session, application, actor, now, what=Answer.TAKE_BACK, *, reason=REASON, decision=None):
    decision = (
        decision
        or session.scalars(
            select(FormalDecision)
            .where(FormalDecision.application_id == application.id)
            .order_by(FormalDecision.decided_at.desc(), FormalDecision.id.desc())
        ).first()
    )
    return services.answer_rejection(
        session, application, decision_id=decision.id, answer=what, reason=reason, actor=actor, now=now
    )


def kinds(session, application):
    query = select(AuditEntry).where(AuditEntry.subject_key == str(application.id)).order_by(AuditEntry.subject_no)
    return [entry.kind for entry in session.scalars(query)]


def told(session, person_id):
    return set(session.scalars(select(InboxItem.kind).where(InboxItem.person_id == person_id)))


def standing_claims(session, application):
    query = select(Claim).where(Claim.application_id == application.id, Claim.released_at.is_(None))
    return {(claim.kind, claim.scope, claim.key) for claim in session.scalars(query)}


def test_a_rejection_names_the_day_until_which_it_can_be_objected_to(session, rejected):
    decision = queries.find_decision(session, rejected)
    (notice,) = queries.list_notices(session, rejected)

    assert decision.reconsider_until == LAST_DAY
    assert json.loads(notice.content)["reconsider_until"] == LAST_DAY.isoformat()


def test_the_call_says_how_many_days(session, officer, now):
    call = make_case_call(session)
    call.stage_days = {**call.stage_days, "reconsideration": 3}

    application = make_rejected(session, officer, now, call=call)

    assert queries.find_decision(session, application).reconsider_until == date(2026, 3, 23)


def test_the_applicant_objects_once_and_both_sides_are_told(session, rejected, officer, colleague, now):
    owner = owner_of(session, rejected)

    request = ask(session, rejected, now)

    assert (request.state, request.due_on) == (ReconsiderationState.ASKED, LAST_DAY)
    assert rejected.state is S.REJECTED
    assert rejected.due_on == request.due_on
    assert kinds(session, rejected)[-1] == "application.reconsideration_asked"
    assert "reconsideration.received" in told(session, owner.person_id)
    assert "reconsideration.asked" in told(session, colleague.person_id)
    assert "reconsideration.asked" not in told(session, officer.person_id)  # who rejected is not the one to answer
    with pytest.raises(ForbiddenError) as refused:
        ask(session, rejected, now)
    assert refused.value.code == "reconsideration_used"


@pytest.mark.parametrize(
    ("level", "code"),
    [(Level.EDITOR, None), (Level.READER, "level_cannot_edit"), (Level.SIGNATORY, "level_cannot_edit")],
)
def test_who_fills_in_objects(session, rejected, now, level, code):
    member = actor_of(session, make_membership(session, organisation=rejected.organisation, level=level).person)

    if code is None:
        assert ask(session, rejected, now, actor=member).asked_by == member.person_id
        return
    with pytest.raises(ForbiddenError) as refused:
        ask(session, rejected, now, actor=member)
    assert refused.value.code == code


def test_a_stranger_does_not_object_for_another_unit(session, rejected, now):
    with pytest.raises(ForbiddenError):
        ask(session, rejected, now, actor=actor_of(session, make_member(session)))


@pytest.mark.parametrize("statement", ["", "   ", "长" * 2_001])
def test_an_objection_says_something_and_not_too_much(session, rejected, now, statement):
    with pytest.raises(ReconsiderationIncompleteError):
        ask(session, rejected, now, statement=statement)

    assert session.scalar(select(func.count()).select_from(Reconsideration)) == 0


def test_the_last_day_counts_whole_and_the_day_after_is_too_late(session, rejected, officer, now):
    last_minute = now + (LAST_DAY - date(2026, 3, 18))
    other = make_rejected(session, officer, now)

    assert ask(session, rejected, last_minute).asked_at == last_minute
    with pytest.raises(ForbiddenError) as refused:
        ask(session, other, last_minute + timedelta(days=1))

    assert refused.value.code == "reconsideration_over"


def test_a_rejection_without_a_day_is_objected_to_by_letter(session, rejected, now):
    queries.find_decision(session, rejected).reconsider_until = None

    with pytest.raises(ForbiddenError) as refused:
        ask(session, rejected, now)

    assert refused.value.code == "reconsideration_by_letter"


def test_what_is_not_rejected_is_not_objected_to(session, officer, now):
    application = make_checked(session)
    for state in ("checked", "accepted"):
        with pytest.raises(ForbiddenError) as refused:
            ask(session, application, now)
        assert (refused.value.code, application.state) == ("not_rejected", state)
        if state == "checked":
            services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)


def test_an_upheld_rejection_stays_and_is_final(session, rejected, colleague, now):
    ask(session, rejected, now)

    decision = answer(session, rejected, colleague, now, Answer.UPHOLD)

    request = session.get_one(Reconsideration, decision.id)
    assert (request.state, request.decided_by, request.reason) == (
        ReconsiderationState.UPHELD,
        colleague.person_id,
        REASON,
    )
    assert (rejected.state, rejected.due_on.year, decision.revoked_at) == (S.REJECTED, 9999, None)
    assert kinds(session, rejected)[-1] == "application.rejection_upheld"
    assert "reconsideration.decided" in told(session, rejected.created_by)
    with pytest.raises(ForbiddenError) as refused:
        ask(session, rejected, now)
    assert refused.value.code == "reconsideration_used"


def test_what_was_upheld_can_still_be_taken_back_and_is_told_again(session, rejected, colleague, now):
    ask(session, rejected, now)
    answer(session, rejected, colleague, now, Answer.UPHOLD)

    answer(session, rejected, colleague, now, reason="又核对了原件，原决定有误。")

    letters = select(func.count()).where(
        InboxItem.person_id == rejected.created_by, InboxItem.kind == "reconsideration.decided"
    )
    assert (rejected.state, session.scalar(letters)) == (S.SUBMITTED, 2)


def test_who_rejected_answers_nothing(session, rejected, officer, now):
    ask(session, rejected, now)

    for what in Answer:
        with pytest.raises(ForbiddenError) as refused:
            answer(session, rejected, officer, now, what)
        assert refused.value.code == "own_rejection"
    assert rejected.state is S.REJECTED


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_officers_answer(session, rejected, now, role):
    ask(session, rejected, now)

    with pytest.raises(ForbiddenError) as refused:
        answer(session, rejected, actor_of(session, make_staff(session, role)), now)

    assert refused.value.code == "role_missing"


def test_an_officer_of_another_call_answers_nothing(session, rejected, now):
    other = actor_of(session, make_staff(session, Role.OFFICER, scope="SBC-2099-09"))

    with pytest.raises(ForbiddenError):
        answer(session, rejected, other, now)


def test_taken_back_it_is_checked_anew_on_the_same_revision_and_can_be_accepted(
    session, rejected, colleague, now, drain
):
    revision = current_revision(session, rejected)
    before = (rejected.ref, rejected.submitted_at, revision.id)
    first = session.scalars(select(EligibilityRun).where(EligibilityRun.revision_id == revision.id)).one()
    ask(session, rejected, now)
    mend_register(session, rejected)

    decision = answer(session, rejected, colleague, now)

    assert rejected.state is S.SUBMITTED
    assert queries.list_runs(session, revision.id) == []
    assert (decision.revoked_by, decision.revoked_at, decision.revocation_reason) == (colleague.person_id, now, REASON)
    assert session.get_one(Reconsideration, decision.id).state is ReconsiderationState.TAKEN_BACK
    drain()
    assert rejected.state is S.CHECKED
    assert (rejected.ref, rejected.submitted_at, current_revision(session, rejected).id) == before
    again = queries.find_run(session, revision.id, RunKind.SUBMIT)
    assert (again.number, first.superseded_at) == (2, now)
    standing = queries.standing_of(session, rejected, now=now)
    assert (standing.decided, standing.grounds) == (False, ())
    services.decide(session, rejected, outcome=Outcome.ACCEPT, reason="已核", actor=colleague, now=now)
    assert rejected.state is S.ACCEPTED


def test_decision_notice_and_reasons_stay_readable(session, rejected, colleague, now, drain):
    (notice,) = queries.list_notices(session, rejected)
    answer(session, rejected, colleague, now)
    drain()
    services.decide(
        session, rejected, outcome=Outcome.REJECT, rule="SBC-05", reason="仍不在本市。", actor=colleague, now=now
    )

    notices = queries.list_notices(session, rejected)
    decisions = session.scalars(select(FormalDecision).order_by(FormalDecision.id)).all()

    assert notice in notices
    assert [decision.reason for decision in decisions] == ["住所不在本市。", "仍不在本市。"]
    assert [decision.revocation_reason for decision in decisions] == [REASON, ""]
    assert len(notices) == 2


def test_a_second_rejection_can_be_objected_to_anew_and_not_by_who_made_it(
    session, rejected, officer, colleague, now, drain
):
    ask(session, rejected, now)
    answer(session, rejected, colleague, now)
    drain()
    later = now + timedelta(minutes=1)
    services.decide(
        session, rejected, outcome=Outcome.REJECT, rule="SBC-05", reason="仍不在本市。", actor=colleague, now=later
    )

    ask(session, rejected, later)
    with pytest.raises(ForbiddenError):
        answer(session, rejected, colleague, later)
    answer(session, rejected, officer, later)

    assert rejected.state is S.SUBMITTED
    assert session.scalar(select(func.count()).select_from(Reconsideration)) == 2


def test_the_office_takes_back_unasked(session, rejected, colleague, now):
    answer(session, rejected, colleague, now)

    assert rejected.state is S.SUBMITTED
    assert kinds(session, rejected)[-1] == "application.rejection_taken_back"
    assert "reconsideration.decided" in told(session, rejected.created_by)
    assert hand_in(session, rejected.call, colleague.person_id) == "officer_of_case"


@pytest.mark.parametrize("what", [Answer.UPHOLD, Answer.FIND_WRONG])
def test_without_a_request_there_is_nothing_to_uphold(session, rejected, colleague, now, what):
    with pytest.raises(ForbiddenError) as refused:
        answer(session, rejected, colleague, now, what)

    assert refused.value.code == "nothing_to_reconsider"


@pytest.mark.parametrize("reason", ["", " ", "长" * 2_001])
def test_an_answer_has_its_reason(session, rejected, colleague, now, reason):
    with pytest.raises(ReconsiderationIncompleteError):
        answer(session, rejected, colleague, now, reason=reason)

    assert rejected.state is S.REJECTED


def test_an_answer_is_to_the_decision_that_was_read(session, rejected, officer, colleague, now, drain):
    former = queries.find_decision(session, rejected)
    answer(session, rejected, colleague, now)
    with pytest.raises(IllegalTransitionError):
        answer(session, rejected, colleague, now, decision=former)


@pytest.mark.parametrize("public", [S.ON_NOTICE, S.AWARDED])
def test_once_its_round_is_public_it_can_only_be_said_that_it_was_wrong(session, officer, colleague, now, public):
    call = make_case_call(session)
    rejected = make_rejected(session, officer, now, call=call)
    ask(session, rejected, now)
    with pytest.raises(ForbiddenError) as refused:
        answer(session, rejected, colleague, now, Answer.FIND_WRONG)
    assert refused.value.code == "round_is_not_public"
    set_state(session, submit_case(session, call=call), public)

    with pytest.raises(ForbiddenError) as refused:
        answer(session, rejected, colleague, now)
    assert refused.value.code == "round_is_public"
    decision = answer(session, rejected, colleague, now, Answer.FIND_WRONG)

    assert session.get_one(Reconsideration, decision.id).state is ReconsiderationState.FOUND_WRONG
    assert (rejected.state, decision.revoked_at) == (S.REJECTED, None)
    assert kinds(session, rejected)[-1] == "application.rejection_found_wrong"


def test_its_claims_are_taken_again_behind_those_who_claimed_meanwhile(session, officer, colleague, now, drain):
    call, papers = make_case_call(session), {"same_papers": True}
    rejected = make_rejected(session, officer, now, call=call, **papers)
    held = {
        (claim.kind, claim.scope, claim.key)
        for claim in session.scalars(select(Claim).where(Claim.application_id == rejected.id))
    }
    other = make_checked(session, call=call, **papers)
    drain()
    assert standing_claims(session, rejected) == set()

    answer(session, rejected, colleague, now)

    assert standing_claims(session, rejected) == held
    drain()
    by_rule = {finding.rule: finding for finding in queries.latest_findings(session, rejected)}
    assert by_rule["SBC-27"].verdict == "fail"
    assert other.ref in by_rule["SBC-27"].message
    others = {finding.rule: finding.verdict for finding in queries.latest_findings(session, other)}
    assert others["SBC-27"] == "pass"


def test_a_corrected_case_takes_back_what_its_last_revision_claims(session, officer, colleague, now, drain):
    rejected = make_rejected(session, officer, now)
    answer(session, rejected, colleague, now)
    drain()
    before = standing_claims(session, rejected)
    contracts = json.loads(current_revision(session, rejected).content)["answers"]["contracts"]
    for row in contracts:
        row["invoice_nos"] = ["25312000000000999999"]
    correct_case(session, rejected, now=now, contracts=contracts)
    drain()
    corrected = standing_claims(session, rejected)
    assert corrected != before
    later = now + timedelta(minutes=1)
    services.decide(
        session, rejected, outcome=Outcome.REJECT, rule="SBC-05", reason="仍不在本市。", actor=colleague, now=later
    )

    answer(session, rejected, officer, later)

    assert standing_claims(session, rejected) == corrected


def test_what_officers_have_overruled_still_holds_on_the_same_values(session, officer, colleague, now, drain):
    application = make_checked(session)
    finding = next(one for one in queries.latest_findings(session, application) if one.rule == "SBC-05")
    services.overrule_finding(
        session,
        application,
        finding_id=finding.id,
        verdict=PersonVerdict.FAIL,
        reason="现场查看不在本市",
        clause=finding.clause,
        actor=officer,
        now=now,
    )
    services.decide(
        session, application, outcome=Outcome.REJECT, rule="SBC-05", reason="不在本市。", actor=officer, now=now
    )

    answer(session, application, colleague, now)
    drain()

    standing = queries.standing_of(session, application, now=now)
    assert standing.grounds == ("SBC-05",)
    assert queries.find_summary(session, application.id).failed == 1


def test_after_t_the_new_check_stands_for_the_second_reading_too(session, officer, colleague, now, drain):
    application = make_checked(session)
    after_t = application.call.closes_at + timedelta(days=1)
    entry = {**SOUND_ENTRY, "in_shanghai": False}
    make_snapshot(session, "reg", [(application.organisation.uscc, entry)])
    check(session, application, kind=RunKind.AFTER_CLOSE, now=after_t)
    services.decide(
        session, application, outcome=Outcome.REJECT, rule="SBC-05", reason="不在本市。", actor=officer, now=after_t
    )
    mend_register(session, application)

    answer(session, application, colleague, after_t)
    check(session, application, now=after_t)

    standing = queries.standing_of(session, application, now=after_t)
    assert (standing.awaited, standing.grounds) == (frozenset(), ())
    assert application.state is S.CHECKED


def test_the_district_is_not_asked_again(session, colleague, officer, now, drain):
    application = submit_case(session, code="hlw")
    make_registers(session, application.organisation.uscc, leave_out=["reg"])
    drain()
    assert application.state is S.DISTRICT_REVIEW
    closed = application.state_since + timedelta(days=30)
    services.pass_overdue_districts(session, actor=SYSTEM, now=closed)  # it has said nothing
    drain()
    finding = next(one for one in queries.latest_findings(session, application) if one.due and one.verdict != "fail")
    given = {"reason": "现场查看不符", "clause": finding.clause, "actor": officer, "now": closed}
    services.overrule_finding(session, application, finding_id=finding.id, verdict=PersonVerdict.FAIL, **given)
    rule = queries.standing_of(session, application, now=closed).grounds[0]
    services.decide(session, application, outcome=Outcome.REJECT, rule=rule, reason="不符", actor=officer, now=closed)

    answer(session, application, colleague, closed)
    drain()

    assert application.state is S.CHECKED
    kinds_judged = {run.kind for run in queries.list_runs(session, current_revision(session, application).id)}
    assert kinds_judged == {RunKind.SUBMIT, RunKind.CITY}


def test_colleagues_of_who_objects_are_told_as_well(session, rejected, colleague, now):
    editor = make_membership(session, organisation=rejected.organisation, level=Level.EDITOR).person
    ask(session, rejected, now)
    answer(session, rejected, colleague, now, Answer.UPHOLD)

    assert {"reconsideration.received", "reconsideration.decided"} <= told(session, editor.id)
