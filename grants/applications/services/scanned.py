"""What a scan means for the applications that a file is attached to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants import audit
from grants.accounts.queries import members_to_tell, staff_to_tell
from grants.applications.domain import case_content_of, slot_of
from grants.applications.models import Application, Attachment
from grants.applications.queries import current_revision, lock_application
from grants.documents import ScanState
from grants.kernel.actor import Actor, Role
from grants.notifications import notify
from grants.programmes.queries import definition_of


def follow_scan(session: Session, file_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Where a file has been found infected, note it on its application and tell everybody concerned, once.

    From then on its slot lacks a file. In a draft its members are told to replace it; of a case that has been submitted
    with it the officers are told too: they may return it for correction. Other outcomes change nothing here.
    """
    query = select(Attachment).where(Attachment.file_id == file_id).options(joinedload(Attachment.file))
    for attachment in session.scalars(query).all():
        if attachment.file.scan_state is ScanState.INFECTED:
            _tell(session, attachment, actor=actor, now=now)


def _tell(session: Session, attachment: Attachment, *, actor: Actor, now: datetime) -> None:
    application = lock_application(session, attachment.application_id)
    in_case = _is_frozen(session, application, attachment)
    if attachment.removed_at is not None and not in_case:
        return
    slot = slot_of(definition_of(application.call.definition), attachment.slot_key)
    detail = {
        "slot": attachment.slot_key,
        "row": attachment.row_id,
        "sha256": attachment.file.sha256,
        "found": attachment.file.scan_note,
    }
    audit.record(session, actor, "application.file_infected", ("application", application.id), at=now, detail=detail)
    facts = {
        "name": application.call.title,
        "ref": application.ref or application.call.ref,
        "title": application.title,
        "document": slot.label if slot else attachment.slot_key,
        "file": attachment.file.name,
    }
    event = f"{attachment.id}"
    notify(
        session,
        event_key=f"file.infected:{event}",
        kind="file.infected",
        recipients=members_to_tell(session, application.organisation_id),
        facts={key: value for key, value in facts.items() if value},
        path=f"/apply/{application.id}/documents",
        now=now,
    )
    if in_case:
        notify(
            session,
            event_key=f"file.infected_in_case:{event}",
            kind="file.infected_in_case",
            recipients=staff_to_tell(session, Role.OFFICER, application.call.ref),
            facts=facts,
            path=f"/staff/cases/{application.ref}",
            now=now,
        )


def _is_frozen(session: Session, application: Application, attachment: Attachment) -> bool:
    """Whether the revision in force was submitted with the file."""
    if not application.revision_no:
        return False
    documents = case_content_of(current_revision(session, application).content)["documents"]
    place = (attachment.slot_key, attachment.file.sha256)
    return any((document["key"], document["sha256"]) == place for document in documents)
