"""A large round holds exactly what the services would have written: every table compared, row by row."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit, outbox
from grants.accounts import queries as accounts
from grants.accounts import services as accounts_services
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import get_call, working_calendar
from grants.db import db, reading, writing
from grants.demo import people
from grants.demo.bulk.cases import Setting
from grants.demo.bulk.loading import open_round, prepare, write_all
from grants.demo.bulk.writing import take_receipts
from grants.demo.filling import attach_all, fill_in, undertakings_in
from grants.demo.load import load_definitions
from grants.demo.papers import Papers
from grants.demo.records import import_registers
from grants.demo.timetable import Almanac, cover_years
from grants.demo.work import finish_work
from grants.eligibility.models import EligibilityRun
from grants.eligibility.services import announce_asof_reached, replay_run
from grants.factory import create_app
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_instant, real_now
from tests.support.comparison import tables_of
from tests.support.databases import Databases, dispose, make_settings

TODAY = date(2026, 11, 20)
STARTED = local_instant(TODAY - timedelta(days=100), 9)
SIZES = {"sqlite": 12, "postgresql": 36}  # by COPY on PostgreSQL; the rows are worked out alike on both
HASH = "the same for both"


def test_a_bulk_round_equals_one_made_through_the_services(
    database_kind: str, databases: Databases, worker_id: str
) -> None:
    size = SIZES[database_kind]
    by_services = make_app(databases, database_kind, f"walked_{worker_id}")
    by_copy = make_app(databases, database_kind, f"copied_{worker_id}")
    with by_services.app_context():
        walk(size)
        walked = compared()
    with by_copy.app_context():
        copy(by_copy, size)
        copied = compared()
    assert walked.keys() == copied.keys()
    for table, rows in walked.items():
        assert copied[table] == rows, table
    assert len(walked["application"]) == size
    dispose(by_services)
    dispose(by_copy)


def make_app(databases: Databases, kind: str, name: str) -> Flask:
    url = databases.copy(kind, name)
    return create_app(make_settings(url, databases.folder / "data" / f"{name}_{kind}"))


def compared() -> dict[str, list[str]]:
    """The tables, after the log and the judgements have been recomputed."""
    with writing() as session:
        while audit.seal_pending(session):
            pass
    with reading() as session:
        assert audit.verify(session).broken_at is None
        assert outbox.status(session, now=real_now()).waiting == 0
        assert set(session.scalars(select(Application.state))) == {ApplicationState.CHECKED}
        for run in session.scalars(select(EligibilityRun).limit(10)):
            assert replay_run(session, run).agrees
        tables = tables_of(session)
    db.session.remove()
    return tables


def begin(session: Session, size: int) -> tuple[Call, Setting]:
    """What both ways start from: the office, definitions, registers, the call."""
    load_definitions(session, now=STARTED)
    cover_years(session, TODAY, actor=SYSTEM, now=STARTED)
    people.add_office(session, password_hash=HASH, now=STARTED)
    almanac = Almanac(TODAY, working_calendar(session))
    import_registers(session, almanac, TODAY - timedelta(days=90), actor=SYSTEM, now=STARTED + timedelta(days=10))
    call = open_round(session, size, today=TODAY)
    setting = prepare(session, call, size, today=TODAY, password_hash=HASH)
    finish_work(session, now=STARTED + timedelta(days=11))
    return get_call(session, call.ref), setting


def copy(app: Flask, size: int) -> None:
    with writing() as session:
        call, setting = begin(session, size)
        take_receipts(session, call, size)
    write_all(app, setting, processes=2)


def walk(size: int) -> None:
    """The same cases, each through the services, every message worked at its instant."""
    with writing() as session:
        call, setting = begin(session, size)
        papers = Papers()
        for place in range(size):
            enrol(session, setting, place, papers)
        for place in range(size):
            apply(session, call, setting, place, papers)
        times = setting.times(0)
        finish_work(session, now=times.checked_at)
        while announce_asof_reached(session, now=times.settled_at):
            raise AssertionError("the evidence was read after T already")


def enrol(session: Session, setting: Setting, place: int, papers: Papers) -> None:
    times = setting.times(place)
    membership = people.register(session, setting.company(place), papers, password_hash=HASH, now=times.registered_at)
    finish_work(session, now=times.registered_at)
    officer = people.Actors(session).officer(2)
    accounts_services.decide_membership(
        session, membership, verified=True, reason="", actor=officer, now=times.verified_at
    )
    finish_work(session, now=times.verified_at)


def apply(session: Session, call: Call, setting: Setting, place: int, papers: Papers) -> None:
    times, filled, one = setting.times(place), setting.filled(place), setting.company(place)
    actor = people.Actors(session).by_email(one.email)
    organisation = accounts.find_organisation(session, one.uscc)
    assert organisation is not None
    application = applications.start_application(session, call, organisation, actor=actor, now=times.begun_at)
    fill_in(session, application, filled, actor=actor, now=times.filled_at)
    attach_all(session, application, filled, papers, actor=actor, now=times.attached_at)
    given = undertakings_in(setting.definition, filled)
    applications.submit_application(session, application, actor=actor, now=times.submitted_at, undertakings=given)
