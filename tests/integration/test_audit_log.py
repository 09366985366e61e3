"""The sealed log while others write to it, after its key was changed, and what ``verify`` finds."""

from itertools import count

import pytest
from sqlalchemy import event, select, text, update

from grants import audit
from grants.audit import AuditEntry, AuditKey, AuditSubject
from grants.audit.triggers import create_triggers, drop_triggers
from grants.db import reading, writing
from grants.factory import create_app
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from tests.support.databases import SECRET, dispose, make_settings

OLD, NEW = AuditKey("k1", SECRET.encode()), AuditKey("k2", b"another secret of the tests")
_numbers = count(1)


@pytest.fixture
def own_app(database_kind, databases, worker_id):
    """An application on a database of its own, where transactions are real."""
    name = f"audit_{worker_id}_{next(_numbers)}"
    app = create_app(make_settings(databases.copy(database_kind, name), databases.folder / name / database_kind))
    yield app
    dispose(app)


@pytest.fixture
def key():
    """The key of the tests, put back in force after the test."""
    yield OLD
    audit.use_key(OLD)


def record(session, subject="1"):
    audit.record(session, SYSTEM, "test.recorded", ("person", subject), at=real_now())


def record_apart(app):
    """Record in a transaction of its own, as another request would."""
    with app.app_context(), writing() as session:
        record(session)


def test_several_entries_at_once_are_as_good_as_one_after_the_other(own_app):
    with own_app.app_context():
        with writing() as session:
            record(session)
            happened = [audit.Happening(f"test.{word}", real_now(), {"word": word}) for word in ("begun", "ended")]
            audit.record_all(session, SYSTEM, ("person", "1"), happened)
            record(session)
        with reading() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
            assert [(entry.subject_no, entry.kind) for entry in entries] == [
                (1, "test.recorded"),
                (2, "test.begun"),
                (3, "test.ended"),
                (4, "test.recorded"),
            ]
            assert audit.verify(session).broken_at is None


def test_verify_holds_while_entries_are_being_recorded(own_app):
    """Each look of verify at the log is followed by another request's entry."""
    with own_app.app_context():
        record_apart(own_app)
        with reading() as session:
            connection = session.connection()

            def interfere(connection, cursor, statement, *rest):
                if "FROM audit_" in statement:
                    record_apart(own_app)

            event.listen(connection, "after_cursor_execute", interfere)
            report = audit.verify(session)
            event.remove(connection, "after_cursor_execute", interfere)

    assert report.broken_at is None


def test_an_entry_taken_out_before_its_seal_shows_though_the_counter_was_lowered(session):
    for _ in range(3):
        record(session)
    drop_triggers(session.connection())
    session.execute(text("DELETE FROM audit_entry WHERE subject_no = 2"))
    create_triggers(session.connection())
    session.execute(update(AuditSubject).values(entries=2))

    assert "person 1" in (audit.verify(session).broken_at or "")


def test_entries_of_a_subject_without_counter_show(session):
    record(session)
    session.execute(text("DELETE FROM audit_subject"))

    assert "person 1" in (audit.verify(session).broken_at or "")


def test_a_changed_key_leaves_the_log_verifiable(session, key):
    record(session)
    audit.seal_pending(session)
    record(session)
    audit.use_key(NEW, OLD)
    record(session)

    assert audit.seal_pending(session) == 2
    report = audit.verify(session)

    assert (report.entries, report.head_seq, report.broken_at) == (3, 3, None)


def test_entries_of_an_unknown_key_wait_for_it_and_are_told(session, key):
    record(session)
    audit.use_key(NEW)
    record(session, "2")

    assert audit.seal_pending(session) == 1
    assert "key k1" in (audit.verify(session).broken_at or "")
    assert session.scalar(select(AuditEntry.seq).where(AuditEntry.key_id == "k1")) is None


def test_an_altered_entry_shows(session):
    record(session)
    audit.seal_pending(session)
    drop_triggers(session.connection())
    session.execute(text("UPDATE audit_entry SET kind = 'test.altered'"))
    create_triggers(session.connection())

    assert "altered" in (audit.verify(session).broken_at or "")
