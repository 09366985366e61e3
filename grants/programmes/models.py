"""Programmes, their versions, and the draft of the next one. A version is immutable once published; its source text is
kept as loaded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Person
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.programmes.states import DraftState

OPEN_DRAFT = text("state IN ('drafting', 'proposed')")


class Programme(Base):
    """A support programme, known by its code (``sbc``, ``hlw``)."""

    __tablename__ = "programme"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))

    versions: Mapped[list[DefinitionVersion]] = relationship(back_populates="programme")


class DefinitionVersion(Base):
    """One version of a programme's definition: the YAML as loaded, and the fingerprint of its content.

    ``loaded_by`` is None where the installation itself loaded it, or before it was kept who did.
    """

    __tablename__ = "definition_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    version: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(Text, deferred=True)  # read when it is compiled, not with every call
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    loaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    programme: Mapped[Programme] = relationship(back_populates="versions")


class DefinitionDraft(Base):
    """The next version of a programme while it is being written; at most one to a programme is under way.

    ``content`` is YAML that may be faulty. ``revision`` counts its changes. ``base`` is the published version that it
    was begun from or, once proposed, compared with. ``decided_by`` and ``note`` are the second person's last word.
    """

    __tablename__ = "definition_draft"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revisions_count_from_one"),
        CheckConstraint("(state = 'published') = (published_id IS NOT NULL)", name="published_iff_version"),
        CheckConstraint("state NOT IN ('proposed', 'published') OR proposed_by IS NOT NULL", name="has_proposer"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        Index(
            "uq_definition_draft_open",
            "programme_id",
            unique=True,
            postgresql_where=OPEN_DRAFT,
            sqlite_where=OPEN_DRAFT,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    base_id: Mapped[UUID] = mapped_column(ForeignKey("definition_version.id"))
    state: Mapped[DraftState] = mapped_column(StrEnumType(DraftState), default=DraftState.DRAFTING)
    content: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    summary: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    published_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition_version.id"))

    programme: Mapped[Programme] = relationship()
    base: Mapped[DefinitionVersion] = relationship(foreign_keys=[base_id])
    editor: Mapped[Person] = relationship(foreign_keys=[edited_by])
    proposer: Mapped[Person | None] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])
