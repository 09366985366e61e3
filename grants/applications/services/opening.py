"""Beginning an application from an earlier one, and never two drafts by accident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Organisation
from grants.applications.domain import Carried, carry_over, title_of
from grants.applications.errors import ApplicationExistsError
from grants.applications.models import AnswerRow, Application, Attachment, CarryOver
from grants.applications.queries import list_of_organisation, load_draft
from grants.applications.services.answers import write_answers
from grants.applications.services.starting import start_application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.programmes.queries import definition_of

ORIGIN = "application:"


def open_draft(
    session: Session,
    call: Call,
    organisation: Organisation,
    *,
    source: Application | None = None,
    another: bool,
    actor: Actor,
    now: datetime,
) -> Application:
    """Start an application, with what fits of an earlier one of the same organisation.

    Locks the organisation, so that a button pressed twice makes one draft. ``another``: the actor has been told that
    the organisation has an application in this call already, and wants one more.

    Raises:
        ApplicationExistsError: there is one already and ``another`` is not set; nothing has been changed.
        ForbiddenError: as ``start_application``; or what was in ``source`` has been deleted (``draft_purged``).
        NotFoundError: ``source`` is another organisation's.
    """
    session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    if not another and list_of_organisation(session, call, organisation.id):
        raise ApplicationExistsError(organisation=organisation.name)
    application = start_application(session, call, organisation, actor=actor, now=now)
    if source is not None:
        _carry(session, application, source, actor=actor, now=now)
    return application


def _carry(session: Session, application: Application, source: Application, *, actor: Actor, now: datetime) -> None:
    """Copy what fits and note what does not; what the organisation's profile has filled in already stays."""
    if source.organisation_id != application.organisation_id:
        raise NotFoundError(application=str(source.id))
    if source.state is ApplicationState.PURGED:
        raise ForbiddenError("draft_purged")
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    begun = load_draft(session, application)
    definition = definition_of(application.call.definition)
    carried = carry_over(load_draft(session, source), definition, call_year=application.call.year)
    values = {place: value for place, value in carried.values.items() if place not in begun.answers}
    rows = {table: ids for table, ids in carried.rows.items() if not begun.rows.get(table)}
    skipped = {table for table in carried.rows if table not in rows}
    values = {place: value for place, value in values.items() if place[0].rpartition(".")[0] not in skipped}
    _add_rows(session, application, rows, by=actor.person_id, now=now)
    origin = f"{ORIGIN}{source.ref or source.call.ref}"
    write_answers(session, application, values, by=actor.person_id, now=now, origin=origin)
    _attach(session, application, source, carried, by=actor.person_id, now=now)
    _note(session, application, source, carried, len(values), actor=actor, now=now)


def _add_rows(
    session: Session, application: Application, rows: Mapping[str, tuple[str, ...]], *, by: UUID, now: datetime
) -> None:
    session.add_all(
        AnswerRow(
            application_id=application.id,
            table_key=table,
            row_id=row,
            position=position,
            changed_by=by,
            changed_at=now,
        )
        for table, ids in rows.items()
        for position, row in enumerate(ids, 1)
    )
    session.flush()


def _attach(
    session: Session, application: Application, source: Application, carried: Carried, *, by: UUID, now: datetime
) -> None:
    """Put the same stored files into the new draft's slots."""
    ids = [file.id for file in carried.files]
    query = select(Attachment).where(Attachment.application_id == source.id, Attachment.id.in_(ids))
    stored = {attachment.id: attachment.file_id for attachment in session.scalars(query)}
    session.add_all(
        Attachment(
            application_id=application.id,
            slot_key=file.slot,
            row_id=file.row,
            file_id=stored[file.id],
            attached_at=now,
            attached_by=by,
        )
        for file in carried.files
    )
    session.flush()


def _note(
    session: Session,
    application: Application,
    source: Application,
    carried: Carried,
    answers: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    session.add(
        CarryOver(
            application_id=application.id,
            source_id=source.id,
            carried_at=now,
            answers=answers,
            files=len(carried.files),
            left=[{"label": one.label, "reason": str(one.reason), "detail": one.detail} for one in carried.left],
            once=list(carried.once),
        )
    )
    application.title = title_of(load_draft(session, application))
    detail = {"source": str(source.id), "answers": answers, "files": len(carried.files), "left": len(carried.left)}
    audit.record(session, actor, "application.carried_over", ("application", application.id), at=now, detail=detail)
