"""Registering, joining, deciding, trying again."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from grants.accounts import queries, services
from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.states import Level, MembershipState
from grants.db import reading, writing
from grants.factory import create_app
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.notifications import Mail
from tests.factories.accounts import actor_of, make_member, make_membership, make_person, make_staff, next_uscc
from tests.support.databases import dispose, make_settings


def registration(uscc, email="jingban@shili.example", **changes):
    entries = {"organisation_name": "示例软件有限公司", "name": "陈示例", "phone": "021-0000 0000", "proof": None}
    return services.Registration(uscc=uscc, email=email, password_hash="-", **(entries | changes))


def register(session, now, uscc, **changes):
    return services.register_enterprise(session, registration(uscc, **changes), now=now)


@pytest.fixture
def officer(session):
    return actor_of(session, make_staff(session, Role.OFFICER))


def test_a_new_code_makes_an_organisation_whose_founder_may_draft(session, now):
    membership = register(session, now, next_uscc())

    assert (membership.state, membership.level, membership.may_draft) == ("unverified", Level.OWNER, True)
    assert actor_of(session, membership.person).organisation_ids() == {membership.organisation_id}
    assert not queries.is_verified_member(session, membership.person_id, membership.organisation_id)


def test_a_known_code_gives_an_unverified_membership_that_sees_nothing(session, now):
    founder = register(session, now, next_uscc())
    joined = register(
        session, now, founder.organisation.uscc, email="other@shili.example", organisation_name="另一名称"
    )

    assert joined.organisation_id == founder.organisation_id
    assert joined.organisation.name == "示例软件有限公司"
    assert (joined.stated_name, joined.level) == ("另一名称", Level.EDITOR)
    assert actor_of(session, joined.person).organisation_ids() == frozenset()


def test_a_known_email_changes_nothing_and_tells_its_owner_once_a_day(session, now):
    first = register(session, now, next_uscc())

    assert register(session, now, next_uscc(), email=" JINGBAN@shili.example") is None
    assert register(session, now, next_uscc(), email="jingban@shili.example") is None

    assert session.scalar(select(func.count()).select_from(Organisation)) == 1
    subjects = session.scalars(
        select(Mail.subject).where(Mail.to_address == first.person.email).order_by(Mail.id)
    ).all()
    assert subjects == [
        "【模拟】已收到示例软件有限公司的账号注册申请",
        "【模拟】您的邮箱已有账号，本次注册未生效",
    ]


def test_approval_ends_the_drafting_of_a_founder_who_was_not_approved(session, now, officer):
    founder = register(session, now, next_uscc())
    joined = register(session, now, founder.organisation.uscc, email="other@shili.example")

    services.decide_membership(
        session, joined, verified=True, reason="", organisation_name="示例正名有限公司", actor=officer, now=now
    )

    assert queries.is_verified_member(session, joined.person_id, joined.organisation_id)
    assert (joined.level, joined.organisation.name) == (Level.OWNER, "示例正名有限公司")
    session.refresh(founder)
    assert actor_of(session, founder.person).organisation_ids() == frozenset()


def test_a_refusal_needs_a_reason_and_can_be_answered_with_other_papers(session, now, officer):
    membership = register(session, now, next_uscc())

    with pytest.raises(InvalidError) as refused:
        services.decide_membership(session, membership, verified=False, reason=" ", actor=officer, now=now)
    assert refused.value.code == "reason_missing"

    services.decide_membership(session, membership, verified=False, reason="执照不清晰", actor=officer, now=now)
    owner = actor_of(session, membership.person)
    assert owner.organisation_ids() == frozenset()
    assert "原因：执照不清晰" in session.scalars(select(Mail.body).order_by(Mail.id.desc()).limit(1)).one()

    services.resubmit_proof(session, membership, proof=None, actor=owner, now=now)
    assert (membership.state, membership.reason, membership.decided_at) == ("unverified", "", None)


def test_what_has_been_decided_cannot_be_decided_again(session, now, officer):
    membership = make_membership(session)

    with pytest.raises(ForbiddenError) as refused:
        services.decide_membership(session, membership, verified=False, reason="x", actor=officer, now=now)
    assert refused.value.code == "membership_decided"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.EXPERT])
def test_only_officers_and_administrators_decide(session, now, role):
    membership = make_membership(session, state=MembershipState.UNVERIFIED)

    with pytest.raises(ForbiddenError):
        services.decide_membership(
            session, membership, verified=True, reason="", actor=actor_of(session, make_staff(session, role)), now=now
        )
    assert membership.state == "unverified"


def test_the_office_cannot_join_an_enterprise(session, now):
    somebody = make_staff(session, Role.OFFICER)

    with pytest.raises(ForbiddenError) as refused:
        services.request_membership(
            session,
            somebody,
            uscc=next_uscc(),
            organisation_name="示例",
            proof=None,
            actor=actor_of(session, somebody),
            now=now,
        )
    assert refused.value.code == "enterprise_excludes_role"


def test_asking_twice_for_one_organisation_is_refused(session, now):
    person = make_member(session)
    uscc = person.memberships[0].organisation.uscc

    with pytest.raises(InvalidError) as refused:
        services.request_membership(
            session, person, uscc=uscc, organisation_name="示例", proof=None, actor=actor_of(session, person), now=now
        )
    assert refused.value.code == "membership_exists"


def test_other_peoples_memberships_are_not_found(session):
    membership, stranger = make_membership(session), make_person(session)

    with pytest.raises(NotFoundError):
        queries.get_membership(session, membership.id, actor_of(session, stranger))


def test_two_registrations_of_one_code_at_once_end_in_one_organisation(
    database_kind, databases, tmp_path, now, worker_id
):
    url = databases.copy(database_kind, f"registration_{worker_id}_{database_kind}")
    app = create_app(make_settings(url, tmp_path))
    uscc, start, failures = next_uscc(), Barrier(2), []

    def enter(email):
        try:
            with app.app_context(), writing() as session:
                start.wait(timeout=10) if database_kind == "postgresql" else None
                register(session, now, uscc, email=email)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=enter, args=(f"p{number}@shili.example",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context(), reading() as session:
        assert failures == []
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1
        assert session.scalar(select(func.count()).select_from(Person)) == 2
        assert sorted(session.scalars(select(Membership.may_draft))) == [False, True]
    dispose(app)
