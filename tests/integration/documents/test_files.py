import io
from pathlib import Path

import pytest

from grants import documents
from grants.documents import RefusedFileError, StoredFile
from grants.documents.store import FolderStore
from tests.factories.documents import pdf_bytes


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


def test_an_upload_has_a_row_and_its_bytes(session, now, store):
    file = take(session, pdf_bytes("一", pages=2), "说明.pdf", now)

    session.expire_all()
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


def test_bytes_that_are_gone_are_said_to_be(session, now, store):
    file = take(session, pdf_bytes("失"), "失.pdf", now)
    kept(store)[0].unlink()

    with pytest.raises(RefusedFileError) as refused:
        documents.open_file(file)

    assert refused.value.code == "file_gone"
