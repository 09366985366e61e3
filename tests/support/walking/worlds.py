"""Where a journey takes place: in this process on a test's savepoint, or at an installation of real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Protocol

from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from grants.accounts.services import hash_password, use_cheap_parameters
from grants.calls.queries import working_calendar
from grants.db import reading, writing
from grants.db.demo_clock import read_offset
from grants.demo import people
from grants.demo.companies import company
from grants.demo.load import load_definitions
from grants.demo.papers import Papers
from grants.demo.records import import_registers
from grants.demo.timetable import Almanac, cover_years
from grants.demo.work import finish_work
from grants.eligibility.services import announce_asof_reached, pass_overdue_districts
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date, real_now
from tests.support.installation import Installation
from tests.support.outbox import drain_outbox
from tests.support.walking.by_browser import BrowserVisitor, Journal
from tests.support.walking.by_http import HttpVisitor
from tests.support.walking.enterprises import sign_in
from tests.support.walking.visitor import Visitor

CHECKED_WITHIN_S = 90  # a limit for what hangs, not a goal: the machine may be busy


class World(Protocol):
    """What a journey needs of the place where it happens."""

    def visitor(self, email: str = "", *, script: bool = True) -> Visitor:
        """Somebody with an empty profile, signed in where an address is given."""

    def session(self) -> contextmanager[Session]:  # type: ignore[valid-type]
        """A transaction of the test's own, as a service's caller has."""

    def until(self, condition: Callable[[Session], object]) -> None:
        """Let the workers work until the condition holds."""


class HttpWorld:
    """The test's own process and savepoint; workers run in line."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self._session = app, session

    def visitor(self, email: str = "", *, script: bool = True) -> Visitor:
        return signed_in(HttpVisitor(self.app), email)

    @contextmanager
    def session(self) -> Iterator[Session]:
        yield self._session
        self._session.commit()
        self._session.expire_all()

    def until(self, condition: Callable[[Session], object]) -> None:
        drain_outbox()
        assert condition(self._session), "the workers have nothing left to do, and still it does not hold"


class InstalledWorld:
    """Real broker and workers at a database of their own; pages are served by this process, without a browser."""

    def __init__(self, site: Installation) -> None:
        self.site = site

    def visitor(self, email: str = "", *, script: bool = True) -> Visitor:
        return signed_in(HttpVisitor(self.site.app), email)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.site.app.app_context(), writing() as session:
            yield session

    def until(self, condition: Callable[[Session], object]) -> None:
        def holds() -> bool:
            with self.site.app.app_context(), reading() as session:
                return bool(condition(session))

        self.site.wait(holds, seconds=CHECKED_WITHIN_S)


class SiteWorld(InstalledWorld):
    """A real installation, its web server included, and a real Chromium."""

    def __init__(self, site: Installation, browser: Browser, journal: Journal, *, script: bool = True) -> None:
        super().__init__(site)
        self.browser, self.journal, self.script = browser, journal, script

    def visitor(self, email: str = "", *, script: bool = True) -> Visitor:
        visitor = BrowserVisitor(self.browser, self.site.address, self.journal, script=script and self.script)
        return signed_in(visitor, email)


def signed_in(visitor: Visitor, email: str) -> Visitor:
    """The visitor after signing in, where there is an address."""
    if email:
        sign_in(visitor, email)
    return visitor


def now_in(session: Session) -> datetime:
    """The instant that the installation's pages take it to be."""
    return real_now() + read_offset(session)


def furnish(session: Session, *, today: date, enterprises: tuple[int, ...] = ()) -> None:
    """Definitions, calendar, office, pool of experts, registers, and verified enterprises by number."""
    use_cheap_parameters()
    now, password_hash = real_now(), hash_password(people.PASSWORD)
    load_definitions(session, now=now)
    cover_years(session, today, actor=SYSTEM, now=now)
    people.add_office(session, password_hash=password_hash, now=now)
    people.add_pool(session, password_hash=password_hash, now=now)
    import_registers(session, Almanac(today, working_calendar(session)), today, actor=SYSTEM, now=now)
    papers = Papers()
    officer = people.Actors(session).officer(2)
    for number in enterprises:
        membership = people.register(session, company(number), papers, password_hash=password_hash, now=now)
        people.services.decide_membership(session, membership, verified=True, reason="", actor=officer, now=now)
    finish_work(session, now=now)


def sweep(session: Session) -> None:
    """What the clock brings about each minute: evidence is read again after T, districts' time is up."""
    announce_asof_reached(session, now=now_in(session))
    pass_overdue_districts(session, actor=SYSTEM, now=now_in(session))


def today_in_shanghai() -> date:
    """The day on which the tests run."""
    return local_date(real_now())
