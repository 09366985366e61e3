"""What a submission asks of the database, above all while it keeps everybody else from the call's counter."""

from itertools import groupby

from grants.applications import queries, services
from tests.factories.accounts import make_membership
from tests.factories.applications import make_application, owner_of
from tests.integration.applications.test_submission import undertakings
from tests.support.statements import counted

MOST = 22
MOST_UNDER_LOCK = 6  # state and number, receipt, its PDF, inbox, mails, messages
COUNTER = "UPDATE call SET next_receipt_no"


def statements_of(session, application, now):
    """What is sent from the press of the button on, once the application has been read.

    SQLite gets several rows of a table one by one: the same statement in a row counts once.
    """
    owner, accepted = owner_of(session, application), undertakings(application)
    application = queries.get_application(session, application.id, owner, lock=True)
    with counted() as found:
        services.submit_application(session, application, actor=owner, now=now, undertakings=accepted)
        session.flush()
    return [asked for asked, _again in groupby(found.statements)]


def test_while_the_counter_is_locked_nothing_is_read_and_little_written(session, now):
    statements = statements_of(session, make_application(session, complete=True, now=now), now)

    counter = next(place for place, asked in enumerate(statements) if asked.startswith(COUNTER))
    after = statements[counter + 1 :]
    assert [asked for asked in after if asked.startswith("SELECT")] == []
    assert len(after) <= MOST_UNDER_LOCK
    assert len(statements) <= MOST


def test_it_asks_equally_often_however_many_are_told(session, now):
    application = make_application(session, complete=True, now=now)
    for _ in range(5):
        make_membership(session, organisation=application.organisation)

    assert len(statements_of(session, application, now)) <= MOST
