"""Accepting clean cases in one go: what was shown is what is done, one by one, once, by whoever confirmed it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from grants.accounts.models import RoleGrant
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.models import AcceptanceItem, CheckSummary, FormalDecision
from grants.eligibility.states import ItemOutcome, Outcome, PersonVerdict, Proposal
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.outbox import Message
from tests.factories.accounts import actor_of, make_organisation, make_staff
from tests.factories.eligibility import make_case_call, make_checked
from tests.factories.registers import SOUND_ENTRY, make_registers

ACCEPTED, LEFT_OUT, STAGED = ItemOutcome.ACCEPTED, ItemOutcome.LEFT_OUT, ItemOutcome.STAGED


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """The worker reads the clock."""


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def person(session):
    return make_staff(session, Role.OFFICER)


@pytest.fixture
def officer(session, person):
    return actor_of(session, person)


def make_refusable(session, call):
    organisation = make_organisation(session)
    make_registers(session, organisation.uscc, reg=[(organisation.uscc, {**SOUND_ENTRY, "in_shanghai": False})])
    return make_checked(session, call=call, organisation=organisation, registers=False)


def stage(session, officer, now, *applications):
    ids = [application.id for application in applications]
    return services.stage_acceptances(session, ids, actor=officer, now=now)


def outcomes(session, staged):
    session.expire_all()
    rows = session.scalars(select(AcceptanceItem).where(AcceptanceItem.list_id == staged.id))
    return {row.application.ref: (row.outcome, row.reason) for row in rows}


def run(session, staged, officer, now, drain):
    services.confirm_acceptances(session, staged, actor=officer, now=now)
    drain()


def test_staging_decides_nothing_and_names_what_is_left_out(session, call, officer, now):
    clean, refusable = make_checked(session, call=call), make_refusable(session, call)

    staged = stage(session, officer, now, clean, refusable)

    assert outcomes(session, staged) == {clean.ref: (STAGED, ""), refusable.ref: (LEFT_OUT, "not_clean")}
    assert clean.state is S.CHECKED
    sums = queries.sums_of(queries.list_items(session, staged.id))
    assert (sums[STAGED].count, sums[STAGED].requested_fen) == (1, clean.requested_fen)


def test_a_confirmed_list_is_accepted_case_by_case(session, call, officer, now, drain):
    first, second = make_checked(session, call=call), make_checked(session, call=call)
    staged = stage(session, officer, now, first, second)

    run(session, staged, officer, now, drain)

    assert outcomes(session, staged) == {first.ref: (ACCEPTED, ""), second.ref: (ACCEPTED, "")}
    assert {first.state, second.state} == {S.ACCEPTED}
    deciders = session.scalars(select(FormalDecision.decided_by)).all()
    assert deciders == [officer.person_id] * 2


def test_the_work_is_in_the_bulk_lane_one_message_a_case_and_confirmed_once(session, call, officer, now):
    staged = stage(session, officer, now, make_checked(session, call=call), make_checked(session, call=call))

    services.confirm_acceptances(session, staged, actor=officer, now=now)
    services.confirm_acceptances(session, staged, actor=officer, now=now + timedelta(minutes=1))

    lanes = session.scalars(select(Message.lane).where(Message.topic == "acceptance.confirmed")).all()
    assert lanes == ["bulk", "bulk"]
    assert staged.confirmed_at == now


def test_a_second_delivery_changes_nothing(session, call, officer, now, drain):
    application = make_checked(session, call=call)
    staged = stage(session, officer, now, application)
    run(session, staged, officer, now, drain)

    assert services.accept_item(session, staged.id, application.id, now=now) is ACCEPTED
    assert session.scalar(select(func.count()).select_from(FormalDecision)) == 1


def returned(session, application, officer, now):
    item = {"path": "tested_version", "row": None, "document": None, "reason": "请核对"}
    given = {"outcome": Outcome.RETURN, "reason": "请更正", "correction_items": [item]}
    services.decide(session, application, **given, actor=officer, now=now)


def accepted(session, application, officer, now):
    services.decide(session, application, outcome=Outcome.ACCEPT, actor=officer, now=now)


def checked_again(session, application, officer, now):
    session.get_one(CheckSummary, application.id).checked_at = now + timedelta(minutes=5)


def found_wanting(session, application, officer, now):
    finding = next(one for one in queries.latest_findings(session, application) if one.severity == "reject" and one.due)
    given = {"verdict": PersonVerdict.FAIL, "reason": "原件不符", "clause": "《指南》二"}
    services.overrule_finding(session, application, finding_id=finding.id, **given, actor=officer, now=now)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (returned, "not_checked"),
        (accepted, "not_checked"),
        (checked_again, "changed_since_staged"),
        (found_wanting, "not_clean"),
    ],
)
def test_a_case_that_changed_in_between_is_left_out_and_the_others_go_on(
    session, call, officer, now, drain, meanwhile, reason
):
    changed, same = make_checked(session, call=call), make_checked(session, call=call)
    staged = stage(session, officer, now, changed, same)
    meanwhile(session, changed, officer, now)
    session.flush()

    run(session, staged, officer, now, drain)

    assert outcomes(session, staged) == {changed.ref: (LEFT_OUT, reason), same.ref: (ACCEPTED, "")}


def test_two_officers_with_the_same_case_decide_it_once(session, call, officer, now, drain):
    application = make_checked(session, call=call)
    other = actor_of(session, make_staff(session, Role.OFFICER))
    first, second = stage(session, officer, now, application), stage(session, other, now, application)

    services.confirm_acceptances(session, first, actor=officer, now=now)
    services.confirm_acceptances(session, second, actor=other, now=now)
    drain()

    found = sorted([outcomes(session, first)[application.ref], outcomes(session, second)[application.ref]])
    assert found == [(ACCEPTED, ""), (LEFT_OUT, "not_checked")]
    assert session.scalar(select(func.count()).select_from(FormalDecision)) == 1


def test_an_officer_who_is_none_any_more_accepts_nothing(session, call, person, officer, now, drain):
    application = make_checked(session, call=call)
    staged = stage(session, officer, now, application)
    services.confirm_acceptances(session, staged, actor=officer, now=now)
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    session.expire_all()

    drain()

    assert outcomes(session, staged) == {application.ref: (LEFT_OUT, "role_missing")}
    assert application.state is S.CHECKED


def test_after_t_nothing_is_staged_before_the_evidence_was_read_again(session, call, officer):
    application = make_checked(session, call=call)

    staged = stage(session, officer, call.closes_at + timedelta(days=1), application)

    assert outcomes(session, staged) == {application.ref: (LEFT_OUT, "check_outstanding")}
    with pytest.raises(ForbiddenError) as refused:
        services.confirm_acceptances(session, staged, actor=officer, now=call.closes_at + timedelta(days=1))
    assert refused.value.code == "nothing_to_accept"


def test_what_a_worker_cannot_accept_is_left_out_so_that_the_list_ends(session, call, officer, now):
    application = make_checked(session, call=call)
    staged = stage(session, officer, now, application)

    services.give_up_item(session, staged.id, application.id, now=now)

    assert outcomes(session, staged) == {application.ref: (LEFT_OUT, "acceptance_unfinished")}


def test_a_list_is_its_officers_and_read_by_administrators_and_auditors(session, call, officer, now):
    staged = stage(session, officer, now, make_checked(session, call=call))
    other = actor_of(session, make_staff(session, Role.OFFICER))

    with pytest.raises(NotFoundError):
        queries.get_acceptance_list(session, staged.id, other)
    with pytest.raises(ForbiddenError) as refused:
        services.confirm_acceptances(session, staged, actor=other, now=now)
    assert refused.value.code == "not_your_list"
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert queries.get_acceptance_list(session, staged.id, actor_of(session, make_staff(session, role))) is staged


def test_cases_of_others_are_not_put_on_a_list(session, call, now):
    application = make_checked(session, call=call)
    stranger = actor_of(session, make_staff(session, Role.OFFICER, scope="HLW-2099-01"))

    with pytest.raises(InvalidError) as refused:
        stage(session, stranger, now, application)

    assert refused.value.code == "nothing_selected"


def test_more_than_five_hundred_at_once_are_refused(session, officer, now):
    with pytest.raises(InvalidError) as refused:
        services.stage_acceptances(session, [officer.person_id] * 501, actor=officer, now=now)

    assert refused.value.code == "too_many_selected"


def test_all_clean_cases_of_a_call_are_those_of_which_nothing_speaks_against(session, call, now):
    clean, refusable = make_checked(session, call=call), make_refusable(session, call)
    make_checked(session, call=make_case_call(session))

    assert list(queries.list_clean(session, call, limit=500)) == [clean.id]
    assert queries.find_summary(session, refusable.id).proposal is Proposal.REJECT
