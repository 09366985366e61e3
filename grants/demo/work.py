"""What the relay and the workers do, done in process: the same services for the same topics, without a broker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grants import notifications
from grants.applications import services as applications
from grants.applications.models import ApplicationPdf
from grants.eligibility import queries, services
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.outbox import Message
from grants.publication import services as publication
from grants.publication.queries import get_list_by_id, get_notice_by_id
from grants.reviews import services as reviews
from grants.reviews.models import Panel

Payload = Mapping[str, str]
Handler = Callable[[Session, Payload, datetime], None]
TICK = timedelta(seconds=1)
TYPESET = frozenset({"notice.published", "award_list.released", "formal_notice.issued"})


def finish_work(session: Session, *, now: datetime, leave: Collection[int] = (), worked: bool = True) -> set[int]:
    """Do the work of every open message except those in ``leave``, and of what comes of it; mark them sent and done.

    What is to be typeset is told about here and left for real workers, who typeset it and tell nobody twice; receipts
    keep their signature, and are typeset when somebody asks.
    ``worked`` false leaves everything. Returns the ids of the messages that are left.
    """
    left = set(leave)
    while True:
        if worked:
            take_back_receipts(session, left)
        query = select(Message).where(Message.done_at.is_(None), Message.dead_at.is_(None)).order_by(Message.id)
        messages = [message for message in session.scalars(query) if message.id not in left]
        if not worked or not messages:
            return left | {message.id for message in messages}
        for message in messages:
            HANDLERS[message.topic](session, message.payload, now)
        left |= {message.id for message in messages if message.topic in TYPESET}
        ids = [message.id for message in messages if message.topic not in TYPESET]
        at = real_now()
        done = update(Message).where(Message.id.in_(ids)).values(sent_at=at, done_at=at)
        session.execute(done, execution_options={"synchronize_session": "evaluate"})
        session.flush()
        now += TICK


def take_back_receipts(session: Session, leave: Collection[int]) -> None:
    """Take back that receipts be typeset: nobody waits for hundreds of them, and workers have better to do."""
    query = select(Message).where(Message.topic == "application_pdf.requested", Message.done_at.is_(None))
    messages = [message for message in session.scalars(query) if message.id not in leave]
    pdfs = [UUID(message.payload["pdf_id"]) for message in messages]
    session.execute(delete(ApplicationPdf).where(ApplicationPdf.id.in_(pdfs)))
    session.execute(delete(Message).where(Message.id.in_([message.id for message in messages])))


def give_up(session: Session, topic: str, payload: Payload) -> None:
    """Close the open messages of this topic and payload: a person has to begin their work again."""
    session.flush()
    query = select(Message).where(Message.done_at.is_(None), Message.topic == topic)
    for message in session.scalars(query):
        if message.payload == payload:
            message.sent_at = message.done_at = real_now()


def check_revision(session: Session, payload: Payload, now: datetime) -> None:
    """The rules due at submission."""
    revision_id = UUID(payload["revision_id"])
    if services.start_check(session, revision_id, actor=SYSTEM, now=now):
        run(session, revision_id, RunKind.SUBMIT, now)


def check_at_city(session: Session, payload: Payload, now: datetime) -> None:
    """The rules due once the district has acted."""
    run(session, UUID(payload["revision_id"]), RunKind.CITY, now)


def check_after_close(session: Session, payload: Payload, now: datetime) -> None:
    """The rules that rest on evidence, after T."""
    run(session, UUID(payload["revision_id"]), RunKind.AFTER_CLOSE, now)


def check_again(session: Session, payload: Payload, now: datetime) -> None:
    """Whatever has been judged of the revision, once more."""
    revision_id = UUID(payload["revision_id"])
    for kind in [found.kind for found in queries.list_runs(session, revision_id)]:
        run(session, revision_id, kind, now, again=True)


def recheck_claimants(session: Session, payload: Payload, now: datetime) -> None:
    """Those that failed by what an application held and has let go."""
    services.recheck_claimants(session, UUID(payload["application_id"]), now=now)


def let_go_uses(session: Session, payload: Payload, now: datetime) -> None:
    """What those used who were finally not funded in a call."""
    applications.let_go_uses(session, UUID(payload["call_id"]), now=now)


def complete_panel(session: Session, payload: Payload, now: datetime) -> None:
    """The result of a panel whose sheets are all in."""
    reviews.complete_review(session, session.get_one(Panel, UUID(payload["panel_id"])), actor=SYSTEM, now=now)


def deliver_mail(session: Session, payload: Payload, now: datetime) -> None:
    """Nobody reads these mails: they count as delivered, the operators' page shows them."""
    notifications.mark_delivered(session, UUID(payload["mail_id"]), at=now)


def notice_published(session: Session, payload: Payload, now: datetime) -> None:
    """Tell the applicants on the notice, and those who are not."""
    publication.tell_of_notice(session, get_notice_by_id(session, UUID(payload["notice_id"])), now=now)


def list_released(session: Session, payload: Payload, now: datetime) -> None:
    """Tell those who are on the list."""
    publication.tell_of_list(session, get_list_by_id(session, UUID(payload["award_list_id"])), now=now)


def leave_to_workers(session: Session, payload: Payload, now: datetime) -> None:
    """What is only to be typeset."""


def run(session: Session, revision_id: UUID, kind: RunKind, now: datetime, *, again: bool = False) -> None:
    """Read, judge, record."""
    judged = services.judge(services.read_case(session, revision_id, kind, now=now))
    services.record_run(session, judged, actor=SYSTEM, now=now, again=again)


HANDLERS: Mapping[str, Handler] = {
    "application.submitted": check_revision,
    "application.passed_district": check_at_city,
    "application.asof_reached": check_after_close,
    "application.recheck_asked": check_again,
    "application.rejected": recheck_claimants,
    "application.claims_released": recheck_claimants,
    "application.expired": recheck_claimants,
    "application.withdrawn": recheck_claimants,
    "call.concluded": let_go_uses,
    "review.panel_completed": complete_panel,
    "notice.published": notice_published,
    "award_list.released": list_released,
    "formal_notice.issued": leave_to_workers,
    "mail.requested": deliver_mail,
}
