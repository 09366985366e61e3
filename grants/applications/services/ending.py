"""Drafts that end before they were submitted: deleted by their owner, restored, and after a while deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.accounts.models import Membership
from grants.applications.models import (
    Answer,
    AnswerComment,
    AnswerRow,
    Application,
    ApplicationPdf,
    Attachment,
    CarryOver,
    DraftPresence,
    SectionAssignment,
    SlotUpload,
)
from grants.applications.policies import KEPT_FOR, may_discard, may_restore
from grants.applications.queries import lock_application
from grants.applications.services.advancing import advance
from grants.applications.states import ENDED_DRAFT, ApplicationState
from grants.documents import forget_files
from grants.kernel.actor import SYSTEM, Actor
from grants.notifications import forget_facts

CONTENT = (  # what a draft consists of, in an order in which it can be deleted
    SlotUpload,
    ApplicationPdf,
    Attachment,
    AnswerComment,
    SectionAssignment,
    DraftPresence,
    CarryOver,
    Answer,
    AnswerRow,
)


TYPED_FACTS = frozenset({"title", "file"})  # of the notices about a draft: what somebody typed or called a file


def discard_draft(session: Session, application: Application, *, actor: Actor, now: datetime) -> None:
    """Delete a draft; it can be restored for ``KEPT_FOR``. Twice is harmless.

    Raises:
        ForbiddenError: the actor may not, or it is no draft any more.
    """
    lock_application(session, application.id)
    if application.state is ApplicationState.DISCARDED:
        return
    may_discard(actor, application).require()
    advance(session, application, "discard", actor=actor, now=now)


def restore_draft(session: Session, application: Application, *, actor: Actor, now: datetime) -> None:
    """Take up again a draft that was deleted or expired, with everything it holds. Twice is harmless.

    Raises:
        ForbiddenError: the actor may not, it is no longer kept, or the time to submit it is over.
    """
    lock_application(session, application.id)
    if application.state is ApplicationState.DRAFT:
        return
    may_restore(actor, application, now=now).require()
    advance(session, application, "restore", actor=actor, now=now)


def purge_ended(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Delete the content of drafts that ended ``KEPT_FOR`` ago; returns how many. For a sweep.

    Effects for each, in order: locks it, deletes answers, rows, files, comments and title, forgets files that nothing
    else refers to, takes what it was called out of the notices about it, moves it to ``purged`` and audits how much was
    deleted, never what.
    """
    purged = 0
    for application_id in _list_due(session, now, limit):
        application = lock_application(session, application_id)
        if application.state in ENDED_DRAFT and application.ref is None and application.state_since + KEPT_FOR <= now:
            _purge(session, application, now=now)
            purged += 1
    return purged


def _purge(session: Session, application: Application, *, now: datetime) -> None:
    files = _files_of(session, application.id)
    counts = {}
    for entity in CONTENT:
        gone = session.execute(
            delete(entity).where(entity.application_id == application.id),
            execution_options={"synchronize_session": False},
        )
        counts[entity.__tablename__] = gone.rowcount  # type: ignore[attr-defined]
    application.title, application.requested_fen = "", 0
    people = session.scalars(
        select(Membership.person_id).where(Membership.organisation_id == application.organisation_id).distinct()
    ).all()
    forget_facts(session, people, below=f"/apply/{application.id}/", facts=TYPED_FACTS)
    forgotten = forget_files(session, files)
    detail = {"answers": counts[Answer.__tablename__], "files": counts[Attachment.__tablename__], "bytes_of": forgotten}
    advance(session, application, "purge", actor=SYSTEM, now=now, detail=detail)


def _files_of(session: Session, application_id: UUID) -> Sequence[UUID]:
    attached = select(Attachment.file_id).where(Attachment.application_id == application_id)
    made = select(ApplicationPdf.file_id).where(
        ApplicationPdf.application_id == application_id, ApplicationPdf.file_id.is_not(None)
    )
    return session.scalars(attached.union(made)).all()


def _list_due(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    query = (
        select(Application.id)
        .where(Application.state.in_(ENDED_DRAFT), Application.ref.is_(None))
        .where(Application.state_since <= now - KEPT_FOR)
        .order_by(Application.id)
        .limit(limit)
    )
    return session.scalars(query).all()
