"""Bytes in a bucket: ``STORAGE_URL=s3://bucket/prefix?endpoint=https://…&region=…``, credentials from AWS_*.

The same layout as the folder's, ``prefix/ab/cd/<sha256>``: no key has anything of a name. What arrives lies in a local
folder until it has been proved; then it travels in parts with a checksum each. Imported only where it is configured.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from grants.documents.store import Arrival, Kept, Readable, forget_old, place_of, take_in

PART_BYTES = 8 * 1024 * 1024
ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})
TRANSFER = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=2)
PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
WELL = b"ready"


class StoreDownError(OSError):
    """The bucket did not do what was asked; may pass."""


class S3Store:
    """A bucket, or the part of one below a prefix; ``spool`` is a local folder for what arrives and for what is read
    as a file."""

    def __init__(self, bucket: str, prefix: str, *, endpoint: str | None, region: str | None, spool: Path) -> None:
        self.bucket, self.prefix, self.spool = bucket, prefix.strip("/"), spool
        self._place = {"endpoint_url": endpoint, "region_name": region}
        self._clients: dict[int, Any] = {}

    def receive(self, stream: Readable, *, max_bytes: int) -> Arrival:
        return take_in(stream, self.spool, max_bytes=max_bytes)

    def keep(self, arrival: Arrival) -> None:
        """Send it; what lies there already is only dated anew, so that nobody removes it as old meanwhile."""
        key = self._key(arrival.sha256)
        with _told():
            if self._size(arrival.sha256) == arrival.size_bytes:
                here = {"Bucket": self.bucket, "Key": key}
                self._client().copy_object(**here, CopySource=here, MetadataDirective="REPLACE")
            else:
                checked = {"ChecksumAlgorithm": "SHA256"}
                self._client().upload_file(str(arrival.path), self.bucket, key, ExtraArgs=checked, Config=TRANSFER)

    def discard(self, arrival: Arrival) -> None:
        arrival.path.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        with _told():
            body = self._client().get_object(Bucket=self.bucket, Key=self._key(sha256))["Body"]
        return cast(BinaryIO, io.BufferedReader(body))

    @contextmanager
    def on_disk(self, sha256: str) -> Iterator[Path]:
        self.spool.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.spool) as file:
            with _told():
                self._client().download_fileobj(self.bucket, self._key(sha256), file, Config=TRANSFER)
            file.flush()
            yield Path(file.name)

    def remove(self, sha256: str, *, kept_before: datetime) -> bool:
        """As the port says; between looking and removing lie some milliseconds, so only what is long unused is safe."""
        here = {"Bucket": self.bucket, "Key": self._key(sha256)}
        try:
            with _told():
                if self._client().head_object(**here)["LastModified"] >= kept_before:
                    return False
                self._client().delete_object(**here)
        except FileNotFoundError:
            pass
        return True

    def contents(self) -> Iterator[Kept]:
        pages = self._client().get_paginator("list_objects_v2")
        with _told():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._below("")):
                for found in page.get("Contents", ()):
                    name = found["Key"].rpartition("/")[2]
                    if found["Key"] == self._key(name):
                        yield Kept(name, found["Size"], found["LastModified"])

    def forget_arrivals(self, *, before: datetime) -> int:
        return forget_old(self.spool, before=before)

    def is_well(self) -> bool:
        try:
            with _told():
                self._client().put_object(Bucket=self.bucket, Key=self._below("ready"), Body=WELL)
        except OSError:
            return False
        return True

    def _size(self, sha256: str) -> int | None:
        """How many bytes lie there already, None where nothing does."""
        try:
            found: int = self._client().head_object(Bucket=self.bucket, Key=self._key(sha256))["ContentLength"]
        except ClientError as error:
            if error.response["Error"]["Code"] not in ABSENT:
                raise
            return None
        return found

    def _key(self, sha256: str) -> str:
        return self._below(place_of(sha256))

    def _below(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _client(self) -> Any:
        """The client of this process: connections do not survive a fork."""
        process = os.getpid()
        if process not in self._clients:
            self._clients[process] = boto3.session.Session().client("s3", config=PATIENCE, **self._place)
        return self._clients[process]


@contextmanager
def _told() -> Iterator[None]:
    """The library's errors as the port's."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            raise FileNotFoundError(str(error)) from error
        raise StoreDownError(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreDownError(f"{type(error).__name__}: {error}") from error


def s3_store(url: str, spool: Path) -> S3Store:
    """The store of an s3 URL; raises ValueError without a bucket."""
    parts = urlsplit(url)
    if not parts.netloc:
        raise ValueError("STORAGE_URL: s3://bucket/prefix needs a bucket")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return S3Store(
        parts.netloc, parts.path, endpoint=options.get("endpoint"), region=options.get("region"), spool=spool
    )
