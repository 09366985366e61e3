"""Publishing a notice: planned first, so that the end of the period is seen before anything is public."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.applications import services as applications
from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.db import lock_one
from grants.decisions.models import Proposal
from grants.decisions.queries import approved_proposal
from grants.kernel.actor import Actor
from grants.kernel.canonical import fingerprint
from grants.kernel.clock import local_date
from grants.kernel.errors import IllegalTransitionError, InvalidError
from grants.programmes.queries import definition_of
from grants.publication import policies, queries
from grants.publication.domain import Period, Published, freeze, notice_content, notice_period, read_content
from grants.publication.models import Notice


def plan_notice(session: Session, call: Call, *, now: datetime, starts_on: date | None = None) -> Published:
    """What publishing now would publish. Changes nothing.

    Raises:
        InvalidError: ``nothing_approved``, ``nothing_funded``, ``notice_starts_in_the_past``.
        UnknownWorkingDayError: the calendar does not reach the end of the period.
    """
    return read_content(freeze(_content(session, call, now=now, starts_on=starts_on))[0])


def publish_notice(
    session: Session,
    call: Call,
    *,
    actor: Actor,
    now: datetime,
    starts_on: date | None = None,
    seen: str | None = None,
) -> Notice:
    """Publish the 公示 of the approved proposal.

    Effects, in order: freezes the content with the head of the audit log, adds the notice, moves its applications to
    ``on_notice``, records ``notice.published``, announces it (a worker typesets it and tells people).

    Args:
        starts_on: first day, in Shanghai, today unless given; moved to the next working day where it is none.
        seen: what ``substance_of`` said of the plan that was shown; None publishes what is there.

    Raises:
        ForbiddenError: not an administrator of the call.
        InvalidError, UnknownWorkingDayError: as ``plan_notice``.
        IllegalTransitionError: the call's notice is out already, or it would not be what was seen.
    """
    lock_one(session, f"publication:{call.id}")
    lock_one(session, f"proposal:{call.id}")
    policies.may_publish(actor, call).require()
    content = _content(session, call, now=now, starts_on=starts_on)
    if seen is not None and seen != substance_of(read_content(freeze(content)[0])):
        raise IllegalTransitionError(call=call.ref)
    notice = add_notice(session, call, _approved(session, call), content, actor=actor, now=now)
    for application in queries.applications_of(session, read_content(notice.content).items):
        detail = {"notice": notice.ref}
        applications.advance(session, application, "publish_notice", actor=actor, now=now, detail=detail)
    return notice


def substance_of(published: Published) -> str:
    """A fingerprint of what a reader of the plan decides on: items, amounts and period, not the head of the log."""
    return fingerprint(
        {
            "items": [asdict(item) for item in published.items],
            "starts_on": published.starts_on,
            "ends_on": published.ends_on,
        }
    )


def add_notice(
    session: Session, call: Call, proposal: Proposal, content: dict[str, Any], *, actor: Actor, now: datetime
) -> Notice:
    """Add one frozen version, record it, announce it; for the first and for what an objection leads to."""
    text, sha256 = freeze(content)
    notice = Notice(
        ref=content["ref"],
        call=call,
        proposal_id=proposal.id,
        version=content["version"],
        title=content["title"],
        starts_on=content["starts_on"],
        ends_on=content["ends_on"],
        days=content["days"],
        changes=content["changes"],
        content=text,
        sha256=sha256,
        audit_head=content["audit_head"],
        published_by=actor.person_id,
        published_at=now,
    )
    session.add(notice)
    session.flush()
    detail = {"ref": notice.ref, "sha256": sha256, "ends_on": notice.ends_on, "changes": notice.changes}
    audit.record(session, actor, "notice.published", ("call", call.id), at=now, detail=detail)
    outbox.publish(session, "notice.published", {"notice_id": str(notice.id)})
    return notice


def notice_ref(call: Call, version: int) -> str:
    """``GS-SBC-2027-01-1``: 公示, the call, the version."""
    return f"GS-{call.ref}-{version}"


def _content(session: Session, call: Call, *, now: datetime, starts_on: date | None) -> dict[str, Any]:
    proposal = _approved(session, call)
    items = queries.public_items(session, call, proposal)
    if not items:
        raise InvalidError("nothing_funded")
    if session.scalar(select(func.count()).where(Notice.call_id == call.id)):
        raise IllegalTransitionError(call=call.ref)
    return notice_content(
        queries.round_of(call),
        items,
        _period(session, call, today=local_date(now), starts_on=starts_on),
        ref=notice_ref(call, 1),
        version=1,
        issued_on=local_date(now),
        audit_head=audit.head(session)[1],
        proposal_sha256=proposal.sha256,
    )


def _period(session: Session, call: Call, *, today: date, starts_on: date | None) -> Period:
    if starts_on is not None and starts_on < today:
        raise InvalidError("notice_starts_in_the_past")
    days = definition_of(call.definition).publication.notice_days
    return notice_period(working_calendar(session), starts_on or today, days)


def _approved(session: Session, call: Call) -> Proposal:
    proposal = approved_proposal(session, call)
    if proposal is None:
        raise InvalidError("nothing_approved")
    return proposal
