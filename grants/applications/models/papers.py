"""What an applicant holds in hand: signed receipts, and PDFs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.applications.domain.papers import PdfKind, PdfState
from grants.applications.models.entries import Application
from grants.applications.models.revisions import Revision
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.documents.models import StoredFile


class Receipt(Base):
    """What the system signed of one revision: the statement as canonical JSON, the signature in base32, the key's id.
    Never changed."""

    __tablename__ = "receipt"

    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    statement: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(103))
    key_id: Mapped[str] = mapped_column(String(16))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    revision: Mapped[Revision] = relationship()


class ApplicationPdf(Base):
    """One PDF of an application: asked for, then made or failed. Of a revision there is one of each kind, kept for
    good; those of a draft are swept some days after they were made.

    ``source_sha256`` is the fingerprint of the content that a draft's PDF prints. ``asked_by`` is nobody where a
    submission itself asked.
    """

    __tablename__ = "application_pdf"
    __table_args__ = (
        UniqueConstraint("revision_id", "kind"),
        CheckConstraint("(kind = 'draft') = (revision_id IS NULL)", name="revision_unless_draft"),
        CheckConstraint("(state = 'made') = (file_id IS NOT NULL)", name="file_iff_made"),
        CheckConstraint("(state = 'made') = (made_at IS NOT NULL)", name="made_at_iff_made"),
        Index("ix_application_pdf_application", "application_id", "id"),
        Index("ix_application_pdf_sweep", "kind", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revision.id"))
    kind: Mapped[PdfKind] = mapped_column(StrEnumType(PdfKind))
    state: Mapped[PdfState] = mapped_column(StrEnumType(PdfState), default=PdfState.QUEUED)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source_sha256: Mapped[str | None] = mapped_column(String(64))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    application: Mapped[Application] = relationship()
    revision: Mapped[Revision | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
