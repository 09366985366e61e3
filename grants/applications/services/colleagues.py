"""Sections handed to colleagues, and remarks on answers.

Arrangements within one unit: they change nothing of the application, so the log of the process does not carry them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.domain import DOCUMENTS
from grants.applications.models import AnswerComment, Application, SectionAssignment
from grants.applications.policies import may_assign, may_comment
from grants.applications.queries import (
    list_people_of_unit,
    list_threads,
    load_draft,
    lock_application,
    open_correction,
    require_of_unit,
)
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.notifications import Recipient, notify
from grants.programmes.domain import Phase
from grants.programmes.queries import definition_of

COMMENT_LENGTH = 1_000
MAX_COMMENTS = 500  # of one application


def assign_section(
    session: Session,
    application: Application,
    section_key: str,
    person_id: UUID | None,
    *,
    actor: Actor,
    now: datetime,
) -> SectionAssignment | None:
    """Make a section (or ``documents``) somebody's, or nobody's; whom it is handed to is told unless they did it.

    Raises:
        ForbiddenError: the actor may not fill in this application now.
        NotFoundError: there is no such section, or the actor is not of the unit.
        InvalidError: ``not_of_unit``, the person does not act for the unit.
    """
    require_of_unit(application, actor)
    lock_application(session, application.id)
    may_assign(actor, application, now=now, correction=open_correction(session, application)).require()
    title = _title_of(application, section_key)
    standing = session.get(SectionAssignment, (application.id, section_key), populate_existing=True)
    if standing is not None and standing.person_id == person_id:
        return standing
    if standing is not None:
        session.delete(standing)
        session.flush()
    if person_id is None:
        return None
    person = next(
        (one for one in list_people_of_unit(session, application.organisation_id) if one.id == person_id), None
    )
    if person is None:
        raise InvalidError("not_of_unit")
    made = SectionAssignment(
        application_id=application.id,
        section_key=section_key,
        person=person,
        assigned_by=_person(actor),
        assigned_at=now,
    )
    session.add(made)
    session.flush()
    _tell_assigned(session, application, made, title, actor=actor, now=now)
    return made


def write_comment(
    session: Session, application: Application, path: str, row: str, body: str, *, actor: Actor, now: datetime
) -> AnswerComment:
    """Add a remark to the thread of one answer, and tell those who wrote in it and whose section it is, once a thread.

    Raises:
        ForbiddenError: the application has ended.
        NotFoundError: no such answer or row, or the actor is not of the unit.
        InvalidError: ``comment_empty``, ``comment_too_long``, ``too_many_comments``.
    """
    require_of_unit(application, actor)
    may_comment(actor, application).require()
    label, section_key = _place(session, application, path, row)
    text = _body(body)
    lock_application(session, application.id)
    total = select(func.count()).select_from(AnswerComment).where(AnswerComment.application_id == application.id)
    if session.scalars(total).one() >= MAX_COMMENTS:
        raise InvalidError("too_many_comments", limit=MAX_COMMENTS)
    comment = AnswerComment(
        application_id=application.id, path=path, row_id=row, body=text, written_by=_person(actor), written_at=now
    )
    session.add(comment)
    session.flush()
    _tell_commented(session, application, comment, label, section_key, actor=actor, now=now)
    return comment


def resolve_thread(
    session: Session, application: Application, path: str, row: str, *, actor: Actor, now: datetime
) -> None:
    """Mark every remark on one answer as dealt with; a thread that is closed already stays as it is.

    Raises:
        ForbiddenError: the application has ended.
        NotFoundError: there is no remark there, or the actor is not of the unit.
    """
    require_of_unit(application, actor)
    may_comment(actor, application).require()
    found = [thread for thread in list_threads(session, application, actor, [path]) if thread.row == row]
    if not found:
        raise NotFoundError(field=path)
    for comment in found[0].comments:
        if comment.resolved_at is None:
            comment.resolved_by, comment.resolved_at = _person(actor), now
    session.flush()


def _title_of(application: Application, section_key: str) -> str:
    if section_key == DOCUMENTS:
        return "申报材料"
    sections = definition_of(application.call.definition).sections
    title = next((one.title for one in sections if one.key == section_key and one.phase is Phase.APPLICATION), None)
    if title is None:
        raise NotFoundError(section=section_key)
    return title


def _place(session: Session, application: Application, path: str, row: str) -> tuple[str, str]:
    """Label and section of an answer, a table or a cell that exists."""
    definition = definition_of(application.call.definition)
    field = definition.fields_by_path.get(path)
    if field is None:
        raise NotFoundError(field=path)
    if path in definition.section_of:
        if row:
            raise NotFoundError(field=path)
        return field.label, definition.section_of[path].key
    table = path.removesuffix(f".{field.key}")
    if not load_draft(session, application).has_row(table, row):
        raise NotFoundError(row=row)
    return f"{definition.field(table).label}，{field.label}", definition.section_of[table].key


def _body(text: str) -> str:
    body = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\x00", "")).strip()
    if not body:
        raise InvalidError("comment_empty")
    if len(body) > COMMENT_LENGTH:
        raise InvalidError("comment_too_long", limit=COMMENT_LENGTH)
    return body


def _tell_assigned(
    session: Session, application: Application, made: SectionAssignment, section: str, *, actor: Actor, now: datetime
) -> None:
    if made.person_id == actor.person_id:
        return
    notify(
        session,
        event_key=f"section.assigned:{application.id}:{made.section_key}:{now:%Y%m%d%H%M%S}",
        kind="section.assigned",
        recipients=[_recipient(made.person)],
        facts={**_facts(application), "section": section, "by": actor.name},
        path=_path(application, made.section_key),
        now=now,
    )


def _tell_commented(
    session: Session,
    application: Application,
    comment: AnswerComment,
    label: str,
    section_key: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    thread = next(one for one in list_threads(session, application, actor, [comment.path]) if one.row == comment.row_id)
    opened = next(one for one in thread.comments if one.resolved_at is None)
    concerned = {one.written_by for one in thread.comments}
    owner = session.get(SectionAssignment, (application.id, section_key))
    if owner is not None:
        concerned.add(owner.person_id)
    people = list_people_of_unit(session, application.organisation_id)
    notify(
        session,
        event_key=f"answer.commented:{opened.id}",
        kind="answer.commented",
        recipients=_recipients(people, concerned - {_person(actor)}),
        facts={**_facts(application), "field": label, "by": actor.name},
        path=f"/apply/{application.id}/comments/{comment.path}" + (f"?row={comment.row_id}" if comment.row_id else ""),
        now=now,
    )


def _facts(application: Application) -> dict[str, str]:
    call = application.call
    return {"name": call.title, "ref": application.ref or call.ref, "title": application.title or "未命名的申报"}


def _path(application: Application, section_key: str) -> str:
    tail = DOCUMENTS if section_key == DOCUMENTS else f"sections/{section_key}"
    return f"/apply/{application.id}/{tail}"


def _recipients(people: Sequence[Person], wanted: Collection[UUID]) -> list[Recipient]:
    return [_recipient(person) for person in people if person.id in wanted]


def _recipient(person: Person) -> Recipient:
    return Recipient(person.id, person.email, person.name)


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
