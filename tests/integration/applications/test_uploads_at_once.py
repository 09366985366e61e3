"""Two at the same moment over one slot or one upload, on databases of their own: real transactions, real parts."""

import io

import pytest
from sqlalchemy import func, select

from grants import documents
from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.models import Application, SlotUpload
from grants.db import reading, writing
from grants.documents import OutOfPlaceError, StoredFile
from tests.factories.accounts import actor_of, make_member
from tests.factories.applications import make_application
from tests.factories.documents import pdf_bytes
from tests.integration.applications.test_at_once import at_once, own_app

__all__ = ["own_app"]
SCAN = pdf_bytes("盖章", pages=2)


@pytest.fixture
def draft(own_app, now):
    """Ids of a draft, its author and a colleague."""
    with own_app.app_context(), writing() as session:
        application = make_application(session, now=now)
        return application.id, application.created_by, make_member(session, application.organisation).id


def begin(own_app, draft, now):
    with own_app.app_context(), writing() as session:
        application, actor = (
            session.get_one(Application, draft[0]),
            actor_of(session, session.get_one(Person, draft[1])),
        )
        upload = services.begin_upload(
            session, application, "a1", "", name="盖章.pdf", size_bytes=len(SCAN), mark="", actor=actor, now=now
        )
        return upload.upload_id


def received(text="", content=SCAN):
    content = pdf_bytes(text) if text else content
    return documents.receive_upload(io.BytesIO(content), name=f"{text}.pdf", accept=("pdf",), max_bytes=10**6)


def test_two_people_at_one_slot_leave_one_file_in_it_and_one_in_its_history(own_app, draft, now):
    def attach(person_id, file):
        def step():
            with writing() as session:
                application = session.get_one(Application, draft[0])
                actor = actor_of(session, session.get_one(Person, person_id))
                services.attach_file(session, application, "a1", "", file, actor=actor, now=now)

        return step

    with own_app.app_context():
        mine, theirs = received("我的"), received("同事的")
    assert at_once(own_app, attach(draft[1], mine), attach(draft[2], theirs)) == [None, None]

    with own_app.app_context(), reading() as session:
        application = session.get_one(Application, draft[0])
        (present,) = queries.load_draft(session, application).files
        (earlier,) = queries.list_earlier_files(session, application)
        assert {present.name, earlier.name} == {"我的.pdf", "同事的.pdf"}


def test_of_two_pieces_at_one_place_one_moves_the_upload_on(own_app, draft, now):
    upload_id = begin(own_app, draft, now)
    with own_app.app_context(), reading() as session:
        progress = session.get_one(SlotUpload, upload_id).upload.progress

    def send():
        try:
            to = documents.write_piece(progress, io.BytesIO(SCAN[:500]), offset=0, length=500)
        except OutOfPlaceError as error:
            return error.offset
        with writing() as session:
            return documents.move_on(session, progress, to=to, now=now)

    results = at_once(own_app, send, send, send)

    assert results.count(True) == 1
    assert set(results) <= {True, False, 500}
    with own_app.app_context(), reading() as session:
        assert session.get_one(SlotUpload, upload_id).upload.received_bytes == 500


def test_an_upload_finished_twice_at_once_is_attached_once(own_app, draft, now):
    upload_id = begin(own_app, draft, now)
    with own_app.app_context():
        file = received(content=SCAN)

    def finish():
        with writing() as session:
            application = session.get_one(Application, draft[0])
            actor = actor_of(session, session.get_one(Person, draft[1]))
            return services.attach_upload(session, application, upload_id, file, actor=actor, now=now).id

    first, second = at_once(own_app, finish, finish)

    assert first == second
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_no_more_uploads_are_open_than_may_be_however_many_begin_at_once(own_app, draft, now, monkeypatch):
    monkeypatch.setattr("grants.applications.services.uploads.MAX_UNFINISHED", 2)

    def start(mark):
        def step():
            with writing() as session:
                application = session.get_one(Application, draft[0])
                actor = actor_of(session, session.get_one(Person, draft[1]))
                said = {"name": "盖章.pdf", "size_bytes": 9, "mark": mark}
                services.begin_upload(session, application, "a1", "", **said, actor=actor, now=now)

        return step

    results = at_once(own_app, *(start(str(number)) for number in range(6)))

    assert results.count(None) == 2
    assert {getattr(result, "code", None) for result in results if result} == {"too_many_uploads"}
