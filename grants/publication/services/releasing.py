"""The final list: prepared by one person after the notice, released by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.applications import services as applications
from grants.db import lock_one
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.kernel.errors import IllegalTransitionError, InvalidError
from grants.publication import policies, queries
from grants.publication.domain import Published, day_text, freeze, list_content, read_content
from grants.publication.errors import NoticeStillRunsError, ObjectionUndecidedError
from grants.publication.models import AwardList, Notice
from grants.publication.states import AWARD_LIST, NOTICE

MAX_DOC_NO = 60


def plan_award_list(session: Session, notice: Notice, *, doc_no: str, announced_on: date, now: datetime) -> Published:
    """What preparing now would freeze. Changes nothing; raises as ``prepare_award_list``."""
    return read_content(freeze(_content(session, notice, doc_no=doc_no, announced_on=announced_on, now=now))[0])


def prepare_award_list(
    session: Session, notice: Notice, *, doc_no: str, announced_on: date, actor: Actor, now: datetime
) -> AwardList:
    """Freeze the final list of a notice whose last day is over. A list that waited before is discarded.

    Effects, in order: freezes the content with the head of the audit log, adds the list, records
    ``award_list.prepared``.

    Args:
        doc_no: the 文号, for instance 示专项〔2027〕31 号.
        announced_on: the day of the announcement, not before the notice ended and not in the past.

    Raises:
        ForbiddenError: not an administrator, or the notice is not in force.
        NoticeStillRunsError: its last day is not over.
        ObjectionUndecidedError: an item has an undecided objection.
        InvalidError: ``nothing_to_release``, ``doc_no_missing``, ``announced_too_early``, ``announced_in_the_past``.
    """
    lock_one(session, f"publication:{notice.call_id}")
    session.refresh(notice, ["state"])
    policies.may_prepare_list(actor, notice).require()
    content = _content(session, notice, doc_no=doc_no.strip(), announced_on=announced_on, now=now)
    waiting = queries.find_prepared_list(session, notice)
    if waiting is not None:
        waiting.state = AWARD_LIST.next(waiting.state, "discard")
        session.flush()
    text, sha256 = freeze(content)
    award_list = AwardList(
        ref=content["ref"],
        call=notice.call,
        notice=notice,
        version=content["version"],
        doc_no=content["doc_no"],
        title=content["title"],
        content=text,
        sha256=sha256,
        prepared_by=actor.person_id,
        prepared_at=now,
    )
    session.add(award_list)
    session.flush()
    audit.record(session, actor, "award_list.prepared", ("call", notice.call_id), at=now, detail=_cited(award_list))
    return award_list


def discard_award_list(session: Session, award_list: AwardList, *, actor: Actor, now: datetime) -> None:
    """Put a prepared list aside; another can be prepared. Records ``award_list.discarded``."""
    lock_one(session, f"publication:{award_list.call_id}")
    session.refresh(award_list, ["state"])
    policies.may_discard(actor, award_list).require()
    award_list.state = AWARD_LIST.next(award_list.state, "discard")
    audit.record(
        session, actor, "award_list.discarded", ("call", award_list.call_id), at=now, detail=_cited(award_list)
    )


def release_award_list(
    session: Session, award_list: AwardList, *, actor: Actor, now: datetime, sha256: str | None = None
) -> AwardList:
    """Release a prepared list as the second person; it cannot be taken back.

    Effects, in order: moves list, notice (``released``) and applications (``awarded``), notes the head of the audit
    log, records ``award_list.released``, announces it (a worker typesets it and tells people) and that the call is
    concluded (who was not funded lets go of what may be used once only).

    Args:
        sha256: the fingerprint that the releaser saw; None releases what is there.

    Raises:
        ForbiddenError: not administrator or approver of the call, or the person who prepared it (``own_list``).
        IllegalTransitionError: the list is not the one that was seen.
        ObjectionUndecidedError: an item has an undecided objection.
        InvalidError: ``list_not_due``: the day of the announcement, which the list bears, is still to come.
    """
    lock_one(session, f"publication:{award_list.call_id}")
    session.refresh(award_list, ["state", "sha256"])
    policies.may_release(actor, award_list).require()
    if sha256 is not None and sha256 != award_list.sha256:
        raise IllegalTransitionError(sha256=sha256)
    require_settled(session, award_list.notice, now=now)
    published = read_content(award_list.content)
    if local_date(now) < published.issued_on:
        raise InvalidError("list_not_due", announced_on=day_text(published.issued_on))
    award_list.state = AWARD_LIST.next(award_list.state, "release")
    award_list.released_by, award_list.released_at = actor.person_id, now
    award_list.audit_head = audit.head(session)[1]
    award_list.notice.state = NOTICE.next(award_list.notice.state, "release")
    for application in queries.applications_of(session, published.items):
        detail = {"award_list": award_list.ref}
        applications.advance(session, application, "release", actor=actor, now=now, detail=detail)
    audit.record(session, actor, "award_list.released", ("call", award_list.call_id), at=now, detail=_cited(award_list))
    outbox.publish(session, "award_list.released", {"award_list_id": str(award_list.id)})
    outbox.publish(session, "call.concluded", {"call_id": str(award_list.call_id)})
    return award_list


def _content(session: Session, notice: Notice, *, doc_no: str, announced_on: date, now: datetime) -> dict[str, Any]:
    require_settled(session, notice, now=now)
    published = read_content(notice.content)
    if not published.items:
        raise InvalidError("nothing_to_release")
    if not doc_no or len(doc_no) > MAX_DOC_NO:
        raise InvalidError("doc_no_missing")
    if announced_on <= notice.ends_on:
        raise InvalidError("announced_too_early")
    if announced_on < local_date(now):
        raise InvalidError("announced_in_the_past")
    call = notice.call
    number = session.scalar(select(func.count()).where(AwardList.call_id == call.id)) or 0
    version = session.scalar(select(func.max(AwardList.version)).where(AwardList.notice_id == notice.id)) or 0
    return list_content(
        queries.round_of(call),
        published,
        ref=f"GG-{call.ref}-{number + 1}",
        version=version + 1,
        doc_no=doc_no,
        announced_on=announced_on,
        audit_head=audit.head(session)[1],
        applications=queries.count_applications(session, call),
    )


def require_settled(session: Session, notice: Notice, *, now: datetime) -> None:
    """Raise NoticeStillRunsError or ObjectionUndecidedError while a list cannot follow this notice."""
    if local_date(now) <= notice.ends_on:
        raise NoticeStillRunsError(ends_on=notice.ends_on.isoformat())
    listed = {item.project_no for item in read_content(notice.content).items}
    undecided = [ref for ref in queries.list_undecided_items(session, notice.call) if ref in listed]
    if undecided:
        raise ObjectionUndecidedError(items="、".join(undecided))


def _cited(award_list: AwardList) -> dict[str, object]:
    return {"ref": award_list.ref, "sha256": award_list.sha256, "doc_no": award_list.doc_no}
