"""A withdrawal is explained to both sides, and happens once."""

import pytest

from grants.accounts.models import Person
from grants.applications import services
from grants.applications.states import ApplicationState as S
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError
from tests.factories.accounts import make_staff, sign_in
from tests.factories.applications import make_application, owner_of

REASON = "产品改版，另行申报"


@pytest.fixture
def withdrawn(session, now, clock):
    application = make_application(session, submitted=True, now=now)
    services.withdraw_application(session, application, reason=REASON, actor=owner_of(session, application), now=now)
    return application


def test_both_sides_read_the_reason(session, client, withdrawn):
    owner, officer = session.get_one(Person, withdrawn.created_by), make_staff(session, Role.OFFICER)

    for person, path in ((owner, f"/apply/{withdrawn.id}/"), (officer, f"/staff/cases/{withdrawn.ref}")):
        sign_in(client, person)
        assert REASON in client.get(path).text


def test_whoever_withdraws_is_told_that_it_is_done(session, client, now, clock):
    application = make_application(session, submitted=True, now=now)
    sign_in(client, session.get_one(Person, application.created_by))

    answer = client.post(f"/apply/{application.id}/withdraw", data={"reason": REASON}, follow_redirects=True)

    assert f"“{application.title}”已撤回。" in answer.text


def test_who_comes_second_is_told_that_it_is_over(session, client, now, withdrawn):
    owner = owner_of(session, withdrawn)

    with pytest.raises(ForbiddenError) as refused:
        services.withdraw_application(session, withdrawn, reason="再撤一次", actor=owner, now=now)

    assert refused.value.code == "too_late_to_withdraw"
    assert withdrawn.state is S.WITHDRAWN
    sign_in(client, session.get_one(Person, withdrawn.created_by))
    assert "不能再撤回" in client.get(f"/apply/{withdrawn.id}/withdraw").text
