import hashlib
import io
import threading

import pytest

from grants.documents import FolderStore, store_of
from grants.documents.names import clean_name
from grants.documents.store import TooLargeError


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def test_content_is_found_by_its_fingerprint(store):
    arrival = store.receive(io.BytesIO(b"content" * 100_000), max_bytes=10**6)
    store.keep(arrival)

    assert arrival.sha256 == hashlib.sha256(b"content" * 100_000).hexdigest()
    with store.open(arrival.sha256) as file:
        assert file.read() == b"content" * 100_000
    assert list(store.incoming.iterdir()) == []


def test_a_stream_without_end_is_cut_off_and_leaves_nothing(store):
    class Endless:
        read_bytes = 0

        def read(self, size):
            self.read_bytes += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(TooLargeError):
        store.receive(stream, max_bytes=1_000_000)

    assert stream.read_bytes < 2_000_000
    assert list(store.incoming.iterdir()) == []


def test_the_same_content_twice_at_once_lies_once(store):
    def bring():
        store.keep(store.receive(io.BytesIO(b"same"), max_bytes=10))

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = [path for path in store.root.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [b"same"]


def test_what_was_never_kept_is_not_found(store):
    arrival = store.receive(io.BytesIO(b"x"), max_bytes=10)
    store.discard(arrival)

    with pytest.raises(FileNotFoundError):
        store.open(arrival.sha256)


def test_an_unknown_place_stops_the_start():
    with pytest.raises(ValueError, match="no store for 'ftp'"):
        store_of("ftp://somewhere")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("合同（盖章）.pdf", "合同（盖章）.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\资料\发票.pdf", "发票.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', 'a"bSet-Cookie: x.pdf'),
        ("无\u202efdp.exe", "无fdp.exe"),
        ("", "未命名"),
        ("长" * 400 + ".pdf", "长" * 251 + ".pdf"),
    ],
)
def test_names_are_for_reading_only(given, kept):
    assert clean_name(given) == kept
