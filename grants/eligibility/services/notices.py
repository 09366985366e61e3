"""Putting a decision in writing: the content frozen with the decision, the PDF made afterwards and linked once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.applications.domain import place_words, scope_of
from grants.applications.models import Application
from grants.applications.queries import current_revision, open_correction
from grants.documents import Received
from grants.eligibility.domain import Standing, clauses_by_place, ground_of
from grants.eligibility.models import FormalDecision, FormalNotice
from grants.eligibility.services.checking import case_of
from grants.eligibility.states import Outcome
from grants.kernel.actor import SYSTEM, Actor
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import CaseView, case_from_json
from grants.programmes.queries import definition_of


def issue_notice(
    session: Session,
    application: Application,
    decision: FormalDecision,
    standing: Standing,
    *,
    revoked: FormalDecision | None = None,
    actor: Actor,
    now: datetime,
) -> FormalNotice | None:
    """Put a return or a rejection that has just been decided in writing; an acceptance needs no notice.

    Of a return: every item with its reason and clauses, the last day, which round it is. Of a rejection: the rule it
    rests on, what was found, the clause, the records and their dates, until when it can be objected to, and when the
    case had been accepted, where that was ``revoked``.

    Effects, in order: the notice with its content, the audit entry ``formal_notice.issued``, the message on which a
    worker typesets it.
    """
    if decision.outcome is Outcome.ACCEPT:
        return None
    rejected = decision.outcome is Outcome.REJECT
    facts = _ground(decision, standing) if rejected else _asked(session, application, standing)
    accepted = {"accepted_at": revoked.decided_at} if revoked is not None else {}
    content = {**_head(application, decision), **facts, **accepted}
    notice = FormalNotice(
        decision_id=decision.id,
        content=canonical_json(content).decode(),
        sha256=fingerprint(content),
        issued_at=now,
    )
    session.add(notice)
    session.flush()
    detail = {"decision": decision.id, "outcome": decision.outcome, "sha256": notice.sha256}
    audit.record(session, actor, "formal_notice.issued", ("application", application.id), at=now, detail=detail)
    outbox.publish(session, "formal_notice.issued", {"decision_id": str(decision.id)})
    return notice


def _asked(session: Session, application: Application, standing: Standing) -> dict[str, Any]:
    request = open_correction(session, application)
    if request is None:
        raise NotFoundError(application=str(application.id))
    definition = definition_of(application.call.definition)
    view = CaseView(definition, case_from_json(definition, case_of(session, current_revision(session, application))))
    asked = scope_of(request.items).items or ()
    slots = [(item.document, item.row or None) for item in asked if item.document]
    clauses = clauses_by_place(definition, standing.held, slots)
    return {
        "due_on": request.due_on,
        "round": request.round_no,
        "rounds": max(request.round_no, definition.correction_rounds),
        "items": [
            {
                "place": place_words(definition, view, item),
                "reason": item.reason,
                "clauses": clauses.get((item.path, item.row, item.document), []),
            }
            for item in asked
        ],
    }


def _ground(decision: FormalDecision, standing: Standing) -> dict[str, Any]:
    finding = next(finding for finding in standing.held if finding.rule == decision.rule)
    ground = {**ground_of(finding), "clause": decision.clause}
    return {"ground": ground, "reconsider_until": decision.reconsider_until}


def _head(application: Application, decision: FormalDecision) -> dict[str, Any]:
    call, organisation = application.call, application.organisation
    return {
        "kind": "rejection" if decision.outcome is Outcome.REJECT else "correction",
        "ref": application.ref,
        "title": application.title,
        "organisation": organisation.name,
        "uscc": organisation.uscc,
        "programme": definition_of(call.definition).title,
        "call": {"ref": call.ref, "title": call.title},
        "contact": [line.strip() for line in call.contact.splitlines() if line.strip()],
        "submitted_at": application.submitted_at,
        "decided_at": decision.decided_at,
        "reason": decision.reason,
    }


def keep_notice_pdf(session: Session, decision_id: UUID, made: Received, *, now: datetime) -> None:
    """Link the PDF of a notice, once: what has been issued is never replaced."""
    notice = session.get_one(FormalNotice, decision_id, with_for_update=True)
    if notice.file_id is None:
        notice.file, notice.made_at = documents.add_file(session, made, by=SYSTEM.label, now=now), now
        session.flush()
