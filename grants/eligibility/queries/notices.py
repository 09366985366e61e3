"""Written notices of an application and their files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from grants.applications.models import Application
from grants.documents import StoredFile
from grants.eligibility.models import FormalDecision, FormalNotice
from grants.kernel.errors import NotFoundError


def list_notices(session: Session, application: Application) -> Sequence[FormalNotice]:
    """What was put in writing to the applicant, the newest first, with decision and file."""
    query = _notices().where(FormalDecision.application_id == application.id)
    return session.scalars(query.order_by(FormalDecision.decided_at.desc(), FormalDecision.id.desc())).all()


def get_notice(session: Session, decision_id: UUID) -> FormalNotice:
    """One notice by its decision, for whoever makes its PDF; raises NotFoundError."""
    found = session.scalars(_notices().where(FormalNotice.decision_id == decision_id)).one_or_none()
    if found is None:
        raise NotFoundError(notice=str(decision_id))
    return found


def get_notice_file(session: Session, application: Application, decision_id: UUID) -> StoredFile:
    """The PDF of a notice of this application; raises NotFoundError, also while it has not been made."""
    query = (
        select(StoredFile)
        .join(FormalNotice, FormalNotice.file_id == StoredFile.id)
        .join(FormalNotice.decision)
        .where(FormalNotice.decision_id == decision_id, FormalDecision.application_id == application.id)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(notice=str(decision_id))
    return found


def _notices() -> Select[FormalNotice]:
    decision = joinedload(FormalNotice.decision, innerjoin=True)
    return select(FormalNotice).join(FormalNotice.decision).options(decision, joinedload(FormalNotice.file))
