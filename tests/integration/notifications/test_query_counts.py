"""The inbox asks the database equally often whatever it shows."""

import pytest

from grants.kernel.actor import Role
from grants.notifications import Recipient, notify
from tests.factories.accounts import make_staff, sign_in
from tests.support.statements import queries_of


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


def test_the_inbox_asks_equally_often_for_one_message_and_for_thirty(session, client, now):
    person = make_staff(session, Role.OFFICER)
    to = [Recipient(person.id, person.email, person.name)]
    facts = {"name": "示例批次", "ref": "SBC-2026-01-0001", "title": "示例产品", "submitted_at": "2026年3月18日"}

    def tell(number):
        key = f"application.submitted:{number}"
        notify(session, event_key=key, kind="application.submitted", recipients=to, facts=facts, path="/", now=now)

    tell(0)
    sign_in(client, person)
    few = queries_of(client, "/inbox")
    for number in range(1, 30):
        tell(number)
    session.expire_all()

    assert queries_of(client, "/inbox") == few
