"""Where the bytes of an upload lie until it is complete: a port, and the folder that implements it.

One file per upload, named by its id. A piece is on disk before its writer is told so; two writers of the same piece do
no harm, for each writes at the piece's own place. Several web machines share one folder (docs/decisions/0028).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from grants.documents.store import Readable, TooLargeError

PIECE_BYTES = 64 * 1024


class Parts(Protocol):
    """What ``documents`` asks of a place for uploads on their way."""

    def write(self, upload_id: UUID, stream: Readable, *, offset: int, max_bytes: int) -> int:
        """Put what the stream gives at ``offset``, on disk before this returns how many bytes they were.

        Raises:
            TooLargeError: the stream gave more than ``max_bytes``.
        """
        ...

    def length(self, upload_id: UUID) -> int:
        """How many bytes there are; 0 where nothing is known of the upload."""
        ...

    def open(self, upload_id: UUID) -> BinaryIO:
        """The bytes so far; raises FileNotFoundError."""
        ...

    def list(self) -> list[UUID]:
        """Every upload of which there are bytes."""
        ...

    def remove(self, upload_id: UUID) -> None:
        """Forget the bytes; harmless twice."""
        ...


class FolderParts:
    """A folder; it is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, upload_id: UUID, stream: Readable, *, offset: int, max_bytes: int) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._place(upload_id), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            size = _copy(stream, descriptor, offset, max_bytes)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
        return size

    def length(self, upload_id: UUID) -> int:
        try:
            return self._place(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def open(self, upload_id: UUID) -> BinaryIO:
        return self._place(upload_id).open("rb")

    def list(self) -> list[UUID]:
        if not self.root.is_dir():
            return []
        return [UUID(entry.stem) for entry in self.root.glob("*.part")]

    def remove(self, upload_id: UUID) -> None:
        self._place(upload_id).unlink(missing_ok=True)

    def _place(self, upload_id: UUID) -> Path:
        return self.root / f"{upload_id}.part"


class _Chosen:
    """The place in use; chosen once by the factory."""

    current: Parts | None = None


def use_parts(parts: Parts) -> None:
    """Let uploads of this process arrive at ``parts``."""
    _Chosen.current = parts


def current_parts() -> Parts:
    """The place that the factory chose; raises RuntimeError before that."""
    if _Chosen.current is None:
        raise RuntimeError("no place for parts was chosen: documents.use_parts")
    return _Chosen.current


def _copy(stream: Readable, descriptor: int, offset: int, max_bytes: int) -> int:
    size = 0
    while piece := stream.read(PIECE_BYTES):
        if size + len(piece) > max_bytes:
            raise TooLargeError
        _write_all(descriptor, piece, offset + size)
        size += len(piece)
    return size


def _write_all(descriptor: int, piece: bytes, offset: int) -> None:
    view = memoryview(piece)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written
