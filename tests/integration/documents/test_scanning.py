"""From an upload to a settled scan, with the outbox's own retries and scanners that fail."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from grants import documents
from grants.documents import ScanState
from grants.documents.models import FilePreview
from grants.kernel.clock import real_now
from grants.outbox import Message
from tests.factories.documents import pdf_bytes, pdf_with_content, picture_bytes, workbook_bytes
from tests.support.scanner import EICAR, fake_scanner, real_clamd
from workers.documents import SCAN_PAUSES_S


@pytest.fixture
def scanner(app):
    """A scanner that the application asks; none afterwards."""
    with fake_scanner() as server:
        documents.use_scanner(documents.scanner_of(server.url))
        yield server
    documents.use_scanner(None)


@pytest.fixture
def upload(session, now):
    """Take a file in as any upload."""

    def upload(content=None, name="说明.pdf"):
        return documents.store_upload(
            session,
            io.BytesIO(content or pdf_bytes("一")),
            name=name,
            accept=("pdf", "jpg", "png", "xlsx"),
            max_bytes=1_000_000,
            by="system",
            now=now,
        )

    return upload


@pytest.fixture
def again(session, drain):
    """Let the message's next attempt be due now."""

    def again():
        message = the_message(session)
        message.due_at = real_now()
        drain()
        return the_message(session)

    return again


def the_message(session):
    return session.scalars(select(Message).where(Message.topic == "file.received")).one()


def test_a_clean_file_can_be_opened_and_the_scanner_saw_all_of_it(scanner, upload, drain):
    file = upload()

    drain()

    assert (file.scan_state, file.scan_note) == (ScanState.CLEAN, "")
    assert scanner.got == pdf_bytes("一")


def test_what_the_scanner_finds_keeps_the_file_shut(scanner, upload, drain):
    scanner.says = "stream: Example-Virus FOUND"
    file = upload()

    drain()

    assert (file.scan_state, file.scan_note) == (ScanState.INFECTED, "Example-Virus")
    assert documents.may_open(file).reason == "file_infected"


def test_what_is_found_later_shuts_every_file_of_that_content(session, scanner, upload, drain):
    earlier, other = upload(), upload(pdf_bytes("二"), "另一份.pdf")
    drain()
    assert earlier.scan_state is ScanState.CLEAN
    scanner.says = "stream: Example-Virus FOUND"  # by signatures that did not exist then

    again = upload()
    drain()

    assert [earlier.scan_state, again.scan_state] == [ScanState.INFECTED] * 2
    assert documents.may_open(earlier).reason == "file_infected"
    assert other.scan_state is ScanState.CLEAN


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", ""])
def test_no_clear_answer_is_tried_again_and_then_settled(session, scanner, upload, drain, again, answer):
    scanner.says = answer
    file = upload()

    drain()
    assert (file.scan_state, the_message(session).attempt) == (ScanState.PENDING, 2)

    scanner.says = "stream: OK"
    assert again().done_at is not None
    assert file.scan_state is ScanState.CLEAN


def test_a_scanner_that_stays_away_ends_in_words_and_can_be_asked_again(session, scanner, upload, drain, again):
    documents.use_scanner(documents.scanner_of("clamd://127.0.0.1:9"))
    file = upload()
    drain()
    for _ in SCAN_PAUSES_S:
        message = again()

    assert message.dead_at is not None
    assert file.scan_state is ScanState.FAILED
    assert file.scan_note.startswith("ScannerError: ConnectionRefusedError")
    assert documents.may_open(file).reason == "file_scan_failed"

    documents.use_scanner(documents.scanner_of(scanner.url))
    assert documents.scan_again(session) == 1
    drain()
    assert file.scan_state is ScanState.CLEAN
    assert set(documents.count_scans(session)) == {ScanState.CLEAN}


def test_a_file_waits_at_most_ten_minutes():
    assert sum(SCAN_PAUSES_S) < 600


def test_a_second_delivery_finds_the_scan_settled(session, scanner, upload, drain):
    file = upload()
    drain()
    message = the_message(session)
    message.done_at = message.sent_at = message.begun_at = None
    scanner.says = "stream: Example-Virus FOUND"

    drain()

    assert file.scan_state is ScanState.CLEAN
    assert the_message(session).done_at is not None


def test_a_virus_in_a_sound_file_is_found_by_a_real_scanner(tmp_path, upload, drain):
    with real_clamd(tmp_path) as clamd:
        documents.use_scanner(clamd)
        try:
            bad, good = upload(pdf_with_content(EICAR), "发票.pdf"), upload(pdf_with_content(b"% nothing"), "合同.pdf")
            drain()
        finally:
            documents.use_scanner(None)

    assert (bad.scan_state, good.scan_state) == (ScanState.INFECTED, ScanState.CLEAN)
    assert re.fullmatch(r"Example-Eicar\.\w+", bad.scan_note)


def test_a_picture_is_kept_without_anything_but_its_pixels(upload, drain):
    hidden = b"hidden behind the end"

    file = upload(picture_bytes("JPEG") + hidden, "照片.jpg")
    drain()

    with documents.open_file(file) as stream:
        kept = stream.read()
    assert hidden not in kept
    assert len(kept) == file.size_bytes


def preview(session, file):
    """The size of a file's preview, None where it has none."""
    found = documents.preview_of(session, file)
    if found is None:
        return None
    with documents.open_file(found) as stream:
        return Image.open(io.BytesIO(stream.read()), formats=("JPEG",)).size


@pytest.mark.parametrize(
    ("content", "name", "size"),
    [
        (pdf_bytes("纸", pages=2), "纸.pdf", (848, 1200)),
        (picture_bytes("PNG", size=(2400, 600)), "宽.png", (1200, 300)),
        (picture_bytes("JPEG", size=(64, 48)), "小.jpg", (64, 48)),
        (workbook_bytes(), "清单.xlsx", None),
    ],
    ids=["pdf", "png", "jpg", "xlsx"],
)
def test_a_clean_file_gets_a_small_picture_of_its_first_page(session, upload, drain, content, name, size):
    file = upload(content, name)
    assert preview(session, file) is None

    drain()

    assert preview(session, file) == size


def test_a_preview_goes_with_the_last_file_of_its_content(session, upload, drain):
    first, second = upload(), upload()
    drain()
    shown = documents.preview_of(session, second)

    assert documents.forget_files(session, [first.id]) == 1
    assert documents.preview_of(session, second) is shown
    assert documents.forget_files(session, [second.id]) == 1

    assert session.scalars(select(FilePreview)).all() == []
    forgotten = session.scalars(select(Message.payload).where(Message.topic == "file.forgotten")).all()
    assert {message["sha256"] for message in forgotten} == {second.sha256, shown.sha256}


def test_a_preview_that_comes_after_its_content_was_forgotten_is_not_kept(session, now, upload):
    file = upload()
    documents.forget_files(session, [file.id])
    picture = documents.keep_bytes(picture_bytes("JPEG"), name="preview.jpg", content_type="image/jpeg")

    documents.keep_preview(session, file.sha256, picture, now=now)

    assert session.scalars(select(FilePreview)).all() == []


def test_the_same_content_has_one_preview_and_none_while_it_may_not_be_opened(session, now, upload, drain):
    upload()
    drain()
    again = upload()

    assert documents.preview_of(session, again) is None
    drain()
    assert documents.preview_of(session, again) is not None
    assert session.query(FilePreview).count() == 1
