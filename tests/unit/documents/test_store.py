"""The port, tried on every store: a folder, and a bucket of a server that speaks S3."""

import hashlib
import io
import os
import threading
import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from grants.documents import FolderStore, store_of
from grants.documents.names import clean_name
from grants.documents.s3 import PART_BYTES, S3Store
from grants.documents.store import TooLargeError

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "example", "AWS_SECRET_ACCESS_KEY": "example"}


@pytest.fixture(scope="module")
def s3_endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Folder:
    """What a test asks of a folder beside the port."""

    def __init__(self, tmp_path):
        self.store = FolderStore(tmp_path / "files")
        self.arrived = self.store.incoming

    def kept(self):
        found = [path for path in self.store.root.rglob("*") if path.is_file() and path.parent != self.arrived]
        return {str(path.relative_to(self.store.root)): path.read_bytes() for path in found}


class Bucket:
    """What a test asks of a bucket beside the port."""

    def __init__(self, tmp_path, endpoint, name):
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket=name)
        self.objects = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1").Bucket(name).objects
        self.arrived = tmp_path / "spool"
        self.store = store_of(f"s3://{name}/our/files?endpoint={endpoint}&region=us-east-1", spool=self.arrived)

    def kept(self):
        found = {found.key: found.get()["Body"].read() for found in self.objects.filter(Prefix="our/files/")}
        return {key.removeprefix("our/files/"): content for key, content in found.items()}


@pytest.fixture(params=["folder", "s3"])
def place(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return Folder(tmp_path)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    name = f"example-{hashlib.md5(str(tmp_path).encode()).hexdigest()}"
    return Bucket(tmp_path, request.getfixturevalue("s3_endpoint"), name)


@pytest.fixture
def store(place):
    return place.store


def bring(store, content):
    """Take content in and keep it, as an upload does."""
    arrival = store.receive(io.BytesIO(content), max_bytes=len(content))
    store.keep(arrival)
    store.discard(arrival)
    return arrival.sha256


def test_content_is_found_by_its_fingerprint(place, store):
    content = b"content" * 100_000

    sha256 = bring(store, content)

    assert sha256 == hashlib.sha256(content).hexdigest()
    with store.open(sha256) as file:
        assert file.read() == content
    with store.on_disk(sha256) as path:
        assert path.read_bytes() == content
    assert list(place.kept()) == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    assert list(place.arrived.iterdir()) == []


def test_what_is_larger_than_one_part_arrives_whole(place, store):
    content = os.urandom(2 * PART_BYTES + 12_345)

    sha256 = bring(store, content)

    assert place.kept()[f"{sha256[:2]}/{sha256[2:4]}/{sha256}"] == content
    with store.open(sha256) as file:
        assert b"".join(iter(lambda: file.read(64 * 1024), b"")) == content


def test_a_stream_without_end_is_cut_off_and_leaves_nothing(place, store):
    class Endless:
        read_bytes = 0

        def read(self, size):
            self.read_bytes += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(TooLargeError):
        store.receive(stream, max_bytes=1_000_000)

    assert stream.read_bytes < 2_000_000
    assert list(place.arrived.iterdir()) == []
    assert place.kept() == {}


def test_a_stream_that_breaks_leaves_nothing(place, store):
    class Broken:
        def read(self, size):
            raise ConnectionResetError("the visitor has gone")

    with pytest.raises(ConnectionResetError):
        store.receive(Broken(), max_bytes=1_000_000)

    assert list(place.arrived.iterdir()) == []


def test_the_same_content_twice_at_once_lies_once(place, store):
    threads = [threading.Thread(target=bring, args=(store, b"same")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(place.kept().values()) == [b"same"]


def test_what_was_never_kept_is_not_found(place, store):
    arrival = store.receive(io.BytesIO(b"x"), max_bytes=10)
    store.discard(arrival)

    with pytest.raises(FileNotFoundError):
        store.open(arrival.sha256)
    with pytest.raises(FileNotFoundError), store.on_disk(arrival.sha256):
        pass
    assert list(place.arrived.iterdir()) == []


def test_what_lies_there_is_listed_and_goes_unless_it_was_kept_lately(store):
    ours, other = bring(store, b"ours"), bring(store, b"other")
    begun = datetime.now(UTC) - timedelta(seconds=5)

    listed = {kept.sha256: kept.size_bytes for kept in store.contents()}
    assert listed == {ours: 4, other: 5}
    assert all(kept.kept_at >= begun for kept in store.contents())
    assert store.remove(ours, kept_before=begun) is False
    assert store.remove(ours, kept_before=datetime.now(UTC) + timedelta(seconds=5)) is True
    assert store.remove(ours, kept_before=begun) is True, "gone already"

    assert [kept.sha256 for kept in store.contents()] == [other]


def test_content_that_is_kept_again_is_as_young_as_the_last_time(store):
    sha256 = bring(store, b"again")
    time.sleep(1.1)  # a bucket counts whole seconds
    second = datetime.now(UTC).replace(microsecond=0)

    bring(store, b"again")

    assert next(iter(store.contents())).kept_at >= second
    assert store.remove(sha256, kept_before=second) is False
    with store.open(sha256) as file:
        assert file.read() == b"again"


def test_a_place_that_can_be_written_to_is_well(store):
    assert store.is_well()


def test_a_bucket_out_of_reach_is_not_well_and_says_so(tmp_path, monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    store = store_of("s3://example?endpoint=http://127.0.0.1:9&region=us-east-1", spool=tmp_path)

    assert not store.is_well()
    with pytest.raises(OSError, match="EndpointConnectionError"):
        store.open("0" * 64)


def test_a_bucket_that_is_not_there_is_not_well(tmp_path, monkeypatch, s3_endpoint):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    store = S3Store("nowhere", "", endpoint=s3_endpoint, region="us-east-1", spool=tmp_path)

    assert not store.is_well()
    with pytest.raises(OSError, match="NoSuchBucket"):
        bring(store, b"content")


@pytest.mark.parametrize(
    ("url", "said"), [("ftp://somewhere", "no store for 'ftp'"), ("s3:///prefix", "needs a bucket")]
)
def test_an_unknown_place_stops_the_start(url, said):
    with pytest.raises(ValueError, match=said):
        store_of(url)


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
