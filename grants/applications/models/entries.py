"""One organisation's entry in one call; and which entries an actor may see."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.accounts.models import Organisation
from grants.applications.domain.steps import NO_LAST_DAY
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import Base, StrEnumType, UtcDateTime, uuid7
from grants.kernel.actor import ANYWHERE, Actor, Role


class Application(Base):
    """One organisation's entry in one call. Its state changes only through ``services``; its answers are rows of
    ``Answer``.

    ``submitted_at`` and ``receipt_no`` are those of the first submission: a correction keeps both. ``revision_no``
    counts revisions; the highest is the one in force. ``district_code`` is frozen at submission. ``due_on`` is the
    last day of the present step, ``NO_LAST_DAY`` where none is laid down: lists are sorted by it.
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
        Index("ix_application_due", "call_id", "state", "due_on", "id"),
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
    reminded_days: Mapped[int | None] = mapped_column(Integer)  # working days before the close when last reminded
    extended_to: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a close of its own, granted by two persons
    passed_to_district_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(Date, default=NO_LAST_DAY, server_default=NO_LAST_DAY.isoformat())

    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()


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
