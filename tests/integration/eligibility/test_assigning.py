"""Who has which case: given, taken, shared out; counted per officer."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.applications.domain.steps import NO_LAST_DAY
from grants.applications.states import ApplicationState as S
from grants.audit import AuditEntry
from grants.eligibility import queries, services
from grants.eligibility.models import CaseAssignment
from grants.kernel.actor import Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, InvalidError
from tests.factories.accounts import actor_of, make_staff
from tests.factories.eligibility import make_case_call, make_checked, set_state, submit_case


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def ming(session, call):
    return make_staff(session, Role.OFFICER, scope=call.ref)


@pytest.fixture
def hong(session, call):
    return make_staff(session, Role.OFFICER, scope=call.ref)


def cases(session, call, count):
    made = [submit_case(session, call=call) for _ in range(count)]
    for application in made:
        set_state(session, application, S.CHECKED)
    return made


def owner_of(session, application):
    row = session.get(CaseAssignment, application.id)
    return row and row.officer_id


def assign(session, applications, person, actor, now):
    ids = [application.id for application in applications]
    return services.assign_cases(session, ids, person and person.id, actor=actor_of(session, actor), now=now)


def test_a_case_is_taken_passed_on_and_given_back_and_the_log_knows(session, call, ming, hong, now):
    (application,) = cases(session, call, 1)

    assert assign(session, [application], ming, ming, now).changed == 1
    assert assign(session, [application], ming, ming, now).changed == 0
    assert assign(session, [application], hong, ming, now).changed == 1
    assert owner_of(session, application) == hong.id
    assert assign(session, [application], None, hong, now).changed == 1
    assert owner_of(session, application) is None

    query = select(AuditEntry).where(AuditEntry.kind.like("application.%assigned")).order_by(AuditEntry.subject_no)
    told = [(entry.kind, json.loads(entry.detail)) for entry in session.scalars(query)]
    assert [kind for kind, _ in told] == ["application.assigned", "application.assigned", "application.unassigned"]
    assert told[1][1] == {"officer": str(hong.id), "former": str(ming.id)}


def test_what_may_not_be_given_is_left_and_named(session, call, ming, now):
    own, drawn = cases(session, call, 2)
    set_state(session, drawn, S.UNDER_REVIEW)
    (elsewhere,) = cases(session, make_case_call(session), 1)

    outcome = assign(session, [own, drawn, elsewhere], ming, ming, now)

    assert outcome.changed == 1
    assert outcome.left == {drawn.ref: "not_assignable", elsewhere.ref: "role_missing"}


def test_only_an_officer_of_its_call_can_be_given_a_case(session, call, ming, now):
    (application,) = cases(session, call, 1)
    everywhere = make_staff(session, Role.OFFICER)
    other = make_staff(session, Role.OFFICER, scope="HLW-2099-01")

    assert assign(session, [application], other, ming, now).left == {application.ref: "not_officer_of_call"}
    assert assign(session, [application], everywhere, ming, now).changed == 1
    with pytest.raises(InvalidError) as refused:
        assign(session, [application], make_staff(session, Role.APPROVER), ming, now)
    assert refused.value.code == "officer_unknown"


@pytest.mark.parametrize(("count", "code"), [(0, "nothing_selected"), (201, "too_many_selected")])
def test_nothing_and_too_much_are_refused(session, ming, now, count, code):
    with pytest.raises(InvalidError) as refused:
        services.assign_cases(session, range(count), ming.id, actor=actor_of(session, ming), now=now)

    assert refused.value.code == code


def test_sharing_out_evens_what_officers_have_and_takes_nothing_from_anybody(session, call, ming, hong, now):
    applications = cases(session, call, 7)
    assign(session, applications[:2], ming, ming, now)

    given = services.share_cases(session, call, [ming.id, hong.id], actor=actor_of(session, ming), now=now)

    assert given == {ming.id: 2, hong.id: 3}
    assert {owner_of(session, one) for one in applications[:2]} == {ming.id}
    assert queries.count_unassigned(session, call) == 0
    assert services.share_cases(session, call, [ming.id, hong.id], actor=actor_of(session, ming), now=now) == {
        ming.id: 0,
        hong.id: 0,
    }


def test_cases_are_shared_among_officers_of_the_call_by_one_of_them(session, call, ming, now):
    other = make_staff(session, Role.OFFICER, scope="HLW-2099-01")

    with pytest.raises(InvalidError):
        services.share_cases(session, call, [other.id], actor=actor_of(session, ming), now=now)
    with pytest.raises(InvalidError):
        services.share_cases(session, call, [], actor=actor_of(session, ming), now=now)
    with pytest.raises(ForbiddenError):
        services.share_cases(session, call, [ming.id], actor=actor_of(session, other), now=now)


def test_the_workload_counts_open_late_and_soon_and_what_nobody_has(session, call, ming, hong, now):
    late, soon, far, nobodys, done = cases(session, call, 5)
    today = local_date(now)
    for application, days in ((late, -1), (soon, 1), (far, 9), (nobodys, 0)):
        application.due_on = today + timedelta(days=days)
    assign(session, [late, soon, far], ming, ming, now)
    assign(session, [done], hong, ming, now)
    set_state(session, done, S.ACCEPTED)
    session.flush()

    loads = queries.list_loads(
        session, actor_of(session, ming), today=today, soon_until=today + timedelta(days=3), call_ids=[call.id]
    )

    assert [(load.officer_id, load.open, load.overdue, load.soon) for load in loads] == [
        (ming.id, 3, 1, 1),
        (None, 1, 0, 1),
    ]
    assert loads[0].first_due_on == late.due_on != NO_LAST_DAY


def test_the_workload_shows_no_cases_that_its_reader_may_not_see(session, call, ming, now):
    make_checked(session, call=make_case_call(session))
    today = local_date(now)

    assert queries.list_loads(session, actor_of(session, ming), today=today, soon_until=today) == []
