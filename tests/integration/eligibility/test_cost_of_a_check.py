"""What one check asks of the database: the goal of checks per second is lost by small queries, not by rules."""

from sqlalchemy import select

from grants.applications.states import ApplicationState as S
from grants.db import db
from grants.documents import StoredFile
from grants.eligibility.services import evidence
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


def test_a_form_that_many_have_handed_in_is_read_once(session):
    application = submit_case(session)
    file = session.scalars(select(StoredFile).limit(1)).one()
    facts = {name: getattr(file, name) for name in ("sha256", "content_type", "size_bytes", "pages", "uploaded_by")}
    for number in range(20):
        again = StoredFile(**facts, name=f"{number}.pdf", uploaded_at=file.uploaded_at, scan_state=file.scan_state)
        again.scanned_at = file.scanned_at
        session.add(again)
    session.flush()

    asked = {"application_id": application.id, "wanted": [file.sha256]}
    assert len(session.connection().execute(evidence._OWN, asked).all()) == 1
