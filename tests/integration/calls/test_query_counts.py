"""The lists of calls ask the database equally often whatever they show."""

from datetime import timedelta

import pytest

from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import make_call
from tests.support.statements import queries_of


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


@pytest.mark.parametrize("path", ["/", "/calls", "/staff/calls"])
def test_lists_ask_equally_often_for_one_call_and_for_thirty(session, client, now, path):
    make_call(session)
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    few = queries_of(client, path)

    for day in range(29):
        make_call(session, closes_at=now + timedelta(days=50 + day))
    session.expire_all()

    assert queries_of(client, path) == few
