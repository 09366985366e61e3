"""Submitting: everything entered is frozen, and the office takes over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts.queries import members_to_tell, signing_of
from grants.applications.domain import (
    Draft,
    Undertaking,
    canonical_text,
    own_close,
    receipt_ref,
    requested_fen_of,
    revision_content,
    title_of,
)
from grants.applications.domain.steps import NO_LAST_DAY
from grants.applications.errors import DraftChangedError, IncompleteApplicationError
from grants.applications.models import Application, CorrectionRequest, Revision
from grants.applications.policies import EDITING_LEVELS, SIGNING_LEVELS, closes_at, may_submit
from grants.applications.queries import current_revision, load_draft, lock_application, open_correction
from grants.applications.services.answers import write_answers
from grants.applications.services.claiming import claim_uses
from grants.applications.services.profiles import keep_profile
from grants.applications.services.receipts import sign_receipt
from grants.applications.states import APPLICATION, EDITABLE
from grants.calls.models import Call
from grants.db import uuid7
from grants.kernel.actor import Actor
from grants.kernel.canonical import fingerprint
from grants.kernel.clock import SHANGHAI
from grants.kernel.errors import ForbiddenError
from grants.notifications import Recipient, notify
from grants.programmes.domain import Definition, FieldKind, claims_of

LATE = {"call_closed": "submission_late", "correction_overdue": "correction_late"}
CLOCK_FACE = "%Y年%m月%d日 %H:%M:%S"


def begin_submission(session: Session, application: Application, *, actor: Actor, now: datetime) -> None:
    """Note that somebody began to submit; begun before the close, it may end within the call's grace (decision 13).

    Raises:
        ForbiddenError: the actor may not edit or submit for the organisation.
    """
    if application.organisation_id not in actor.organisation_ids(*EDITING_LEVELS, *SIGNING_LEVELS):
        raise ForbiddenError("level_cannot_submit")
    if application.state in EDITABLE and now < own_close(application.call.closes_at, application.extended_to):
        lock_application(session, application.id)
        application.submission_begun_at = now


def submit_application(
    session: Session,
    application: Application,
    *,
    actor: Actor,
    now: datetime,
    undertakings: Collection[str] | None = None,
    draft: Draft | None = None,
    seen: str = "",
) -> Revision:
    """Close the draft, or the correction, and hand it to the check. Submitted already: the revision in force.

    Effects, in order: stores the undertakings, freezes a revision, claims its evidence, keeps section A as the
    organisation's profile, closes the correction, writes the audit entry, and at the first submission takes the receipt
    number, late, because the call's counter is locked from then on; then moves the state, publishes
    ``application.submitted``, signs the receipt and tells the organisation's members. A correction keeps receipt number
    and first instant.

    Args:
        undertakings: keys of those accepted now; None takes them as they are stored.
        draft: everything entered, where the caller has read it since locking the application; else it is read here.
        seen: mark of the draft as it was shown to the actor (``Draft.mark``); empty submits it as it is.

    Raises:
        DraftChangedError: somebody has changed the draft since it was shown. Nothing has been changed.
        ForbiddenError: the actor may not submit it, or not any more: ``submission_late`` and ``correction_late`` carry
            both times. Nothing has been changed.
        IncompleteApplicationError: something required is missing or out of bounds. Nothing has been changed.
    """
    lock_application(session, application.id)
    if application.state not in EDITABLE and application.revision_no:
        return current_revision(session, application)
    correction = open_correction(session, application)
    _require_may_submit(session, application, correction, actor=actor, now=now)
    draft = draft or load_draft(session, application)
    if seen and seen != draft.mark:
        raise DraftChangedError(application=str(application.id))
    draft = _with_undertakings(draft, undertakings, actor=actor, now=now)
    if draft.gaps:
        raise IncompleteApplicationError(draft.gaps)
    told = members_to_tell(session, application.organisation_id)
    ticks = {(path, ""): draft.value(path) is True for path in undertakings_of(draft.definition)}
    write_answers(session, application, ticks, by=_person(actor), now=now)
    revision = _freeze(session, application, draft, actor=actor, now=now)
    claim_uses(session, application, claims_of(draft.definition, draft.case), now=now)
    keep_profile(session, application, draft, by=_person(actor), now=now)
    if correction is not None:
        correction.answered_at = now
    detail = {"revision": revision.number, "sha256": revision.sha256}
    audit.record(session, actor, "application.submitted", ("application", application.id), at=now, detail=detail)
    if application.receipt_no is None:
        _take_receipt(session, application, now=now)
    with session.no_autoflush:  # while the counter is locked: one statement for each table, together at the end
        _hand_over(application, draft, revision, now=now)
        outbox.publish(session, "application.submitted", {"revision_id": str(revision.id)})
        sign_receipt(session, revision, now=now)
        _tell_members(session, application, revision, told, now=now)
    return revision


def undertakings_of(definition: Definition) -> tuple[str, ...]:
    """Paths of the undertakings that are asked for at submission, in order."""
    fields = definition.fields_by_path
    return tuple(path for path in definition.section_of if fields[path].kind is FieldKind.UNDERTAKING)


def _require_may_submit(
    session: Session,
    application: Application,
    correction: CorrectionRequest | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    signing = signing_of(session, actor.person_id, application.organisation_id)
    signatories = [signatory.person_id for signatory in signing.signatories]
    verdict = may_submit(
        actor, application, verified=signing.verified, signatories=signatories, now=now, correction=correction
    )
    if verdict.reason in LATE:
        close = closes_at(application, correction)
        raise ForbiddenError(LATE[verdict.reason], closed_at=clock_face(close), arrived_at=clock_face(now))
    verdict.require()


def clock_face(instant: datetime) -> str:
    """The instant in Shanghai to the second, as people are told it."""
    return instant.astimezone(SHANGHAI).strftime(CLOCK_FACE)


def _with_undertakings(draft: Draft, accepted: Collection[str] | None, *, actor: Actor, now: datetime) -> Draft:
    if accepted is None:
        return draft
    ticks = {(path, ""): path in accepted for path in undertakings_of(draft.definition)}
    return draft.with_values(ticks, by=_person(actor), at=now)


def _freeze(session: Session, application: Application, draft: Draft, *, actor: Actor, now: datetime) -> Revision:
    number = application.revision_no + 1
    content = revision_content(
        draft,
        application_id=application.id,
        number=number,
        first_submitted_at=application.submitted_at or now,
        submitted_at=now,
        undertakings=accepted_in(draft, actor, now),
    )
    revision = Revision(
        id=uuid7(),
        application=application,
        number=number,
        content=canonical_text(content),
        sha256=fingerprint(content),
        submitted_by=_person(actor),
        submitted_at=now,
    )
    session.add(revision)
    return revision


def accepted_in(draft: Draft, actor: Actor, now: datetime) -> tuple[Undertaking, ...]:
    """The undertakings that ``actor`` gives with a submission of this draft."""
    return tuple(
        Undertaking(path, draft.definition.field(path).statement, actor.person_id, actor.name, now)
        for path in undertakings_of(draft.definition)
        if draft.value(path) is True
    )


def _hand_over(application: Application, draft: Draft, revision: Revision, *, now: datetime) -> None:
    """Move the application on, with what the office's lists show of the revision."""
    application.state = APPLICATION.next(application.state, "submit")
    application.state_since, application.due_on = now, NO_LAST_DAY
    application.revision_no = revision.number
    application.title = title_of(draft)
    application.requested_fen = requested_fen_of(draft)
    application.district_code = draft.value("org.reg_district")


def _take_receipt(session: Session, application: Application, *, now: datetime) -> None:
    """The next number of the call; its counter stays locked until the transaction ends, so numbers have no gaps."""
    session.flush()
    counted = (
        update(Call)
        .where(Call.id == application.call_id)
        .values(next_receipt_no=Call.next_receipt_no + 1)
        .returning(Call.next_receipt_no)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(counted).scalar_one() - 1
    application.receipt_no, application.submitted_at = number, now
    application.ref = receipt_ref(application.call.ref, number)


def _tell_members(
    session: Session, application: Application, revision: Revision, members: Sequence[Recipient], *, now: datetime
) -> None:
    notify(
        session,
        event_key=f"application.submitted:{revision.id}",
        kind="application.submitted",
        recipients=members,
        facts={
            "name": application.call.title,
            "ref": application.ref or "",
            "title": application.title,
            "submitted_at": clock_face(now),
        },
        path=f"/apply/{application.id}/receipt",
        now=now,
    )


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
