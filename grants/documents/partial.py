"""Uploads that arrive in pieces and go on after a broken connection.

The row says how far an upload has come, ``parts`` has the bytes. A piece is written first, outside any transaction,
then the row is moved on, if it still stands where the piece began: of two writers one is told where to go on, and a
process that dies in between has lost one piece. Nothing is proved before the upload is complete: then it goes through
``receive_upload`` like any other file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from grants.db import Base, UtcDateTime, uuid7
from grants.documents.errors import RefusedFileError
from grants.documents.files import BYTES_PER_MB
from grants.documents.names import clean_name, require_taken
from grants.documents.parts import current_parts
from grants.documents.store import Readable, TooLargeError
from grants.kernel.errors import DomainError, InvalidError

MAX_PIECE_BYTES = 4 * BYTES_PER_MB
MARK_LENGTH = 40


class PartialUpload(Base):
    """A file on its way: what its sender said of it, and how many of its bytes have come without a hole.

    ``mark`` tells files of the same name and size apart: when the file was last changed, as its sender's machine says.
    """

    __tablename__ = "partial_upload"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint("received_bytes BETWEEN 0 AND size_bytes", name="received_within_size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    begun_by: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))  # as the person named it; never part of a path
    mark: Mapped[str] = mapped_column(String(MARK_LENGTH), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def progress(self) -> Progress:
        """How far it has come, as a value that outlives the transaction."""
        return Progress(self.id, self.name, self.size_bytes, self.received_bytes)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload had come when its row was read."""

    id: UUID
    name: str
    size_bytes: int
    received_bytes: int


class OutOfPlaceError(DomainError):
    """A piece does not begin where the upload ends, or the upload is not complete; ``offset`` is where to go on."""

    code = "upload_out_of_place"

    def __init__(self, offset: int) -> None:
        super().__init__(offset=offset)
        self.offset = offset


def begin_partial(
    session: Session,
    *,
    name: str,
    size_bytes: int,
    mark: str,
    accept: Collection[str],
    max_bytes: int,
    by: UUID | str,
    now: datetime,
) -> PartialUpload:
    """Add the row of an upload of which nothing has come yet; what can be refused by name and size is refused here.

    Raises:
        RefusedFileError: ``file_type_refused``, ``file_empty`` or ``file_too_large``.
    """
    shown = clean_name(name)
    require_taken(shown, accept)
    if size_bytes <= 0:
        raise RefusedFileError("file_empty")
    if size_bytes > max_bytes:
        raise RefusedFileError("file_too_large", limit_mb=max_bytes // BYTES_PER_MB)
    upload = PartialUpload(
        begun_by=str(by), name=shown, mark=mark, size_bytes=size_bytes, received_bytes=0, begun_at=now, touched_at=now
    )
    session.add(upload)
    session.flush()
    return upload


def write_piece(progress: Progress, stream: Readable, *, offset: int, length: int | None) -> int:
    """Write one piece of an upload and return where the upload ends with it. No database, no transaction.

    A piece that is there already is not written again.

    Raises:
        OutOfPlaceError: the upload does not end at ``offset``, by its row or by the bytes that are left of it.
        InvalidError: ``upload_piece_invalid``, the piece has no length, is longer than MAX_PIECE_BYTES or would make
            the upload longer than announced.
    """
    room = min(MAX_PIECE_BYTES, progress.size_bytes - offset)
    if length is None or not 0 < length <= room:
        raise InvalidError("upload_piece_invalid")
    if offset + length <= progress.received_bytes:
        return progress.received_bytes
    if offset != progress.received_bytes:
        raise OutOfPlaceError(progress.received_bytes)
    parts = current_parts()
    if parts.length(progress.id) < offset:
        raise OutOfPlaceError(parts.length(progress.id))
    try:
        return offset + parts.write(progress.id, stream, offset=offset, max_bytes=length)
    except TooLargeError as error:
        raise InvalidError("upload_piece_invalid") from error


def move_on(session: Session, progress: Progress, *, to: int, now: datetime) -> bool:
    """Let the row say that the upload ends at ``to``; False, and nothing changed, where it has moved meanwhile."""
    statement = (
        update(PartialUpload)
        .where(PartialUpload.id == progress.id, PartialUpload.received_bytes == progress.received_bytes)
        .values(received_bytes=to, touched_at=now)
    )
    return bool(session.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


@contextmanager
def opened_upload(progress: Progress) -> Iterator[BinaryIO]:
    """The bytes of a complete upload, for ``receive_upload``.

    Raises:
        OutOfPlaceError: it is not complete, by its row or by the bytes that are left of it.
    """
    there = min(progress.received_bytes, current_parts().length(progress.id))
    if there < progress.size_bytes:
        raise OutOfPlaceError(there)
    with current_parts().open(progress.id) as stream:
        yield stream
