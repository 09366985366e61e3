from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from grants.accounts.models import Person
from grants.applications import policies, queries, services
from grants.applications.models import Application
from grants.kernel.actor import ANONYMOUS, SYSTEM, Role
from grants.kernel.errors import NotFoundError
from tests.factories.accounts import actor_of, make_member, make_membership, make_staff, sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call


@contextmanager
def counting(session):
    """How many statements the block sends."""
    sent = []

    def note(connection, cursor, statement, *rest):
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def seen(session, actor):
    return session.scalar(select(func.count()).select_from(Application).where(policies.visible_to(actor)))


@pytest.fixture
def three(session, now):
    """A draft and a submitted application of two enterprises in one call, and one at its district in another."""
    call, other = make_call(session, now=now), make_call(session, code="hlw", now=now)
    draft = make_application(session, call=call, now=now)
    submitted = make_application(session, call=call, submitted=True, now=now)
    district = make_application(session, call=other, submitted=True, now=now)
    for step in ("start_check", "finish_check", "pass_to_district"):
        services.advance(session, district, step, actor=SYSTEM, now=now)
    session.flush()
    return draft, submitted, district


def test_the_office_sees_what_was_submitted_within_its_scope(session, three):
    _, submitted, district = three
    expected = {
        (Role.OFFICER, "*"): 2,
        (Role.OFFICER, submitted.call.ref): 1,
        (Role.APPROVER, district.call.ref): 1,
        (Role.ADMINISTRATOR, "*"): 2,
        (Role.AUDITOR, "*"): 2,
        (Role.OFFICER, "SBC-2099-01"): 0,
        (Role.DISTRICT_OFFICER, "310115"): 1,
        (Role.DISTRICT_OFFICER, "310101"): 0,
        (Role.EXPERT, "*"): 0,
    }

    found = {
        (role, scope): seen(session, actor_of(session, make_staff(session, role, scope=scope)))
        for role, scope in expected
    }

    assert found == expected


def test_enterprises_see_their_own_and_nobody_sees_nothing(session, three):
    draft, submitted, _ = three
    assert [seen(session, owner_of(session, one)) for one in (draft, submitted)] == [1, 1]
    assert seen(session, actor_of(session, make_member(session))) == 0
    assert seen(session, ANONYMOUS) == 0
    assert seen(session, SYSTEM) == 3


def test_what_is_not_visible_is_not_found(session, three):
    draft, submitted, _ = three
    officer = actor_of(session, make_staff(session, Role.OFFICER))

    assert queries.get_by_ref(session, submitted.ref, officer) is submitted
    with pytest.raises(NotFoundError):
        queries.get_application(session, draft.id, officer)
    with pytest.raises(NotFoundError):
        queries.get_by_ref(session, submitted.ref, owner_of(session, draft))


def test_the_office_fetches_frozen_files_only_within_its_scope(session, three, client, clock):
    _, submitted, _ = three
    document = queries.case_content(queries.current_revision(session, submitted))["documents"][0]
    path = f"/staff/cases/{submitted.ref}/documents/{document['key']}"
    inside = make_staff(session, Role.OFFICER, scope=submitted.call.ref)
    outside = make_staff(session, Role.OFFICER, scope="HLW-2099-01")
    enterprise = session.get_one(Person, submitted.created_by)
    session.commit()
    found = {}
    for name, person in (("inside", inside), ("outside", outside), ("enterprise", enterprise)):
        sign_in(client, person)
        with client.get(f"{path}/{document['sha256']}") as answer:
            found[name] = answer.status_code
    sign_in(client, inside)

    assert found == {"inside": 200, "outside": 404, "enterprise": 403}
    assert client.get(f"{path}/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_an_enterprise_s_list_costs_the_same_whatever_its_length(session, now, rows):
    call, membership = make_call(session, now=now), make_membership(session)
    for _ in range(rows):
        make_application(session, call=call, organisation=membership.organisation, person=membership.person, now=now)
    actor = actor_of(session, membership.person)
    session.expire_all()

    with counting(session) as sent:
        page = queries.list_for_enterprise(session, actor)
        progress = queries.list_progress(session, page.items)

    assert len(page.items) == min(rows, 25)
    assert len(sent) == 5
    assert all(one.missing > 20 for one in progress.values())


def test_a_submission_sends_few_statements(session, now):
    application = make_application(session, complete=True, now=now)
    owner = owner_of(session, application)
    session.flush()

    with counting(session) as sent:
        services.submit_application(
            session, application, actor=owner, now=now, undertakings=["commit_true", "commit_no_dup", "credit_auth"]
        )
        session.flush()

    assert len(sent) <= 30, "\n".join(sent)
