"""More time: two persons, one unit or everybody; drafts follow, expired ones open again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.applications.services import begin_submission, expire_overdue, follow_extension, start_application
from grants.applications.states import ApplicationState
from grants.calls import services
from grants.calls.queries import close_for, list_extensions_for_all
from grants.calls.states import ExtensionState
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.notifications import InboxItem
from grants.outbox import Message
from tests.factories.accounts import actor_of, make_member, make_organisation, make_staff
from tests.factories.applications import make_application
from tests.factories.calls import NOON, make_call, make_extension

HOUR = timedelta(hours=1)


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


@pytest.fixture
def approver(session):
    return actor_of(session, make_staff(session, Role.APPROVER))


def test_one_unit_gets_more_time_and_nobody_else(session, approver):
    call = make_call(session)
    close, until = call.closes_at, call.closes_at + timedelta(days=2)
    mine = make_application(session, call=call, complete=True)
    other = make_application(session, call=call, complete=True)
    extension = make_extension(session, call, organisation=mine.organisation, until_at=until)
    assert expire_overdue(session, now=close) == 2

    services.decide_extension(session, extension, approved=True, note="", actor=approver, now=close)
    follow_extension(session, extension, now=close)
    follow_extension(session, extension, now=close)

    assert (mine.state, mine.extended_to) == (ApplicationState.DRAFT, until)
    assert (other.state, other.extended_to) == (ApplicationState.EXPIRED, None)
    assert call.closes_at == close
    assert close_for(session, call, mine.organisation) == until
    assert expire_overdue(session, now=until - HOUR) == 0
    assert expire_overdue(session, now=until) == 1
    told = select(InboxItem.person_id).where(InboxItem.kind == "deadline.extended")
    assert session.scalars(told).all() == [mine.created_by]


def test_the_unit_can_begin_a_draft_after_the_close_of_others(session):
    call = make_call(session)
    organisation = make_organisation(session)
    member = actor_of(session, make_member(session, organisation))
    late = call.closes_at + HOUR
    with pytest.raises(ForbiddenError) as refused:
        start_application(session, call, organisation, actor=member, now=late)
    assert refused.value.code == "call_closed"

    make_extension(session, call, organisation=organisation, approved=True)

    draft = start_application(session, call, organisation, actor=member, now=late)
    assert draft.extended_to == call.closes_at + timedelta(days=3)
    begin_submission(session, draft, actor=member, now=late)
    assert draft.submission_begun_at == late


def test_everybody_gets_back_what_an_outage_took(session, officer, approver):
    call = make_call(session)
    close, asof = call.closes_at, call.asof_on
    draft = make_application(session, call=call, complete=True)
    outage = (close - timedelta(minutes=95), close - timedelta(minutes=5))

    extension = services.propose_for_outage(
        session, call, outage=outage, reason="示例：机房断电。", actor=officer, now=close
    )
    services.decide_extension(session, extension, approved=True, note="同意", actor=approver, now=close)

    assert call.closes_at == close + 2 * HOUR
    assert call.asof_on == asof
    assert list_extensions_for_all(session, call) == [extension]
    assert expire_overdue(session, now=close) == 0
    assert session.scalars(select(Message.topic).where(Message.topic == "deadline.extended")).all()
    assert draft.state is ApplicationState.DRAFT


def test_an_outage_that_ended_after_the_close_gives_time_from_its_end(session, officer):
    call = make_call(session)
    close = call.closes_at
    outage = (close - HOUR, close + 3 * HOUR)

    extension = services.propose_for_outage(
        session, call, outage=outage, reason="示例：网络中断。", actor=officer, now=outage[1]
    )

    assert extension.until_at == close + 7 * HOUR


def test_whoever_proposed_does_not_decide(session):
    call = make_call(session)
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    extension = services.propose_extension(
        session,
        call,
        until_at=call.closes_at + HOUR,
        reason="示例理由",
        organisation=make_organisation(session),
        actor=administrator,
        now=NOON,
    )

    with pytest.raises(ForbiddenError) as refused:
        services.decide_extension(session, extension, approved=True, note="", actor=administrator, now=NOON)

    assert refused.value.code == "own_extension"
    assert extension.state is ExtensionState.PROPOSED


def test_of_two_proposals_for_the_same_close_only_one_can_be_granted(session, approver):
    call = make_call(session)
    unit = make_organisation(session)
    first, second = (make_extension(session, call, organisation=unit) for _ in range(2))

    services.decide_extension(session, first, approved=True, note="", actor=approver, now=NOON)

    with pytest.raises(IllegalTransitionError):
        services.decide_extension(session, second, approved=True, note="", actor=approver, now=NOON)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until_at": timedelta(0)}, "extension_not_later"),
        ({"until_at": timedelta(days=61)}, "extension_too_long"),
        ({"reason": "  "}, "extension_without_reason"),
        ({"organisation": None}, "extension_without_outage"),
        ({"organisation": None, "outage": (-2 * HOUR, -HOUR)}, "extension_without_outage"),
    ],
)
def test_what_cannot_be_proposed(session, officer, change, code):
    call = make_call(session)
    given = {"until_at": HOUR, "reason": "示例理由", "organisation": make_organisation(session), **change}
    given["until_at"] += call.closes_at
    if "outage" in given:
        given["outage"] = tuple(call.opens_at + offset for offset in given["outage"])

    with pytest.raises(InvalidError) as refused:
        services.propose_extension(session, call, **given, actor=officer, now=NOON)

    assert refused.value.code == code


def test_a_refusal_says_why_and_moves_nothing(session, approver):
    call = make_call(session)
    extension = make_extension(session, call)
    close = call.closes_at
    with pytest.raises(InvalidError) as refused:
        services.decide_extension(session, extension, approved=False, note="", actor=approver, now=NOON)
    assert refused.value.code == "extension_without_reason"

    services.decide_extension(session, extension, approved=False, note="理由不充分。", actor=approver, now=NOON)

    assert extension.state is ExtensionState.REFUSED
    assert close_for(session, call, extension.organisation) == close
    assert session.scalars(select(Message.topic).where(Message.topic == "deadline.extended")).all() == []


def test_officers_of_another_call_may_not_propose(session):
    call, elsewhere = make_call(session), make_call(session)
    stranger = actor_of(session, make_staff(session, Role.OFFICER, scope=elsewhere.ref))

    with pytest.raises(ForbiddenError):
        services.propose_extension(
            session,
            call,
            until_at=call.closes_at + HOUR,
            reason="示例理由",
            organisation=make_organisation(session),
            actor=stranger,
            now=NOON,
        )
