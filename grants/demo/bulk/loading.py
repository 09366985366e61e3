"""Making a large round: the call, what the registers say, then its cases, worked out by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.accounts.queries import find_person_by_email
from grants.accounts.services import hash_password
from grants.applications.domain.steps import step_due_on
from grants.applications.services.last_days import days_of_stages
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import call_facts, get_call, working_calendar
from grants.calls.services import open_call
from grants.db import db, writing
from grants.demo.bulk.cases import CHECKED_AFTER, Setting, build_case, files_of, register_entry
from grants.demo.bulk.layout import lay_out
from grants.demo.bulk.rows import Rows
from grants.demo.bulk.writing import take_receipts, write_rows
from grants.demo.companies import company
from grants.demo.papers import Papers
from grants.demo.people import LICENCE, PASSWORD, Actors
from grants.demo.records import FUND
from grants.demo.rounds import CONTACT, FUND_TITLES
from grants.demo.timetable import Almanac, closed_window
from grants.eligibility.domain import evidence_needed
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_instant, real_now
from grants.kernel.money import yuan
from grants.programmes.queries import definition_of, get_newest_published
from grants.registers import services as registers
from grants.registers.models import RegisterRecord
from grants.registers.queries import list_newest_snapshots

CHUNK = 100
CLOSED_DAYS_AGO = 3
VARIETY = 60  # cases in a row, after which their papers repeat: flaws come round after ten, numbers of rows after three
FIRST_NUMBER = 10_000  # of enterprises; far from those of the demonstration and their buyers
TITLE = "软件首版次突破专项支持（模拟）大批量受理"
_shared: dict[str, Any] = {}


def load_round(app: Flask, size: int, *, today: date, processes: int | None = None) -> str:
    """Make one more closed round of ``sbc`` with ``size`` submitted and checked applications; returns its number.

    Commits chunk by chunk; a chunk's rows and entries of the log are there together or not at all.
    """
    with writing() as session:
        call = open_round(session, size, today=today)
        setting = prepare(session, call, size, today=today)
        take_receipts(session, call, size)
        ref = call.ref
    write_all(app, setting, processes=processes)
    return ref


def write_all(app: Flask, setting: Setting, *, processes: int | None = None) -> None:
    """Write every chunk; on PostgreSQL by so many processes at once, one per core unless told."""
    _shared.update(app=app, setting=setting)
    starts = range(0, setting.size, CHUNK)
    workers = min(processes or os.cpu_count() or 1, len(starts))
    if workers == 1 or db.engine.dialect.name == "sqlite":
        for start in starts:
            write_chunk(start)
        return
    db.session.remove()
    complete_papers(setting)
    with multiprocessing.get_context("fork").Pool(workers, initializer=_leave_connections) as pool:
        for _ in pool.imap_unordered(write_chunk, starts):
            pass


def complete_papers(setting: Setting) -> None:
    """Have every paper that a case can ask for kept, before processes are forked."""
    for place in range(min(setting.size, VARIETY)):
        files_of(setting, setting.filled(place), setting.times(place))
    setting.papers.complete()


def open_round(session: Session, size: int, *, today: date) -> Call:
    """Announce the call, as of a week before it opened."""
    window = closed_window(Almanac(today, working_calendar(session)), CLOSED_DAYS_AGO)
    return open_call(
        session,
        definition_version=get_newest_published(session, "sbc"),
        title=f"{TITLE}（{size} 件）",
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        parameters=window.parameters("sbc"),
        funds=[(FUND["sbc"], FUND_TITLES["sbc"], yuan(500_000) * size // 100)],
        contact=CONTACT,
        actor=Actors(session).administrator(1),
        now=window.opens_at - timedelta(days=7),
    )


def prepare(session: Session, call: Call, size: int, *, today: date, password_hash: str | None = None) -> Setting:
    """Everything that the cases share; imports the business register with the new enterprises in it."""
    first = first_free_number(session)
    window = closed_window(Almanac(today, working_calendar(session)), CLOSED_DAYS_AGO)
    definition = definition_of(call.definition)
    extend_register(session, first, size, day=window.asof)
    papers = Papers()
    officer = find_person_by_email(session, "officer2@example.com")
    if officer is None:
        raise LookupError("the demonstration has not been loaded")
    checked_at = window.closes_at + CHECKED_AFTER
    needed = evidence_needed(definition, RunKind.SUBMIT)
    found = registers.collect(session, company(first).uscc, registers=needed, authorised=True, now=checked_at)
    return Setting(
        definition=definition,
        definition_id=call.definition_id,
        call_id=call.id,
        title=call.title,
        call=call_facts(get_call(session, call.ref)),
        window=window,
        size=size,
        first=first,
        officer_id=officer.id,
        password_hash=password_hash or hash_password(PASSWORD),
        licence=papers.of(LICENCE),
        papers=papers,
        registers=dict(found),
        due_on=step_due_on(
            ApplicationState.CHECKED,
            checked_at,
            closes_at=window.closes_at,
            days=days_of_stages(call),
            calendar=working_calendar(session),
        ),
    )


def first_free_number(session: Session) -> int:
    """The number after the highest that a large round has given to an enterprise, finished or not."""
    query = select(Person.email).where(Person.email.like("contact%@example.com"))
    latest = session.scalar(query.order_by(func.length(Person.email).desc(), Person.email.desc()).limit(1)) or ""
    number = latest.removeprefix("contact").partition("@")[0]
    return max(FIRST_NUMBER, int(number) + 1) if number else FIRST_NUMBER


def extend_register(session: Session, first: int, size: int, *, day: date) -> None:
    """Import the business register as it was with the round's enterprises added."""
    known = list_newest_snapshots(session, {"reg"}, by=day)
    query = select(RegisterRecord.uscc, RegisterRecord.record).where(
        RegisterRecord.snapshot_id.in_([snapshot.id for snapshot in known])
    )
    entries = {found.uscc: found.record for found in session.execute(query)}
    entries |= {company(number).uscc: register_entry(company(number)) for number in range(first, first + size)}
    source = known[0].source if known else "市场主体登记信息（模拟）"
    registers.import_snapshot(
        session, "reg", source=source, asof_on=day, records=entries.items(), actor=SYSTEM, now=local_instant(day, 18)
    )


def write_chunk(start: int) -> int:
    """Work out and write one chunk in a transaction of its own; returns how many cases."""
    setting: Setting = _shared["setting"]
    rows = Rows(real_now())
    places = range(start, min(start + CHUNK, setting.size))
    for place in places:
        lay_out(rows, build_case(setting, place))
    with _shared["app"].app_context(), writing() as session:
        write_rows(session, rows)
    return len(places)


def _leave_connections() -> None:
    """A forked process makes connections of its own."""
    with _shared["app"].app_context():
        db.engine.dispose(close=False)
