"""Finding applications, filtered by what the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from grants.applications.domain import case_content_of
from grants.applications.models import Application, Attachment, CarryOver, CorrectionRequest, Revision, visible_to
from grants.applications.queries.holding import hold
from grants.applications.states import ENDED, ENDED_DRAFT, GONE, ApplicationState
from grants.calls.models import Call
from grants.db import Page, paginate
from grants.documents import StoredFile
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError
from grants.programmes.models import DefinitionVersion


def get_application(session: Session, application_id: UUID, actor: Actor, *, lock: bool = False) -> Application:
    """The application with call, definition and organisation; NotFoundError when absent or not for this actor.

    ``lock`` locks its row and reads it as it is then, as ``lock_application`` does.
    """
    query = _with_parts(select(Application).where(Application.id == application_id, visible_to(actor)))
    if lock:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(application=str(application_id))
    return hold(session, found) if lock else found


def get_to_fill_in(session: Session, application_id: UUID, actor: Actor, *, hold: bool = False) -> Application:
    """The application with call and definition and nothing else, in one query; NotFoundError as ``get_application``.

    ``hold`` keeps it from being submitted or moved until the transaction ends, without keeping other editors out.
    """
    found: Application | None = session.scalars(
        _to_fill_in(actor, hold), {"application_id": application_id}
    ).one_or_none()
    if found is None:
        raise NotFoundError(application=str(application_id))
    return found


@lru_cache(maxsize=256)  # who types saves again and again
def _to_fill_in(actor: Actor, hold: bool) -> Any:
    query = (
        select(Application)
        .where(Application.id == bindparam("application_id"), visible_to(actor))
        .options(joinedload(Application.call, innerjoin=True).joinedload(Call.definition, innerjoin=True))
    )
    return query.with_for_update(read=True, key_share=True, of=Application) if hold else query


def get_by_ref(session: Session, ref: str, actor: Actor) -> Application:
    """The submitted application of that number; NotFoundError when absent or not for this actor."""
    query = _with_parts(select(Application).where(Application.ref == ref, visible_to(actor)))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(application=ref)
    return found


def list_for_enterprise(
    session: Session, actor: Actor, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[Application]:
    """One page of the applications of the actor's organisations, the newest first, with call and organisation."""
    own = Application.organisation_id.in_(actor.organisation_ids())
    query = _with_parts(select(Application).where(own, Application.state.not_in(GONE)))
    key = (Application.id,)
    return paginate(session, query, key=key, after=after, before=before, limit=limit, descending=True)


def list_ended_drafts(
    session: Session, actor: Actor, *, after: str | None = None, before: str | None = None, limit: int = 25
) -> Page[Application]:
    """One page of the drafts of the actor's organisations that expired or were deleted and are still kept, newest
    first."""
    own = Application.organisation_id.in_(actor.organisation_ids())
    ended = Application.state.in_(ENDED_DRAFT) & Application.ref.is_(None)
    query = _with_parts(select(Application).where(own, ended))
    return paginate(session, query, key=(Application.id,), after=after, before=before, limit=limit, descending=True)


def list_of_organisation(session: Session, call: Call, organisation_id: UUID) -> Sequence[Application]:
    """What an organisation has in a call already, the oldest first; what has ended is left out."""
    query = select(Application).where(
        Application.call_id == call.id,
        Application.organisation_id == organisation_id,
        Application.state.not_in(ENDED),
    )
    return session.scalars(query.order_by(Application.id)).all()


def list_in_year(session: Session, call: Call, organisation_id: UUID) -> Sequence[Application]:
    """What an organisation has in the other calls of the programme in the same year, the oldest first; not what has
    ended or is a draft."""
    query = (
        select(Application)
        .join(Application.call)
        .join(Call.definition)
        .where(DefinitionVersion.programme_id == call.definition.programme_id, Call.year == call.year)
        .where(Call.id != call.id, Application.organisation_id == organisation_id, Application.ref.is_not(None))
        .where(Application.state.not_in(ENDED))
        .options(joinedload(Application.call))
    )
    return session.scalars(query.order_by(Application.id)).all()


def list_sources(session: Session, organisation_ids: Collection[UUID], *, limit: int = 30) -> Sequence[Application]:
    """Applications of these organisations from which a new one can be begun, the newest first, in whatever state."""
    query = _with_parts(
        select(Application).where(
            Application.organisation_id.in_(organisation_ids), Application.state != ApplicationState.PURGED
        )
    )
    return session.scalars(query.order_by(Application.id.desc()).limit(limit)).all()


