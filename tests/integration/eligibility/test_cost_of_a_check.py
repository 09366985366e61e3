"""What one check asks of the database: the goal of checks per second is lost by small queries, not by rules."""

from sqlalchemy import select

from grants.applications.states import ApplicationState as S
from grants.db import db
from grants.outbox import Message
from tests.factories.accounts import make_organisation
from tests.factories.eligibility import submit_case
from tests.factories.registers import make_registers
from tests.support.statements import counted
from workers.celery_app import celery

MOST = 22  # of them one reads the demonstration's clock, which production does not have


def run_check(session, application):
    message = session.scalars(
        select(Message).where(Message.topic == "application.submitted").order_by(Message.id.desc())
    ).first()
    message_id, payload = str(message.id), dict(message.payload)
    db.session.commit()
    with counted() as found:
        celery.tasks["eligibility.check_revision"](message_id=message_id, **payload)
    session.refresh(application)
    assert application.state is S.CHECKED
    return found


def test_a_check_asks_no_more_than_it_must_however_much_there_is_to_read(session):
    celery.loader.import_default_modules()
    asked = []
    for others in (0, 3):
        organisation = make_organisation(session)
        make_registers(session, organisation.uscc)
        for _ in range(others):
            submit_case(session)
        application = submit_case(session, organisation=organisation)
        asked.append(run_check(session, application).queries)

    assert asked[0] == asked[1]
    assert asked[0] <= MOST
