"""Whether this installation is ready: each part looked at on its own, so that the failing one is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from kombu import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.db.demo_clock import read_offset
from grants.ops.queries import list_heartbeats

log = structlog.get_logger(__name__)

BROKER_PATIENCE_S = 2
OLDEST_UNSEALED = timedelta(seconds=60)
LONGEST_LAG_S = 60.0
ADVISORY = frozenset({"scanner"})  # people can apply and submit without; only opening files has to wait
SILENT_AFTER = {
    "relay": timedelta(seconds=30),
    "worker-interactive": timedelta(seconds=60),
    "worker-bulk": timedelta(seconds=60),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: whether it works, and what there is to say of it."""

    name: str
    is_ok: bool
    note: str = ""
    silent_s: float | None = None  # of a process: since its last sign of life

    @property
    def is_vital(self) -> bool:
        """Whether an installation without it should get no visitors."""
        return self.name not in ADVISORY


def readiness(session: Session, *, broker_url: str, real_now: datetime) -> tuple[Part, ...]:
    """Look at every part. A part that cannot be looked at, the database being down, is not ok either.

    ``real_now`` is the machine's own instant.
    """
    looks: tuple[tuple[str, Callable[[], Part]], ...] = (
        ("database", lambda: check_database(session)),
        ("broker", lambda: check_broker(broker_url)),
        ("storage", check_storage),
        ("outbox", lambda: check_outbox(session, real_now)),
        ("audit", lambda: check_audit(session, real_now)),
        *((name, _look(session, name, real_now)) for name in SILENT_AFTER),
        *((("scanner", check_scanner),) if documents.current_scanner() else ()),
    )
    return tuple(_guarded(name, look, session) for name, look in looks)


def check_database(session: Session) -> Part:
    """The database answers and has been migrated."""
    return Part("database", True, str(session.scalar(text("SELECT version_num FROM alembic_version"))))


def check_broker(url: str) -> Part:
    """The broker takes a connection within two seconds."""
    if not url:
        return Part("broker", False, "BROKER_URL is not set")
    with Connection(url, connect_timeout=BROKER_PATIENCE_S) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_PATIENCE_S)
    return Part("broker", True)


def check_storage() -> Part:
    """The store of uploads can be written to."""
    well = documents.current_store().is_well()
    return Part("storage", well, "" if well else "cannot be written to")


def check_scanner() -> Part:
    """The configured scanner answers within two seconds; looked at only where there is one."""
    scanner = documents.current_scanner()
    well = scanner is not None and scanner.is_well()
    return Part("scanner", well, "" if well else "does not answer; files stay shut until it does")


def check_outbox(session: Session, real_now: datetime) -> Part:
    """What is due is sent within a minute. Dead letters are told, but an installation that has some still serves."""
    found = outbox.status(session, now=real_now)
    note = f"lag {found.lag_seconds:.0f} s, waiting {found.waiting}, under way {found.sent_not_done}, dead {found.dead}"
    return Part("outbox", found.lag_seconds <= LONGEST_LAG_S, note)


def check_audit(session: Session, real_now: datetime) -> Part:
    """What was recorded is sealed within a minute (decision 33). Entries bear the demonstration clock's time."""
    oldest = audit.oldest_unsealed_at(session)
    late = oldest is not None and real_now + read_offset(session) - oldest > OLDEST_UNSEALED
    return Part("audit", not late, f"unsealed since {oldest.isoformat()}" if late and oldest else "")


def check_heartbeat(session: Session, name: str, real_now: datetime) -> Part:
    """The process has given a sign of life lately."""
    last = list_heartbeats(session).get(name)
    if last is None:
        return Part(name, False, "never seen")
    age = real_now - last
    silent_s = age.total_seconds()
    return Part(name, age <= SILENT_AFTER[name], f"seen {silent_s:.0f} s ago", silent_s)


def _look(session: Session, name: str, real_now: datetime) -> Callable[[], Part]:
    return lambda: check_heartbeat(session, name, real_now)


def _guarded(name: str, look: Callable[[], Part], session: Session) -> Part:
    """A part whose look fails is down; the log says why, the answer only how. The others are looked at all the same."""
    try:
        return look()
    except Exception as error:
        session.rollback()
        log.warning("a part is down", part=name, error=str(error))
        return Part(name, False, type(error).__name__)
