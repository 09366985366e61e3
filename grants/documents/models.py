"""Stored files. Nothing here knows what a file is attached to: the owner keeps a link table."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.documents.states import ScanState


class StoredFile(Base):
    """One uploaded file: its proved type, size in bytes, pages (PDF) and SHA-256, by which the store keeps its bytes.

    ``scan_state`` changes only by ``scans``; ``scanned_at`` is when that was settled,
    ``scan_note`` what the scanner said.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint("(scan_state = 'pending') = (scanned_at IS NULL)", name="scanned_at_unless_pending"),
        Index("ix_stored_file_sha256", "sha256"),
        Index("ix_stored_file_scan", "scan_state", "uploaded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))  # as the person named it; never part of a path
    content_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int | None] = mapped_column(Integer)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scan_state: Mapped[ScanState] = mapped_column(
        StrEnumType(ScanState), default=ScanState.PENDING, server_default=ScanState.PENDING
    )
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scan_note: Mapped[str] = mapped_column(String(200), default="", server_default="")


class FilePreview(Base):
    """The first page of a content as a picture, which is a stored file of the system itself."""

    __tablename__ = "file_preview"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
