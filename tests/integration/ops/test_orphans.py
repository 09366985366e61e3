"""Bytes without a file, files without bytes: told apart, and only what is certainly nobody's removed."""

import io
import json
import os
from datetime import timedelta

import pytest

from grants import documents
from grants.kernel.clock import real_now
from grants.ops.storage import look_for_orphans, remove_orphans
from tests.factories.documents import pdf_bytes

WEEK = timedelta(days=7)


@pytest.fixture
def store(app, tmp_path):
    """An empty folder in place of the one that all tests of this process share."""
    shared = documents.current_store()
    documents.use_store(documents.FolderStore(tmp_path / "files"))
    yield documents.current_store()
    documents.use_store(shared)


@pytest.fixture
def upload(session, now):
    def upload(name):
        content = io.BytesIO(pdf_bytes(name))
        return documents.store_upload(
            session, content, name=f"{name}.pdf", accept=("pdf",), max_bytes=100_000, by="system", now=now
        )

    return upload


def keep_alone(store, content, *, age):
    """Content that was kept, of an upload that was refused afterwards."""
    sha256 = documents.keep_bytes(content, name="alone", content_type="text/plain").sha256
    then = (real_now() - age).timestamp()
    os.utime(store.root / sha256[:2] / sha256[2:4] / sha256, (then, then))
    return sha256


def test_only_bytes_that_are_old_and_nobody_s_are_removed(session, store, upload):
    used = upload("甲")
    old, young = keep_alone(store, b"old", age=WEEK * 2), keep_alone(store, b"young", age=WEEK / 7)
    session.commit()
    now = real_now()

    found = look_for_orphans(real_now=now)
    assert [kept.sha256 for kept in found.bytes_alone] == [old, young]
    assert found.rows_alone == {}
    assert remove_orphans(found, real_now=now) == 1

    assert {kept.sha256 for kept in store.contents()} == {used.sha256, young}


def test_bytes_that_got_a_file_after_the_look_stay(session, store, upload):
    content = pdf_bytes("乙")
    old = keep_alone(store, content, age=WEEK * 2)
    now = real_now()
    found = look_for_orphans(real_now=now)

    assert upload("乙").sha256 == old
    session.commit()

    assert remove_orphans(found, real_now=now) == 0
    assert [kept.sha256 for kept in store.contents()] == [old]


def test_bytes_that_are_kept_again_stay_although_their_file_is_not_recorded_yet(session, store):
    old = keep_alone(store, b"again", age=WEEK * 2)
    now = real_now()
    found = look_for_orphans(real_now=now)

    documents.keep_bytes(b"again", name="again", content_type="text/plain")

    assert remove_orphans(found, real_now=now) == 0
    assert [kept.sha256 for kept in store.contents()] == [old]


def test_files_without_bytes_are_told_by_an_exit_status_and_never_touched(app, session, store, upload):
    file = upload("丙")
    session.commit()
    documents.current_store().remove(file.sha256, kept_before=real_now() + WEEK)

    result = app.test_cli_runner().invoke(args=["ops", "orphans", "--remove", "--json"])

    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["files_without_bytes"], told["missing"], told["removed"]) == (1, [file.sha256], 0)
    assert session.get(documents.StoredFile, file.id) is not None


def test_what_arrived_and_was_left_lying_goes_after_a_day(session, store):
    store.incoming.mkdir(parents=True)
    for name, age in (("yesterday", timedelta(hours=30)), ("now", timedelta(0))):
        (store.incoming / name).write_bytes(b"half")
        then = (real_now() - age).timestamp()
        os.utime(store.incoming / name, (then, then))
    now = real_now()

    remove_orphans(look_for_orphans(real_now=now), real_now=now)

    assert [file.name for file in store.incoming.iterdir()] == ["now"]
