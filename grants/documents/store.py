"""Where the bytes lie: a port, and the folder that implements it. Content lies by its SHA-256, the same file once.

Nothing typed by a person is ever part of a path. A file appears under its name only when it is complete and on disk.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

CHUNK_BYTES = 256 * 1024


class Readable(Protocol):
    """Anything that gives bytes piece by piece."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complete file that is not kept yet: where it can be opened, its fingerprint and size."""

    path: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Content that lies in a store: its fingerprint, its size, when it was kept, or kept again."""

    sha256: str
    size_bytes: int
    kept_at: datetime


class Store(Protocol):
    """What ``documents`` asks of a place for bytes."""

    def receive(self, stream: Readable, *, max_bytes: int) -> Arrival:
        """Take a stream in, piece by piece; raises TooLargeError as soon as it has given more than ``max_bytes``."""
        ...

    def keep(self, arrival: Arrival) -> None:
        """Make an arrival findable by its fingerprint, on disk before this returns."""
        ...

    def discard(self, arrival: Arrival) -> None:
        """Forget an arrival that is not wanted; harmless after ``keep``."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The kept bytes; raises FileNotFoundError."""
        ...

    def on_disk(self, sha256: str) -> AbstractContextManager[Path]:
        """The kept bytes as a file to be read within the block; raises FileNotFoundError."""
        ...

    def remove(self, sha256: str, *, kept_before: datetime) -> bool:
        """Remove the bytes unless they were kept, or kept again, later than that; False then. Gone already: True."""
        ...

    def contents(self) -> Iterator[Kept]:
        """Everything that is kept, in no order; what comes or goes meanwhile may be in it or not."""
        ...

    def forget_arrivals(self, *, before: datetime) -> int:
        """Remove what arrived before that and was neither kept nor discarded, its process being gone; how many."""
        ...

    def is_well(self) -> bool:
        """Whether it can be written to now, for ``/readyz``."""
        ...


class TooLargeError(Exception):
    """The stream gave more than the bound; what had arrived is gone."""


class FolderStore:
    """A local folder: ``ab/cd/<sha256>``, arrivals in ``incoming``; the folder is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def receive(self, stream: Readable, *, max_bytes: int) -> Arrival:
        return take_in(stream, self.incoming, max_bytes=max_bytes)

    def keep(self, arrival: Arrival) -> None:
        place = self._place(arrival.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(arrival.path, place)  # atomic: a reader sees the whole file or none
        place.chmod(0o640)
        _sync_folder(place.parent)

    def discard(self, arrival: Arrival) -> None:
        arrival.path.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        return self._place(sha256).open("rb")

    @contextmanager
    def on_disk(self, sha256: str) -> Iterator[Path]:
        if not (place := self._place(sha256)).is_file():
            raise FileNotFoundError(place)
        yield place

    def remove(self, sha256: str, *, kept_before: datetime) -> bool:
        place = self._place(sha256)
        try:
            if place.stat().st_mtime >= kept_before.timestamp():
                return False
            place.unlink()
        except FileNotFoundError:
            pass
        return True

    def contents(self) -> Iterator[Kept]:
        for place in self.root.glob("??/??/*"):
            with suppress(FileNotFoundError):
                found = place.stat()
                yield Kept(place.name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def forget_arrivals(self, *, before: datetime) -> int:
        return forget_old(self.incoming, before=before)

    def is_well(self) -> bool:
        with suppress(OSError):
            self.incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.incoming) as file:
                return file.write(b"ready") > 0
        return False

    def _place(self, sha256: str) -> Path:
        return self.root / place_of(sha256)


def place_of(sha256: str) -> str:
    """Where bytes lie below a root, by their fingerprint alone: ``ab/cd/<sha256>``."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def take_in(stream: Readable, folder: Path, *, max_bytes: int) -> Arrival:
    """Write a stream into a new file of ``folder``, complete and on disk when this returns; see ``Store.receive``."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _copy(stream, file, max_bytes)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Arrival(path, digest, size)


def forget_old(folder: Path, *, before: datetime) -> int:
    """Remove the files of a folder that were last written to before that; returns how many."""
    forgotten = 0
    for file in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if file.is_file() and file.stat().st_mtime < before.timestamp():
                file.unlink()
                forgotten += 1
    return forgotten


class _Chosen:
    """The store in use; chosen once by the factory."""

    current: Store | None = None


def use_store(store: Store) -> None:
    """Take ``store`` for every file of this process."""
    _Chosen.current = store


def current_store() -> Store:
    """The store that the factory chose; raises RuntimeError before that."""
    if _Chosen.current is None:
        raise RuntimeError("no store was chosen: documents.use_store")
    return _Chosen.current


def store_of(url: str, *, spool: Path | None = None) -> Store:
    """The store of a STORAGE_URL: ``file:///path`` or ``s3://bucket/prefix``; raises ValueError for another scheme.

    ``spool`` is a local folder in which a store that lies elsewhere keeps what arrives until it has been proved.
    """
    parts = urlsplit(url)
    makers: dict[str, Callable[[], Store]] = {
        "file": lambda: FolderStore(Path(unquote(parts.path))),
        "s3": lambda: _s3_store(url, spool or Path(tempfile.gettempdir()) / "grants-spool"),
    }
    if parts.scheme not in makers:
        raise ValueError(f"STORAGE_URL: no store for {parts.scheme or url!r}, only {', '.join(makers)}")
    return makers[parts.scheme]()


def _s3_store(url: str, spool: Path) -> Store:
    """Its module is imported only where it is wanted: the client's libraries take a third of a second."""
    store: Store = import_module("grants.documents.s3").s3_store(url, spool)
    return store


@contextmanager
def arriving(stream: Readable, *, max_bytes: int) -> Iterator[Arrival]:
    """An arrival that is discarded unless it was kept within the block."""
    store = current_store()
    arrival = store.receive(stream, max_bytes=max_bytes)
    try:
        yield arrival
    finally:
        store.discard(arrival)


def _copy(stream: Readable, file: BinaryIO, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK_BYTES):
        size += len(piece)
        if size > max_bytes:
            raise TooLargeError
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
