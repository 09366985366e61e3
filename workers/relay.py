"""The relay, ``python -m workers.relay``: due messages go from the outbox to the broker, at least once.

It wakes by a best-effort signal after a commit and polls anyway, so a lost signal costs a fifth of a second. It also
seals the audit log each second and makes due again what was sent and never finished. A broker or database that is down
is waited for; the messages stay. On SQLite exactly one relay runs; on PostgreSQL several share the work by SKIP LOCKED.
"""

import fcntl
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType

import structlog
from flask import Flask
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.config import Settings
from grants.db import reading, writing
from grants.kernel.clock import real_now
from grants.launcher.lifeline import die_with_parent
from grants.ops.services import beat
from grants.outbox import Lane, wake
from workers.celery_app import flask_app
from workers.handing import CelerySender, Sender, hand_over, to_delivery
from workers.timing import timing_from_env

ROUTES: dict[str, str] = {  # topic -> name of the task that consumes it
    "acceptance.confirmed": "eligibility.accept_item",
    "application.submitted": "eligibility.check_revision",
    "application_pdf.requested": "papers.typeset_pdf",
    "award_list.released": "publication.issue_award_list",
    "notice.published": "publication.issue_notice",
    "application.passed_district": "eligibility.check_at_city",
    "application.asof_reached": "eligibility.check_after_close",
    "application.recheck_asked": "eligibility.check_again",
    "application.claims_released": "eligibility.recheck_claimants",
    "application.expired": "eligibility.recheck_claimants",
    "application.rejected": "eligibility.recheck_claimants",
    "application.withdrawn": "eligibility.recheck_claimants",
    "formal_notice.issued": "papers.typeset_notice",
    "call.concluded": "applications.let_go_uses",
    "deadline.extended": "applications.follow_extension",
    "definition.proposed": "workbench.preview_draft",
    "impact.asked": "workbench.cut_impact",
    "impact.chunk_cut": "workbench.judge_chunk",
    "file.cleared": "documents.make_preview",
    "file.received": "documents.scan_file",
    "file.forgotten": "documents.remove_bytes",
    "password.forgotten": "accounts.send_reset_link",
    "mail.requested": "notifications.deliver_mail",
    "register_import.mapped": "registers.judge_import",
    "register_import.received": "registers.read_import",
    "review.panel_completed": "reviews.complete_panel",
}

POLL_S = 0.2
SEAL_EVERY_S = 1.0
SEAL_BATCH = 1_000
SEAL_BATCHES = 5  # in one go: five thousand entries a second are more than the databases commit
SWEEP_EVERY_S = 5.0
SIGN_EVERY_S = 10.0
PAUSES_S = (0.5, 1.0, 2.0, 5.0)  # after failures in a row
LEASE = timedelta(seconds=15)
NO_TASK_PAUSE = timedelta(minutes=1)
BATCH = 100
WINDOW = {Lane.INTERACTIVE: 40, Lane.BULK: 20}  # sent and unfinished: what is with the broker cannot be overtaken

log = structlog.get_logger(__name__)


def relay_once(
    *,
    send: Sender,
    now: datetime,
    lane: Lane,
    limit: int = BATCH,
    window: int | None = None,
    routes: Mapping[str, str] = ROUTES,
) -> int:
    """Claim due messages of a lane in one short transaction, hand them over, note what was sent; returns how many.

    Oldest first within a topic, the topics side by side.

    Raises whatever ``send`` raises, after noting what had been sent before. ``limit`` bounds one batch, ``window``
    what may be under way in the lane.
    """
    window = WINDOW[lane] if window is None else window
    with reading() as session:
        room = min(limit, window - outbox.count_sent(session, lane=lane, cap=window))
        topics = outbox.list_due_topics(session, now=now, lane=lane) if room > 0 else ()
        if not topics:
            return 0
    with writing() as session:
        due = claim_shares(session, topics, lane=lane, room=room, now=now)
        deliveries = [to_delivery(message, routes[message.topic]) for message in due if message.topic in routes]
        for message in due:
            if message.topic not in routes:
                outbox.retry_later(session, message.id, due_at=now + NO_TASK_PAUSE, error="no task for this topic")
    hand_over(deliveries, send)
    return len(deliveries)


