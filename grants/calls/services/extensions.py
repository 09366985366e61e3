"""More time: proposed by one person of the office, decided by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.models import Organisation
from grants.accounts.queries import staff_to_tell
from grants.calls import policies, queries
from grants.calls.domain import LONGEST, close_after_outage, concerns
from grants.calls.models import Call, DeadlineExtension
from grants.calls.states import EXTENSION, ExtensionCause
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import SHANGHAI
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.notifications import notify

MAX_REASON = 2_000
CLOCK_FACE = "%Y年%m月%d日 %H:%M"
Outage = tuple[datetime, datetime]


def propose_extension(
    session: Session,
    call: Call,
    *,
    until_at: datetime,
    reason: str,
    organisation: Organisation | None = None,
    outage: Outage | None = None,
    actor: Actor,
    now: datetime,
) -> DeadlineExtension:
    """Ask that ``organisation``, or everybody after an ``outage``, may submit until ``until_at``.

    Records ``extension.proposed`` and tells those who may decide it.

    Raises:
        ForbiddenError: the actor may not propose for this call, or it has not opened yet.
        InvalidError: ``extension_without_reason``; ``extension_not_later``, it gives no time; ``extension_too_long``,
            more than 60 days; ``extension_without_outage``, for everybody only after an outage in the call's window.
    """
    policies.may_propose_extension(actor, call, now=now).require()
    former = queries.close_for(session, call, organisation)
    _require_sound(call, former, until_at=until_at, reason=reason, for_one=organisation is not None, outage=outage)
    if until_at <= now:
        raise InvalidError("extension_not_later")
    extension = DeadlineExtension(
        call=call,
        organisation=organisation,
        cause=ExtensionCause.OUTAGE if organisation is None else ExtensionCause.PERSONAL,
        reason=reason.strip(),
        former_close_at=former,
        until_at=until_at,
        outage_began_at=outage[0] if outage else None,
        outage_ended_at=outage[1] if outage else None,
        proposed_by=_person(actor),
        proposed_at=now,
    )
    session.add(extension)
    session.flush()
    _record(session, extension, "extension.proposed", actor=actor, now=now)
    _tell_deciders(session, extension, now=now)
    return extension


def propose_for_outage(
    session: Session, call: Call, *, outage: Outage, reason: str, actor: Actor, now: datetime
) -> DeadlineExtension:
    """``propose_extension`` for everybody, with as many hours as the outage took; raises as that does."""
    until_at = close_after_outage(call.closes_at, *outage)
    return propose_extension(session, call, until_at=until_at, reason=reason, outage=outage, actor=actor, now=now)


def decide_extension(
    session: Session, extension: DeadlineExtension, *, approved: bool, note: str, actor: Actor, now: datetime
) -> DeadlineExtension:
    """Grant the time, or refuse it with a reason.

    Effects, in order: locks the call, moves the extension, for everybody moves the call's close, records
    ``extension.approved`` or ``extension.refused``, on approval publishes ``deadline.extended``: applications follow,
    expired drafts open again, their units are told.

    Raises:
        ForbiddenError: the actor may not decide for this call, or proposed it.
        InvalidError: ``extension_without_reason``, a refusal without a note; ``extension_over``, its end has passed.
        IllegalTransitionError: decided already, or the close has moved since it was proposed.
    """
    session.execute(select(Call.id).where(Call.id == extension.call_id).with_for_update())
    session.refresh(extension)
    session.refresh(extension.call)
    policies.may_decide_extension(actor, extension).require()
    if not approved and not note.strip():
        raise InvalidError("extension_without_reason")
    if approved:
        _require_still_right(session, extension, now=now)
    extension.state = EXTENSION.next(extension.state, "approve" if approved else "refuse")
    extension.decided_by, extension.decided_at, extension.note = _person(actor), now, note.strip()
    if approved and extension.organisation_id is None:
        extension.call.closes_at = extension.until_at
    session.flush()
    _record(session, extension, "extension.approved" if approved else "extension.refused", actor=actor, now=now)
    if approved:
        outbox.publish(session, "deadline.extended", {"extension_id": str(extension.id)})
    return extension


def _require_sound(
    call: Call, former: datetime, *, until_at: datetime, reason: str, for_one: bool, outage: Outage | None
) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidError("extension_without_reason")
    if until_at <= former:
        raise InvalidError("extension_not_later")
    if until_at > former + LONGEST:
        raise InvalidError("extension_too_long", days=LONGEST.days)
    if not for_one and (outage is None or not concerns(call.opens_at, call.closes_at, *outage)):
        raise InvalidError("extension_without_outage")


def _require_still_right(session: Session, extension: DeadlineExtension, *, now: datetime) -> None:
    if extension.until_at <= now:
        raise InvalidError("extension_over")
    if queries.close_for(session, extension.call, extension.organisation) != extension.former_close_at:
        raise IllegalTransitionError(extension=str(extension.id), event="approve")


def _tell_deciders(session: Session, extension: DeadlineExtension, *, now: datetime) -> None:
    call = extension.call
    deciders = [person for role in policies.DECIDE_EXTENSIONS for person in staff_to_tell(session, role, call.ref)]
    notify(
        session,
        event_key=f"extension.proposed:{extension.id}",
        kind="extension.proposed",
        recipients=[person for person in deciders if person.person_id != extension.proposed_by],
        facts={
            "name": call.title,
            "ref": call.ref,
            "unit": extension.organisation.name if extension.organisation else "",
            "until_at": extension.until_at.astimezone(SHANGHAI).strftime(CLOCK_FACE),
            "reason": extension.reason,
        },
        path=f"/staff/extensions/{extension.id}",
        now=now,
    )


def _record(session: Session, extension: DeadlineExtension, kind: str, *, actor: Actor, now: datetime) -> None:
    detail: dict[str, Any] = {
        "extension": str(extension.id),
        "cause": str(extension.cause),
        "organisation": extension.organisation.uscc if extension.organisation else None,
        "former_close_at": extension.former_close_at.isoformat(),
        "until_at": extension.until_at.isoformat(),
        "reason": extension.reason,
        "note": extension.note,
    }
    audit.record(session, actor, kind, ("call", extension.call_id), at=now, detail=detail)


def _person(actor: Actor) -> Any:
    if actor.person_id is None or actor.has(Role.SYSTEM):
        raise ForbiddenError("signed_out")
    return actor.person_id
