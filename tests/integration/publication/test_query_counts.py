"""The public lists ask the database equally often whatever they show."""

from datetime import timedelta

import pytest

from grants.publication.models import AwardList, Notice
from tests.factories.publication import make_notice, make_released_list
from tests.support.statements import queries_of


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


def copy_of(row, entity, **changes):
    """The same row again under a key of its own, with ``changes``."""
    values = {column.key: getattr(row, column.key) for column in entity.__table__.columns if column.key != "id"}
    return entity(**{**values, **changes})


def test_the_notices_ask_equally_often_for_one_and_for_thirty(session, client):
    notice = make_notice(session, awards=1)
    few = queries_of(client, "/notices")

    for number in range(2, 31):
        published_at = notice.published_at + timedelta(minutes=number)
        changes = {"ref": f"{notice.ref}-{number}", "version": number, "changes": "更正", "published_at": published_at}
        session.add(copy_of(notice, Notice, **changes))
    session.flush()
    session.expire_all()

    assert queries_of(client, "/notices") == few


def test_the_lists_ask_equally_often_for_one_and_for_thirty(session, client):
    released = make_released_list(session)
    few = queries_of(client, "/awards")

    for number in range(2, 31):
        session.add(copy_of(released, AwardList, ref=f"{released.ref}-{number}", version=number))
    session.flush()
    session.expire_all()

    assert queries_of(client, "/awards") == few
