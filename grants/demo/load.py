"""Loading the demonstration: once, whole, in one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

import grants.programmes
from grants import documents
from grants.accounts.queries import find_person_by_email
from grants.accounts.services import hash_password
from grants.calls.queries import working_calendar
from grants.demo import people
from grants.demo.agenda import Agenda
from grants.demo.papers import Papers
from grants.demo.plans import rounds
from grants.demo.rounds import Round, seal
from grants.demo.timetable import Almanac, cover_years
from grants.demo.work import finish_work
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date, local_instant
from grants.programmes import services as programmes

DEFINITIONS = Path(grants.programmes.__path__[0]) / "definitions"
STARTED = timedelta(days=220)  # before today: when the office was set up


def is_loaded(session: Session) -> bool:
    """Whether this database has the demonstration; it is loaded whole or not at all."""
    return find_person_by_email(session, people.office()[0].email) is not None


def load(session: Session, *, today: date, password_hash: str | None = None) -> None:
    """Make the demonstration as it stands on the morning of ``today``, in the caller's transaction.

    Everything happens at instants that follow from ``today`` alone, by the services of every stage; the last of it on
    the evening before. Of the messages to workers those of the applications that lie with them are left, and
    those that have notices and lists typeset, and previews of the papers made.
    """
    hashed = password_hash or hash_password(people.PASSWORD)
    started_at = local_instant(today - STARTED, 9)
    load_definitions(session, now=started_at)
    cover_years(session, today, actor=SYSTEM, now=started_at)
    people.add_office(session, password_hash=hashed, now=started_at)
    people.add_pool(session, password_hash=hashed, now=started_at)
    papers = Papers()
    almanac = Almanac(today, working_calendar(session))
    registered_at = almanac.after(local_date(started_at), 1, 9)
    decided_from = almanac.after(local_date(registered_at), 1, 9)
    people.add_enterprises(session, papers, password_hash=hashed, now=registered_at, decided_from=decided_from)
    finish_work(session, now=decided_from + timedelta(days=1))
    walk(session, today, papers)
    documents.ask_for_previews(session)
    seal(session)


def load_definitions(session: Session, *, now: datetime) -> None:
    """Load and publish what ships, unless it is there."""
    for file in sorted(DEFINITIONS.glob("*.yaml")):
        version = programmes.load_definition(session, file.read_text(encoding="utf-8"), actor=SYSTEM, now=now)
        if version.published_at is None:
            programmes.publish_definition(session, version, actor=SYSTEM, now=now)


def walk(session: Session, today: date, papers: Papers) -> None:
    """Let all calls run their course up to yesterday evening."""
    agenda = Agenda()
    almanac = Almanac(today, working_calendar(session))
    actors = people.Actors(session)
    for plan in rounds():
        Round(plan, almanac, agenda, papers, actors).schedule()
    agenda.run(session, until=local_instant(today))
