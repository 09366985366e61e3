"""One round as a chain of steps, each done by the person whose step it is. The tests put the steps together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from grants.accounts.queries import find_organisation
from grants.applications import services
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.queries import get_call
from grants.demo.answers import Filled, hlw_answers, sbc_answers
from grants.demo.companies import Company, company
from grants.demo.filling import attach_all, fill_in, undertakings_in
from grants.demo.papers import Papers
from grants.demo.people import Actors
from grants.demo.records import FUND
from grants.demo.rounds import FUND_TITLES
from grants.eligibility.queries import standing_of
from grants.eligibility.services import give_opinion
from grants.kernel.clock import local_instant
from grants.programmes.domain import Definition
from grants.programmes.queries import definition_of, get_newest_published
from grants.publication.queries import get_award_list, get_notice
from tests.support.walking import deciders, enterprises, experts, office, publishers
from tests.support.walking.visitor import Typed, Visitor
from tests.support.walking.worlds import World, furnish, now_in, today_in_shanghai

OPEN_FOR_DAYS = 3
UNDER_CHECK = (ApplicationState.SUBMITTED, ApplicationState.CHECKING)


@dataclass
class Round:
    """One call of a programme with the people around it; visitors are signed in once and stay."""

    world: World
    code: str
    today: date = field(default_factory=today_in_shanghai)
    ref: str = ""
    seated: dict[str, Visitor] = field(default_factory=dict)

    @property
    def closes_at(self) -> datetime:
        return local_instant(self.closes_on, 17)

    @property
    def closes_on(self) -> date:
        return self.today + timedelta(days=OPEN_FOR_DAYS)

    def furnish(self, *numbers: int) -> None:
        """Office, experts, registers, definitions, and those enterprises that do not register themselves."""
        with self.world.session() as session:
            furnish(session, today=self.today, enterprises=numbers)

    def person(self, email: str) -> Visitor:
        """Whoever has this address, signed in at a browser of their own."""
        if email not in self.seated:
            self.seated[email] = self.world.visitor(email)
        return self.seated[email]

    @property
    def administrator(self) -> Visitor:
        return self.person("admin1@example.com")

    @property
    def officer(self) -> Visitor:
        return self.person("officer1@example.com")

    def enterprise(self, number: int) -> Visitor:
        return self.person(company(number).email)

    def definition(self) -> Definition:
        """What the call pins."""
        with self.world.session() as session:
            return definition_of(get_newest_published(session, self.code))

    def parameters(self) -> dict[str, Typed]:
        """The dates that the call must set."""
        if self.code == "sbc":
            return {"sales_from": self.closes_on - timedelta(days=360), "sales_until": self.closes_on}
        return {
            "start_from": self.closes_on - timedelta(days=365),
            "start_until": self.closes_on + timedelta(days=180),
        }

    def answers(self, number: int, one: Company, *, flaw: str = "") -> Filled:
        """Complete answers of one enterprise in this call."""
        year = int(self.ref.split("-")[1])
        if self.code == "sbc":
            start = self.closes_on - timedelta(days=360)
            return sbc_answers(one, number=number, year=year, sales_from=start, asof=self.closes_on, flaw=flaw)
        return hlw_answers(one, number=number, year=year, start_on=self.closes_on - timedelta(days=90), flaw=flaw)

    def open_call(self, *, ceiling_wan: str = "3000") -> str:
        """The administrator plans the call and announces it."""
        self.ref = office.open_call(
            self.administrator,
            self.code,
            title=f"示例批次（{self.code}）专项支持（模拟）",
            opens_on=self.today - timedelta(days=1),
            closes_on=self.closes_on,
            parameters=self.parameters(),
            fund=(FUND[self.code], FUND_TITLES[self.code], ceiling_wan),
        )
        return self.ref

    def fill_in(self, one: Company, filled: Filled) -> str:
        """The enterprise's contact fills in everything and uploads; returns the address of the application."""
        visitor = self.person(one.email)
        home = enterprises.start(visitor, self.ref)
        enterprises.fill_in(visitor, home, self.definition(), filled)
        enterprises.upload_all(visitor, home, self.definition(), filled)
        return home

    def submit(self, one: Company, home: str) -> str:
        """Submit; returns the receipt number."""
        return enterprises.submit(self.person(one.email), home, self.definition())

    def apply_by_services(self, number: int, answers_number: int, *, flaw: str = "") -> str:
        """Another enterprise applies without a browser; returns its receipt number."""
        with self.world.session() as session:
            now, one = now_in(session), company(number)
            actor, filled = Actors(session).owner(number), self.answers(answers_number, one, flaw=flaw)
            organisation = find_organisation(session, one.uscc)
            assert organisation is not None
            call = get_call(session, self.ref)
            application = services.start_application(session, call, organisation, actor=actor, now=now)
            fill_in(session, application, filled, actor=actor, now=now)
            attach_all(session, application, filled, Papers(), actor=actor, now=now)
            given = undertakings_in(definition_of(call.definition), filled)
            services.submit_application(session, application, actor=actor, now=now, undertakings=given)
            return application.ref or ""

    def recommend_by_services(self, ref: str) -> None:
        """The district in charge of a case recommends it."""
        with self.world.session() as session:
            application = find(session, ref)
            actor = Actors(session).district(application.district_code or "")
            give_opinion(
                session,
                application,
                recommended=True,
                match_fen=0,
                opinion="同意推荐。",
                actor=actor,
                now=now_in(session),
            )

    def district_of(self, one: Company) -> Visitor:
        """The officer of the district where an enterprise is registered."""
        return self.person(f"district{one.district}@example.com")

    def wait_until_due(self, ref: str) -> None:
        """The city's rules have been judged, so that the officer may decide."""
        self.world.until(lambda session: standing_of(session, find(session, ref), now=now_in(session)).proposal)

    def resubmit(self, one: Company, home: str, sound: Filled) -> str:
        """Put right what the office named and hand it in again; returns the receipt number."""
        visitor = self.person(one.email)
        assert enterprises.correct(visitor, home, self.definition(), sound)
        return enterprises.submit(visitor, home, self.definition(), "重新提交")

    def decide(self) -> None:
        """The officer proposes, the approver approves."""
        deciders.propose(self.officer, self.ref)
        deciders.approve(self.person("approver1@example.com"), self.ref)

    def wait_until_checked(self, ref: str) -> None:
        """The worker has come to an outcome."""
        self.world.until(lambda session: find(session, ref).state not in UNDER_CHECK)

    def move_clock(self, to: datetime) -> None:
        """The administrator moves time on."""
        office.move_clock(self.administrator, to)

    def after_close(self, *, days: int = 0, hour: int = 9) -> datetime:
        """An instant in the days after the close."""
        return local_instant(self.closes_on + timedelta(days=1 + days), hour)

    def review(self, ref: str, *, percent: int, in_person: bool = True) -> None:
        """The officer draws; one expert scores at a browser, the others through the services."""
        office.draw_panel(self.officer, ref)
        if in_person:
            with self.world.session() as session:
                first = experts.seats_of(session, ref)[0]
                email = first.expert.person.email
            experts.review_in_person(self.person(email), self.definition().rubric, percent=percent)
        with self.world.session() as session:
            assert experts.review_by_services(session, ref, percent=percent, now=now_in(session)) >= 4
        self.world.until(lambda session: find(session, ref).state is ApplicationState.REVIEWED)

    def publish(self) -> str:
        """The administrator publishes the notice; returns its number."""
        notice = publishers.publish_notice(self.administrator, self.ref, days=self.definition().publication.notice_days)
        self.world.until(lambda session: get_notice(session, notice).pdf_file_id)
        return notice

    def after_notice(self, notice: str) -> datetime:
        """The morning after a notice's last day."""
        with self.world.session() as session:
            return local_instant(get_notice(session, notice).ends_on + timedelta(days=1), 9)

    def release(self, notice: str) -> str:
        """One administrator prepares the list, the other releases it; returns its number."""
        prepared = publishers.prepare_list(self.administrator, notice, f"示专项〔{self.today.year}〕31 号")
        publishers.release_list(self.person("admin2@example.com"), prepared)
        self.world.until(lambda session: get_award_list(session, prepared, true()).pdf_file_id)
        return prepared

    def leave(self) -> None:
        """Everybody goes home."""
        for visitor in self.seated.values():
            visitor.leave()


def find(session: Session, ref: str) -> Application:
    """The application of that number, as it is now."""
    found: Application = session.execute(
        select(Application).where(Application.ref == ref), execution_options={"populate_existing": True}
    ).scalar_one()
    return found


def closes_of(session: Session, ref: str) -> datetime:
    """When the call closes."""
    return get_call(session, ref).closes_at