def find_carry_over(session: Session, application: Application) -> CarryOver | None:
    """What was taken from which earlier application when this one was begun."""
    query = select(CarryOver).where(CarryOver.application_id == application.id).options(joinedload(CarryOver.source))
    return session.scalars(query).one_or_none()


def current_revision(session: Session, application: Application) -> Revision:
    """The revision in force; NotFoundError before the first submission."""
    return get_numbered_revision(session, application, application.revision_no)


def get_revision(session: Session, revision_id: UUID, *, lock: bool = False) -> Revision:
    """A revision with its application, call and definition, for steps of the process itself; NotFoundError.

    ``lock`` locks the application, as ``lock_application`` does.
    """
    rows = session.scalars(_whole_revision(lock), {"revision_id": revision_id})
    found: Revision | None = rows.unique().one_or_none()  # a row for each fund of the call
    if found is None:
        raise NotFoundError(revision=str(revision_id))
    if lock:
        hold(session, found.application)
    return found


@cache  # every check runs it
def _whole_revision(lock: bool) -> Any:
    application = contains_eager(Revision.application)
    query = (
        select(Revision)
        .join(Revision.application)
        .where(Revision.id == bindparam("revision_id"))
        .options(
            application.joinedload(Application.organisation, innerjoin=True),
            application.joinedload(Application.call, innerjoin=True)
            .joinedload(Call.definition, innerjoin=True)
            .joinedload(DefinitionVersion.programme, innerjoin=True),
            application.joinedload(Application.call, innerjoin=True).joinedload(Call.funds),
        )
    )
    return query.with_for_update(of=Application).execution_options(populate_existing=True) if lock else query


def list_revisions(session: Session, application: Application) -> Sequence[Revision]:
    """All revisions, the first one first."""
    query = select(Revision).where(Revision.application_id == application.id)
    return session.scalars(query.order_by(Revision.number)).all()


def open_correction(session: Session, application: Application) -> CorrectionRequest | None:
    """The correction that waits for an answer; None unless the application is returned."""
    if application.state is not ApplicationState.RETURNED:
        return None
    query = select(CorrectionRequest).where(
        CorrectionRequest.application_id == application.id, CorrectionRequest.answered_at.is_(None)
    )
    return session.scalars(query.order_by(CorrectionRequest.round_no.desc()).limit(1)).first()


def list_corrections(session: Session, application: Application) -> Sequence[CorrectionRequest]:
    """Every correction that was asked for, the first one first."""
    query = select(CorrectionRequest).where(CorrectionRequest.application_id == application.id)
    return session.scalars(query.order_by(CorrectionRequest.round_no)).all()


def get_attachment(session: Session, application: Application, attachment_id: UUID) -> Attachment:
    """A file that is or was attached, with its stored file; NotFoundError for another application's."""
    query = (
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.application_id == application.id)
        .options(joinedload(Attachment.file))
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(attachment=str(attachment_id))
    return found


def get_numbered_revision(session: Session, application: Application, number: int) -> Revision:
    """The revision of that number; NotFoundError."""
    query = select(Revision).where(Revision.application_id == application.id, Revision.number == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(revision=number)
    return found


def get_frozen_file(
    session: Session, application: Application, slot_key: str, sha256: str, *, revision: Revision | None = None
) -> StoredFile:
    """A file of a revision, the one in force unless given, by slot and fingerprint, replaced meanwhile or not.

    Raises NotFoundError.

    Whether the actor may see the application is the caller's question (``get_application``, reviews' own).
    """
    content = (revision or current_revision(session, application)).content
    documents = case_content_of(content)["documents"]
    if not any(document["key"] == slot_key and document["sha256"] == sha256 for document in documents):
        raise NotFoundError(document=slot_key)
    query = (
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.application_id == application.id, Attachment.slot_key == slot_key)
        .where(StoredFile.sha256 == sha256)
        .order_by(Attachment.id)
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError(document=slot_key)
    return found


def _with_parts(query: Select[Application]) -> Select[Application]:
    call = joinedload(Application.call)
    return query.options(
        joinedload(Application.organisation),
        call.joinedload(Call.definition).joinedload(DefinitionVersion.programme),
        call.options(selectinload(Call.funds)),
    )
