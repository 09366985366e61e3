import io
from pathlib import Path

import pytest

from grants import documents
from grants.documents import RefusedFileError, ScanResult, ScanState, StoredFile
from grants.documents.store import FolderStore
from tests.factories.documents import pdf_bytes, scripted_pdf


@pytest.fixture
def store(app, tmp_path):
    """A folder of the test's own; the application's is put back afterwards."""
    before, own = documents.current_store(), FolderStore(tmp_path / "files")
    documents.use_store(own)
    yield own
    documents.use_store(before)


def take(session, content, name, now, **limits):
    limits = {"accept": ("pdf",), "max_bytes": 10_000, **limits}
    return documents.store_upload(session, io.BytesIO(content), name=name, by="system", now=now, **limits)


def kept(store: FolderStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_an_upload_has_a_row_and_its_bytes(session, now, store, drain):
    file = take(session, pdf_bytes("一", pages=2), "说明.pdf", now)

    drain()
    again = session.get_one(StoredFile, file.id)
    assert (again.content_type, again.pages, again.name) == ("application/pdf", 2, "说明.pdf")
    with documents.open_file(again) as content:
        assert content.read() == pdf_bytes("一", pages=2)


def test_the_same_content_lies_once_under_two_names(session, now, store):
    first, second = (take(session, pdf_bytes("同"), name, now) for name in ("甲.pdf", "乙.pdf"))

    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert len(kept(store)) == 1


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", {}, "file_empty"),
        (pdf_bytes() + bytes(20_000), {}, "file_too_large"),
        (b"MZ" + bytes(100), {}, "file_not_what_it_says"),
        (pdf_bytes(pages=3), {"max_pages": 2}, "file_too_many_pages"),
    ],
)
def test_a_refused_upload_leaves_neither_row_nor_bytes(session, now, store, content, limits, code):
    with pytest.raises(RefusedFileError) as refused:
        take(session, content, "文件.pdf", now, **limits)

    assert refused.value.code == code
    assert kept(store) == []
    assert session.query(StoredFile).count() == 0


def test_what_the_system_made_is_kept_without_proof(session, now, store):
    file = documents.put_bytes(
        session, b"issued", name="公示.pdf", content_type="application/pdf", by="system", now=now
    )

    with documents.open_file(file) as content:
        assert content.read() == b"issued"


def test_bytes_that_are_gone_are_said_to_be(session, now, store, drain):
    file = take(session, pdf_bytes("失"), "失.pdf", now)
    drain()
    kept(store)[0].unlink()

    with pytest.raises(RefusedFileError) as refused:
        documents.open_file(file)

    assert refused.value.code == "file_gone"


def opening(file):
    with pytest.raises(RefusedFileError) as refused:
        documents.open_file(file)
    return refused.value.code


def test_nobody_opens_a_file_before_a_worker_has_scanned_it(session, now, store, drain):
    file = take(session, pdf_bytes("等"), "等.pdf", now)

    assert (file.scan_state, opening(file)) == (ScanState.PENDING, "file_not_scanned_yet")
    assert documents.may_open(file).reason == "file_not_scanned_yet"

    drain()
    assert (file.scan_state, file.scan_note) == (ScanState.CLEAN, "")
    assert file.scanned_at is not None
    assert documents.may_open(file)
    documents.open_file(file).close()


def test_what_lies_in_the_store_is_what_counts(session, now, store, drain):
    file = take(session, pdf_bytes("换"), "换.pdf", now)
    kept(store)[0].write_bytes(scripted_pdf())

    drain()
    assert (file.scan_state, file.scan_note) == (ScanState.INFECTED, "file_scripted")
    assert opening(file) == "file_infected"


def test_a_settled_scan_stays_settled(session, now, store, drain):
    file = take(session, pdf_bytes("定"), "定.pdf", now)
    drain()

    changed = documents.settle_scan(session, file.id, ScanResult(ScanState.FAILED, "too late"), now=now)

    assert changed is None
    assert file.scan_state is ScanState.CLEAN


def test_a_scan_that_never_came_about_says_so(session, now, store):
    file = take(session, pdf_bytes("久"), "久.pdf", now)

    documents.settle_scan(session, file.id, ScanResult(ScanState.FAILED, "no scanner"), now=now)

    assert opening(file) == "file_scan_failed"
    documents.settle_scan(session, file.id, ScanResult(ScanState.CLEAN), now=now)
    documents.open_file(file).close()
