"""The web server's sign of life, given by a thread of each of its processes: when it comes back after a silence, the
outage is on record. A database that is down is for the next time."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from grants.db import writing
from grants.db.demo_clock import read_offset
from grants.kernel.clock import real_now
from grants.ops.outages import WEB, give_sign

EVERY_S = 15.0
log = structlog.get_logger(__name__)


def start_pulse(app: Flask) -> threading.Thread:
    """Begin to give signs for this process, until it ends."""
    thread = threading.Thread(target=_give_signs, args=(app,), name="pulse", daemon=True)
    thread.start()
    return thread


def beat_once(app: Flask) -> None:
    """One sign, in a transaction of its own."""
    instant = real_now()
    with app.app_context(), writing() as session:
        give_sign(session, WEB, real_now=instant, now=instant + read_offset(session))


def _give_signs(app: Flask) -> None:
    pause = threading.Event()
    while True:
        try:
            beat_once(app)
        except SQLAlchemyError as error:
            log.warning("no sign of life could be given", error=str(error))
        pause.wait(EVERY_S)
