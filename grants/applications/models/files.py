"""Files in the slots of a draft."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.db import Base, UtcDateTime, uuid7
from grants.documents import PartialUpload, StoredFile


class Attachment(Base):
    """A file in a document slot of a draft. Replacing or removing it sets ``removed_at``; the row stays as history."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index(
            "ix_attachment_present",
            "application_id",
            "slot_key",
            "row_id",
            postgresql_where=text("removed_at IS NULL"),
            sqlite_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    slot_key: Mapped[str] = mapped_column(String(32))
    row_id: Mapped[str] = mapped_column(String(36), default="")
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attached_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    file: Mapped[StoredFile] = relationship()


class SlotUpload(Base):
    """A file on its way into a slot, of whoever began it; ``attachment_id`` once it has arrived."""

    __tablename__ = "slot_upload"
    __table_args__ = (Index("ix_slot_upload_application", "application_id"),)

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("partial_upload.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    slot_key: Mapped[str] = mapped_column(String(32))
    row_id: Mapped[str] = mapped_column(String(36), default="")
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachment.id"))

    upload: Mapped[PartialUpload] = relationship()
