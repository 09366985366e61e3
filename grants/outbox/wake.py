"""Wake the relay when a message has been committed: best effort, by a datagram that nobody waits for.

The signal carries nothing and promises nothing; the relay polls anyway. It is sent after the commit, never within the
transaction (a NOTIFY inside it cut the rate of commits to a twentieth on a slow disk).
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import event
from sqlalchemy.orm import Session

from grants.config import Settings
from grants.db import db
from grants.outbox.models import PUBLISHED, Message


def address(settings: Settings) -> str:
    """The relay's address: an abstract socket, private to this machine, named by installation and data folder."""
    digest = hashlib.sha256(f"{settings.data_dir}\0{settings.database_url}".encode()).hexdigest()[:16]
    return f"\0{settings.instance}.relay.{digest}"


class _Door:
    """Where this process rings; set once by the factory."""

    address: str = ""


def use_address(at: str) -> None:
    """Ring at ``at`` after every commit of this process that published something."""
    _Door.address = at


class Bell:
    """The relay's end of the signal."""

    def __init__(self, receiver: socket.socket) -> None:
        self._receiver = receiver

    def wait(self, seconds: float) -> None:
        """Return at a signal or after ``seconds``; signals that came together count once."""
        if seconds <= 0:
            return
        self._receiver.settimeout(seconds)
        with suppress(TimeoutError):
            self._receiver.recv(1)
            self._receiver.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    self._receiver.recv(1)


@contextmanager
def listening(at: str) -> Iterator[Bell]:
    """Take the address. Where another relay has it, this one polls only."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        with suppress(OSError):
            receiver.bind(at)
        yield Bell(receiver)


def ring(at: str) -> None:
    """Signal the relay if there is one; never blocks, never fails."""
    if not at:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.setblocking(False)
        sender.sendto(b"!", at)


@event.listens_for(db.session, "after_flush")
def _note(session: Session, context: object) -> None:
    if any(isinstance(thing, Message) for thing in session.new):
        session.info[PUBLISHED] = True


@event.listens_for(db.session, "after_commit")
def _announce(session: Session) -> None:
    if session.info.get(PUBLISHED) and not session.in_nested_transaction():
        del session.info[PUBLISHED]
        ring(_Door.address)


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(PUBLISHED, None)
