"""Objections to an item of a notice: named, within the period, decided with a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.queries import find_person_by_email, recipients
from grants.applications import services as applications
from grants.applications.models import Application
from grants.db import lock_one
from grants.decisions.models import Proposal
from grants.kernel.actor import ANONYMOUS, Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import InvalidError, NotFoundError
from grants.notifications import notify
from grants.publication import policies, queries
from grants.publication.domain import next_notice_content, read_content
from grants.publication.models import Notice, Objection
from grants.publication.services.notices import add_notice, notice_ref
from grants.publication.states import NOTICE, OBJECTION

PER_DAY = 5  # objections to one notice from one phone number
MAX_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class ObjectionStatement:
    """Who objects to what and why, all of it confidential. ``name``: a person's real or a unit's full name."""

    project_no: str
    name: str
    is_unit: bool
    phone: str
    email: str
    grounds: str


def file_objection(session: Session, notice: Notice, statement: ObjectionStatement, *, now: datetime) -> Objection:
    """Take an objection in. Anybody may file one; the log names nobody. The same one again is the one that is there.

    Effects, in order: adds the objection, records ``objection.filed`` with the project's number only.

    Raises:
        ForbiddenError: outside the notice's days (``notice_not_begun``, ``notice_over``, ``notice_superseded``).
        InvalidError: ``too_many_objections`` from one phone number within a day, ``objection_too_long``.
        NotFoundError: the notice has no such item.
    """
    lock_one(session, f"publication:{notice.call_id}")
    session.refresh(notice, ["state"])
    policies.may_object(notice, today=local_date(now)).require()
    if len(statement.grounds) > MAX_WORDS:
        raise InvalidError("objection_too_long", limit=MAX_WORDS)
    application = _application(session, notice, statement.project_no)
    same = queries.find_same(session, notice, application, phone=statement.phone, grounds=statement.grounds)
    if same is not None:
        return same
    if queries.count_from(session, notice, statement.phone, since=now - timedelta(days=1)) >= PER_DAY:
        raise InvalidError("too_many_objections", limit=PER_DAY)
    objection = Objection(
        notice=notice,
        application=application,
        name=statement.name,
        is_unit=statement.is_unit,
        phone=statement.phone,
        email=statement.email,
        grounds=statement.grounds,
        filed_at=now,
    )
    session.add(objection)
    session.flush()
    detail = {"objection": objection.id, "notice": notice.ref, "project_no": statement.project_no}
    audit.record(session, ANONYMOUS, "objection.filed", ("call", notice.call_id), at=now, detail=detail)
    return objection


def decide_objection(
    session: Session, objection: Objection, *, uphold: bool, reply: str, actor: Actor, now: datetime
) -> Notice | None:
    """Reject an objection, or uphold it and take the item off the notice; either way with a reply.

    Effects, in order: decides the objection, records ``objection.rejected`` or ``objection.upheld``, tells the objector
    where the e-mail given is that of an account. Upheld: supersedes the notice by a version without the item (unless
    an earlier objection has done so), whose period stays as it was, and moves the application to ``not_funded``. Where
    that was the last item there will be no list: the call is concluded.

    Returns:
        The new version, or None where the notice stays.

    Raises:
        ForbiddenError: not of the office, or decided already (``objection_decided``).
        InvalidError: ``objection_needs_reply``.
    """
    call = objection.notice.call
    lock_one(session, f"publication:{call.id}")
    session.refresh(objection, ["state"])
    policies.may_decide(actor, objection).require()
    if not reply.strip():
        raise InvalidError("objection_needs_reply")
    objection.state = OBJECTION.next(objection.state, "uphold" if uphold else "reject")
    objection.reply, objection.decided_by, objection.decided_at = reply.strip(), actor.person_id, now
    kind = "objection.upheld" if uphold else "objection.rejected"
    detail = {"objection": objection.id, "project_no": objection.application.ref, "reply": objection.reply}
    audit.record(session, actor, kind, ("call", call.id), at=now, detail=detail)
    _tell_objector(session, objection, uphold=uphold, now=now)
    return _remove_item(session, objection, actor=actor, now=now) if uphold else None


def _application(session: Session, notice: Notice, project_no: str) -> Application:
    item = next((item for item in read_content(notice.content).items if item.project_no == project_no), None)
    if item is None:
        raise NotFoundError(project_no=project_no)
    return session.scalars(select(Application).where(Application.ref == project_no)).one()


def _remove_item(session: Session, objection: Objection, *, actor: Actor, now: datetime) -> Notice | None:
    call = objection.notice.call
    current = queries.find_running_notice(session, call)
    if current is None:
        raise InvalidError("notice_not_in_force")
    published = read_content(current.content)
    removed = next((item for item in published.items if item.project_no == objection.application.ref), None)
    if removed is None:
        return None  # an earlier objection took it off
    prepared = queries.find_prepared_list(session, current)
    if prepared is not None:
        raise InvalidError("list_waits_for_release")
    current.state = NOTICE.next(current.state, "supersede")
    session.flush()
    proposal = session.get_one(Proposal, current.proposal_id)
    content = next_notice_content(
        queries.round_of(call),
        published,
        removed,
        ref=notice_ref(call, current.version + 1),
        issued_on=local_date(now),
        audit_head=audit.head(session)[1],
        proposal_sha256=proposal.sha256,
    )
    notice = add_notice(session, call, proposal, content, actor=actor, now=now)
    detail = {"notice": notice.ref, "objection": objection.id}
    applications.advance(session, objection.application, "remove_from_notice", actor=actor, now=now, detail=detail)
    if not content["items"]:
        outbox.publish(session, "call.concluded", {"call_id": str(call.id)})
    return notice


def _tell_objector(session: Session, objection: Objection, *, uphold: bool, now: datetime) -> None:
    person = find_person_by_email(session, objection.email.lower()) if objection.email else None
    if person is None:
        return  # the office answers by the contact given; the receipt's page shows the reply too
    notify(
        session,
        event_key=f"objection.decided:{objection.id}",
        kind="objection.decided",
        recipients=recipients(session, [person.id]),
        facts={
            "name": objection.notice.title,
            "ref": objection.notice.ref,
            "outcome": "异议成立" if uphold else "异议不成立",
            "reason": objection.reply,
        },
        path=f"/notices/objections/{objection.id}",
        now=now,
    )
