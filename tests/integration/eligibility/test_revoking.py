"""An accepted case that fails after T: one officer proposes that its acceptance be revoked, another decides."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants.accounts.models import Person
from grants.applications.models import Claim
from grants.applications.states import ApplicationState as S
from grants.audit import AuditEntry
from grants.decisions.queries import hand_in
from grants.eligibility import queries, services
from grants.eligibility.errors import DecisionIncompleteError
from grants.eligibility.models import AcceptanceRevocation, FormalDecision
from grants.eligibility.states import Answer, Outcome, PersonVerdict, RevocationState, RunKind
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from grants.notifications import InboxItem
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.applications import owner_of
from tests.factories.eligibility import check, make_checked, set_state
from tests.factories.registers import SOUND_ENTRY, make_snapshot
from tests.factories.reviews import draw, make_pool
from tests.integration.eligibility.test_notices import words_of
from tests.journeys.test_access import PANEL
from workers.typesetting import typeset_notice

REASON = "截止日前已迁出本市。"


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def colleague(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def accepted(session, officer, now):
    application = make_checked(session)
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)
    return application


@pytest.fixture
def after_t(accepted):
    return accepted.call.closes_at + timedelta(days=1)


@pytest.fixture
def failing(session, accepted, after_t):
    """The register says after T what it did not say before."""
    make_snapshot(session, "reg", [(accepted.organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    check(session, accepted, kind=RunKind.AFTER_CLOSE, now=after_t)
    return accepted


def propose(session, application, actor, now, *, rule="SBC-05", reason=REASON):
    return services.propose_revocation(session, application, rule=rule, reason=reason, actor=actor, now=now)


def kinds(session, application):
    query = select(AuditEntry).where(AuditEntry.subject_key == str(application.id)).order_by(AuditEntry.subject_no)
    return [entry.kind for entry in session.scalars(query)]


def told(session, person_id):
    return list(session.scalars(select(InboxItem.kind).where(InboxItem.person_id == person_id).order_by(InboxItem.id)))


def test_what_was_proposed_and_confirmed_is_a_rejection_with_two_names(session, failing, officer, colleague, after_t):
    proposal = propose(session, failing, officer, after_t)
    assert (failing.state, proposal.state) == (S.ACCEPTED, RevocationState.PROPOSED)
    assert "revocation.proposed" in told(session, colleague.person_id)
    assert told(session, failing.created_by)[-1] == "application.accepted"  # nothing is told before it is decided

    decision = services.confirm_revocation(session, failing, actor=colleague, now=after_t)

    former = session.get_one(FormalDecision, proposal.decision_id)
    assert failing.state is S.REJECTED
    assert (decision.outcome, decision.rule, decision.reason) == (Outcome.REJECT, "SBC-05", REASON)
    assert (decision.proposed_by, decision.decided_by) == (officer.person_id, colleague.person_id)
    assert (former.outcome, former.revoked_by, former.revoked_at) == (Outcome.ACCEPT, colleague.person_id, after_t)
    assert queries.find_decision(session, failing) is decision
    assert kinds(session, failing)[-3:] == [
        "application.revocation_proposed",
        "application.acceptance_revoked",
        "formal_notice.issued",
    ]
    assert told(session, failing.created_by)[-1] == "application.rejected"
    standing = select(func.count()).where(Claim.application_id == failing.id, Claim.released_at.is_(None))
    assert session.scalar(standing) == 0
    assert hand_in(session, failing.call, officer.person_id) == "officer_of_case"


def test_the_notice_says_that_it_had_been_accepted_and_how_to_object(session, failing, officer, colleague, after_t):
    propose(session, failing, officer, after_t)
    services.confirm_revocation(session, failing, actor=colleague, now=after_t)

    (notice,) = queries.list_notices(session, failing)

    words = words_of(typeset_notice(notice.content, sha256=notice.sha256))
    assert json.loads(notice.content)["reconsider_until"]
    for text in ("不予受理通知书", "已于2026年3月18日受理", "撤销受理", "SBC-05", REASON, "申请复核"):
        assert text in words


def test_it_can_be_objected_to_and_neither_of_the_two_answers(session, failing, officer, colleague, after_t, drain):
    propose(session, failing, officer, after_t)
    decision = services.confirm_revocation(session, failing, actor=colleague, now=after_t)
    owner, third = owner_of(session, failing), actor_of(session, make_staff(session, Role.OFFICER))
    services.ask_reconsideration(session, failing, statement="没有迁出。", actor=owner, now=after_t)
    given = {"decision_id": decision.id, "answer": Answer.TAKE_BACK, "reason": "登记有误", "now": after_t}

    for actor in (officer, colleague):
        with pytest.raises(ForbiddenError) as refused:
            services.answer_rejection(session, failing, **given, actor=actor)
        assert refused.value.code == "own_rejection"
    services.answer_rejection(session, failing, **given, actor=third)
    drain()

    assert failing.state is S.CHECKED
    assert queries.find_decision(session, failing) is None


def test_who_proposed_does_not_confirm_but_takes_it_back(session, failing, officer, after_t):
    proposal = propose(session, failing, officer, after_t)
    with pytest.raises(ForbiddenError) as refused:
        services.confirm_revocation(session, failing, actor=officer, now=after_t)
    assert refused.value.code == "own_revocation"
    with pytest.raises(DecisionIncompleteError):
        services.refuse_revocation(session, failing, note=" ", actor=officer, now=after_t)

    services.refuse_revocation(session, failing, note="看错了", actor=officer, now=after_t)

    assert (failing.state, proposal.state, proposal.note) == (S.ACCEPTED, RevocationState.REFUSED, "看错了")
    assert kinds(session, failing)[-1] == "application.revocation_refused"
    propose(session, failing, officer, after_t)  # and can be proposed anew


def test_what_was_refused_is_not_confirmed(session, failing, officer, colleague, after_t):
    propose(session, failing, officer, after_t)
    services.refuse_revocation(session, failing, note="已核原件", actor=colleague, now=after_t)

    with pytest.raises(IllegalTransitionError):
        services.confirm_revocation(session, failing, actor=colleague, now=after_t)


def test_one_proposal_at_a_time(session, failing, officer, colleague, after_t):
    propose(session, failing, officer, after_t)

    with pytest.raises(ForbiddenError) as refused:
        propose(session, failing, colleague, after_t)

    assert refused.value.code == "revocation_proposed"


def test_without_a_failed_rule_there_is_nothing_to_propose(session, accepted, officer, after_t):
    check(session, accepted, kind=RunKind.AFTER_CLOSE, now=after_t)

    with pytest.raises(ForbiddenError) as refused:
        propose(session, accepted, officer, after_t)

    assert refused.value.code == "no_ground_to_revoke"


@pytest.mark.parametrize(("rule", "reason"), [("SBC-21", REASON), ("SBC-05", " "), ("SBC-05", "长" * 2_001)])
def test_a_proposal_names_its_rule_and_its_reason(session, failing, officer, after_t, rule, reason):
    with pytest.raises(DecisionIncompleteError):
        propose(session, failing, officer, after_t, rule=rule, reason=reason)

    assert session.scalar(select(func.count()).select_from(AcceptanceRevocation)) == 0


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_officers_propose(session, failing, after_t, role):
    with pytest.raises(ForbiddenError):
        propose(session, failing, actor_of(session, make_staff(session, role)), after_t)


def test_what_has_been_overruled_meanwhile_is_no_ground(session, failing, officer, colleague, after_t):
    propose(session, failing, officer, after_t)
    finding = next(one for one in queries.latest_findings(session, failing) if one.rule == "SBC-05")
    word = {"verdict": PersonVerdict.PASS, "reason": "已核", "clause": finding.clause, "actor": colleague}
    services.overrule_finding(session, failing, finding_id=finding.id, **word, now=after_t)

    with pytest.raises(ForbiddenError) as refused:
        services.confirm_revocation(session, failing, actor=colleague, now=after_t)

    assert refused.value.code == "revocation_without_ground"
    services.refuse_revocation(session, failing, note="已改判", actor=colleague, now=after_t)
    assert failing.state is S.ACCEPTED


def test_while_it_is_proposed_no_panel_is_drawn_and_afterwards_it_is_too_late(
    session, failing, officer, colleague, after_t
):
    make_pool(session, PANEL)
    propose(session, failing, officer, after_t)
    with pytest.raises(ForbiddenError) as refused, session.begin_nested():
        draw(session, failing)
    assert refused.value.code == "revocation_proposed"
    services.refuse_revocation(session, failing, note="已核", actor=colleague, now=after_t)
    set_state(session, failing, S.UNDER_REVIEW)

    with pytest.raises(ForbiddenError) as refused:
        propose(session, failing, officer, after_t)

    assert refused.value.code == "not_accepted"


def test_the_pages_of_both(session, client, failing, after_t, clock):
    clock.move_to(after_t)
    first, second = make_staff(session, Role.OFFICER), make_staff(session, Role.OFFICER)
    case = f"/staff/cases/{failing.ref}"
    sign_in(client, first)
    assert failing.ref in client.get("/staff/?view=recheck").text
    assert f"{case}/revoke" in client.get(case).text
    assert "请写明理由" in client.post(f"{case}/revoke", data={"rule": "SBC-05"}).text
    answer = client.post(f"{case}/revoke", data={"rule": "SBC-05", "reason": REASON})
    assert (answer.status_code, answer.location) == (303, case)
    page = client.get(f"{case}/revoke").text
    assert "收回提请" in page
    assert 'value="confirm"' not in page
    proposal = queries.find_open_revocation(session, failing)
    given = {"proposal": str(proposal.id), "decision": "confirm"}
    assert client.post(f"{case}/revoke", data=given).status_code == 403
    sign_in(client, second)
    assert REASON in client.get(case).text
    assert REASON in client.get(f"{case}/revoke").text

    answer = client.post(f"{case}/revoke", data=given)

    assert (answer.status_code, answer.location) == (303, case)
    session.refresh(failing)
    assert failing.state is S.REJECTED
    assert client.post(f"{case}/revoke", data=given).status_code == 409
    assert "受理后复核不符，撤销受理，不予受理" in client.get(case).text
    sign_in(client, session.get_one(Person, failing.created_by))
    page = client.get(f"/apply/{failing.id}/").text
    assert REASON in page
    assert "申请复核" in page
    assert "提请撤销受理" not in page
