"""Applications, their answers cell by cell, attachments, frozen revisions, claims; and which rows an actor may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Organisation
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import Base, Json, StrEnumType, UtcDateTime, uuid7
from grants.documents.models import StoredFile
from grants.kernel.actor import ANYWHERE, Actor, Role


class Application(Base):
    """One organisation's entry in one call. Its state changes only through ``services``; its answers are rows of
    ``Answer``.

    ``submitted_at`` and ``receipt_no`` are those of the first submission: a correction keeps both. ``revision_no``
    counts revisions; the highest is the one in force. ``district_code`` is frozen at submission.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("(receipt_no IS NULL) = (submitted_at IS NULL)", name="receipt_iff_submitted"),
        CheckConstraint("(receipt_no IS NULL) = (ref IS NULL)", name="ref_iff_submitted"),
        CheckConstraint("requested_fen >= 0", name="requested_not_negative"),
        CheckConstraint(
            "state <> 'district_review' OR passed_to_district_at IS NOT NULL", name="district_review_was_passed"
        ),
        UniqueConstraint("call_id", "receipt_no"),
        Index("ix_application_worklist", "call_id", "state", "id"),
        Index("ix_application_district", "district_code", "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ApplicationState] = mapped_column(StrEnumType(ApplicationState), default=ApplicationState.DRAFT)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(200), default="")  # product or project name, as last saved
    requested_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    district_code: Mapped[str | None] = mapped_column(String(6))
    ref: Mapped[str | None] = mapped_column(String(40), unique=True)  # SBC-2027-01-0012
    receipt_no: Mapped[int | None] = mapped_column(Integer)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision_no: Mapped[int] = mapped_column(Integer, default=0)
    submission_begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed_to_district_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AnswerRow(Base):
    """One row of a table field: its place, and its deletion, are versioned like an answer."""

    __tablename__ = "answer_row"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    table_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    deleted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(Base):
    """The value of one field (``row_id`` empty) or of one cell, in the stored form of ``programmes.domain``."""

    __tablename__ = "answer"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    field_key: Mapped[str] = mapped_column(
        String(80), primary_key=True
    )  # "org.name", "product_name", "contracts.software"
    row_id: Mapped[str] = mapped_column(String(36), primary_key=True, default="")
    value: Mapped[Any] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


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


class Revision(Base):
    """What was submitted, frozen: canonical JSON text (docs/canonical-json.md) and its SHA-256. Never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()


class Claim(Base):
    """A fact that only one application may use: a contract number, an invoice number, "the one of this call"
    (decision 2).

    ``kind`` and ``scope`` say which rule of uniqueness, ``key`` the normalised value. The lower receipt number holds. A
    withdrawal or rejection sets ``released_at``.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("kind", "scope", "key", "application_id"),
        Index("ix_claim_lookup", "kind", "scope", "key"),
        Index("ix_claim_application", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CorrectionRequest(Base):
    """What the office asks to be put right (补正), all at once: items of {"path", "row", "document", "reason"}, and
    until when."""

    __tablename__ = "correction_request"
    __table_args__ = (UniqueConstraint("application_id", "round_no"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    round_no: Mapped[int] = mapped_column(Integer)
    revision_no: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    due_on: Mapped[date]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


CALL_ROLES = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Application`` that every list and every look-up filters by (decision 10).

    Enterprises see their organisations' applications. The office sees submitted ones only: by call, or, district
    officers, by district once the case was passed to it. Experts see none here: reviews grants them theirs.
    """
    if actor.has(Role.SYSTEM):
        return true()
    conditions = [_of_calls(actor), _of_districts(actor)]
    if organisations := actor.organisation_ids():
        conditions.append(Application.organisation_id.in_(organisations))
    return or_(false(), *(condition for condition in conditions if condition is not None))


def _of_calls(actor: Actor) -> ColumnElement[bool] | None:
    refs = frozenset[str]().union(*(actor.scopes(role) for role in CALL_ROLES))
    if not refs:
        return None
    submitted = Application.ref.is_not(None)
    if ANYWHERE in refs:
        return submitted
    return submitted & Application.call_id.in_(select(Call.id).where(Call.ref.in_(refs)))


def _of_districts(actor: Actor) -> ColumnElement[bool] | None:
    codes = actor.scopes(Role.DISTRICT_OFFICER)
    if not codes:
        return None
    passed = Application.passed_to_district_at.is_not(None)
    return passed if ANYWHERE in codes else passed & Application.district_code.in_(codes)