def claim_shares(
    session: Session, topics: Sequence[str], *, lane: Lane, room: int, now: datetime
) -> Sequence[outbox.Message]:
    """Claim what fits, the oldest of each topic: ten thousand mails do not hold up a submission that came after them.

    Every topic has an equal share, at least one message; what the first ones leave of theirs goes to the next.
    """
    claimed: list[outbox.Message] = []
    for left, topic in zip(range(len(topics), 0, -1), topics, strict=True):
        share = max(1, (room - len(claimed)) // left)
        claimed += outbox.claim_due(session, now=now, lease=LEASE, limit=share, lane=lane, topic=topic)
    return claimed


def seal(*, limit: int = SEAL_BATCH) -> int:
    """Seal what has been recorded, ``limit`` entries to a transaction; returns how many.

    Takes the writer's place only when there is something, and ends after a number of full batches: messages wait.
    """
    sealed = 0
    with reading() as session:
        if audit.oldest_unsealed_at(session) is None:
            return 0
    for _ in range(SEAL_BATCHES):
        with writing() as session:
            found = audit.seal_pending(session, limit=limit)
        sealed += found
        if found < limit:
            break
    return sealed


def sweep(now: datetime, *, after: timedelta) -> int:
    """Make due again what was sent longer than ``after`` ago and is not finished."""
    with reading() as session:
        if not outbox.has_unfinished(session, now=now, after=after):
            return 0
    with writing() as session:
        found = outbox.requeue_unfinished(session, now=now, after=after)
    log.warning("sent again what was not finished in time", messages=found)
    return found


@dataclass(slots=True)
class Relay:
    """The loop's state: when each duty is next due and how many turns have failed in a row."""

    app: Flask
    send: Sender
    resend_after: timedelta
    duties: dict[str, float] = field(default_factory=dict)
    failures: int = 0

    def turn(self) -> float:
        """Do what is due; return how many seconds to wait for a signal. Never raises for a broker or database down."""
        try:
            with self.app.app_context():
                self.keep_house()
                moved = sum(relay_once(send=self.send, now=real_now(), lane=lane) for lane in Lane)
        except (BrokerError, DBAPIError, OSError) as error:
            pause = PAUSES_S[min(self.failures, len(PAUSES_S) - 1)]
            self.failures += 1
            log.warning("broker or database unreachable", error=str(error), failures=self.failures, pause_s=pause)
            return pause
        self.failures = 0
        return 0.0 if moved else POLL_S

    def keep_house(self) -> None:
        """Seal each second, sweep each few seconds, give a sign of life now and then."""
        if self.is_due("sign", SIGN_EVERY_S):
            with writing() as session:
                beat(session, "relay", real_now())
        if self.is_due("seal", SEAL_EVERY_S):
            seal()
        if self.is_due("sweep", SWEEP_EVERY_S):
            sweep(real_now(), after=self.resend_after)

    def is_due(self, duty: str, every_s: float) -> bool:
        """Whether ``duty`` is due, and if so when next."""
        now = time.monotonic()
        if now < self.duties.get(duty, 0.0):
            return False
        self.duties[duty] = now + every_s
        return True


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """On SQLite wait until no other relay serves this data folder; elsewhere the database shares the work out."""
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    with (settings.data_dir / "relay.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop(number: int, frame: FrameType | None) -> None:
    """End by SystemExit: whatever transaction is open is rolled back, what was claimed comes again after its lease."""
    sys.exit(0)


def main() -> None:
    """Relay until told to stop."""
    die_with_parent()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    app = flask_app()
    settings: Settings = app.extensions["settings"]
    relay = Relay(app, CelerySender(settings.instance), timing_from_env().resend_after)
    with alone(settings), wake.listening(wake.address(settings)) as bell:
        while True:
            bell.wait(relay.turn())


if __name__ == "__main__":
    main()
