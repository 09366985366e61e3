"""The scanner as operators see it."""

import io

import pytest
from sqlalchemy import select

from grants import audit, documents, outbox
from grants.documents import ScanResult, ScanState
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.ops import health
from grants.outbox import Message
from tests.factories.accounts import make_staff, sign_in
from tests.factories.documents import pdf_bytes
from tests.support.scanner import fake_scanner


@pytest.fixture
def failed_file(session, now):
    """A file whose scan has failed, with its dead letter."""
    content = io.BytesIO(pdf_bytes("败"))
    file = documents.store_upload(
        session, content, name="败.pdf", accept=("pdf",), max_bytes=100_000, by="system", now=now
    )
    documents.settle_scan(session, file.id, ScanResult(ScanState.FAILED, "no scanner"), now=now)
    outbox.bury(session, session.scalars(select(Message.id)).one(), at=real_now(), error="no scanner")
    session.commit()
    return file


def test_failed_scans_are_counted_and_started_again_with_one_press(client, session, failed_file, drain):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    page = client.get("/staff/operations").text
    assert "重新检查未完成的文件" in page
    assert 'grants_files{scan="failed"} 1.0' in client.get("/metrics").text

    assert client.post("/staff/operations/scans/retry").status_code == 303
    drain()

    assert failed_file.scan_state is ScanState.CLEAN
    assert outbox.status(session, now=real_now()).dead == 0
    assert "重新检查未完成的文件" not in client.get("/staff/operations").text
    assert "scans.repeated" in session.scalars(select(audit.AuditEntry.kind)).all()


def test_a_scanner_that_is_down_is_named_and_turns_no_visitor_away(client, session):
    try:
        documents.use_scanner(documents.scanner_of("clamd://127.0.0.1:9"))
        answer = client.get("/readyz").json
        assert answer["degraded"] == ["scanner"]
        assert "scanner" not in answer["failing"]

        with fake_scanner() as server:
            documents.use_scanner(documents.scanner_of(server.url))
            assert client.get("/readyz").json["degraded"] == []
            assert health.check_scanner().is_ok
    finally:
        documents.use_scanner(None)


def test_a_file_that_waits_is_seen_in_the_figures(client, session, now, clock):
    content = io.BytesIO(pdf_bytes("等"))
    documents.store_upload(session, content, name="等.pdf", accept=("pdf",), max_bytes=100_000, by="system", now=now)
    session.commit()
    clock.shift(90)

    assert "grants_scan_oldest_seconds 90.0" in client.get("/metrics").text
