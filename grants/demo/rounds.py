"""One call as a whole: announced, applied to, closed, checked, reviewed, decided, published."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.applications.services import purge_ended
from grants.applications.states import ApplicationState
from grants.calls.services import open_call
from grants.decisions import queries as decisions
from grants.decisions.services import approve_proposal, prepare_proposal, submit_proposal
from grants.demo.agenda import Agenda
from grants.demo.journeys import DRAFTS, LEFT_TO_WORKERS, Journey, Stage, journeys_of
from grants.demo.panels import Review
from grants.demo.papers import Papers
from grants.demo.people import Actors
from grants.demo.plans import End, Goal, RoundPlan
from grants.demo.records import FUND, import_registers
from grants.demo.timetable import Almanac, window_of
from grants.eligibility.services import announce_asof_reached, expire_overdue, pass_overdue_districts
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date, local_instant
from grants.kernel.money import yuan
from grants.programmes.queries import get_newest_published
from grants.publication import queries as publication
from grants.publication import services as publishing
from grants.publication.domain import read_content

FUND_TITLES = {
    "sbc": "软件和集成电路产业发展专项资金（模拟）",
    "hlw": "现代服务业引导资金（模拟）",
}
CONTACT = "示例市产业专项受理中心（模拟）\n示例路 100 号 1 楼\n021-55550000，工作日 9:00-17:30"
OFFICE_HOURS = 17
LATEST_NUMBER = 30  # of the office's documents; an earlier list has a lower one
GROUNDS = "公示项目的部分内容与我会会员单位已公开的成果相近，请核实其独立性与首次应用情况。"
REFUTED = "经调阅合同、著作权登记与测试报告，所涉产品为独立开发，首次销售时间符合要求，异议不成立。"
UPHELD = "经现场核实，项目建设场地在公示期间已转让，不再具备实施条件，异议成立，移出公示名单。"


class Round:
    """One call on the agenda. Days after the close are working days."""

    def __init__(self, plan: RoundPlan, almanac: Almanac, agenda: Agenda, papers: Papers, actors: Actors) -> None:
        self.plan = plan
        self.almanac = almanac
        self.agenda = agenda
        self.papers = papers
        self.actors = actors
        self.window = window_of(almanac, plan.closed_days_ago)
        self.journeys: list[Journey] = []
        self.stage: Stage | None = None
        self.objection_id: UUID | None = None

    @property
    def announced_at(self) -> datetime:
        """A week before it opens, on a working day."""
        return local_instant(self.almanac.working_until(local_date(self.window.opens_at) - timedelta(days=7)), 10)

    def schedule(self) -> None:
        """Put the announcement on the agenda; everything else follows from it."""
        self.agenda.at(self.announced_at - timedelta(days=1), self.import_registers)
        self.agenda.at(self.announced_at, self.announce)

    def import_registers(self, session: Session, now: datetime) -> None:
        """Fresh snapshots for the checks of this call."""
        import_registers(session, self.almanac, local_date(now), actor=SYSTEM, now=now)

    def announce(self, session: Session, now: datetime) -> None:
        """Draft and announce the call, then plan what its applicants and the office do."""
        plan = self.plan
        call = open_call(
            session,
            definition_version=get_newest_published(session, plan.code),
            title=plan.title,
            opens_at=self.window.opens_at,
            closes_at=self.window.closes_at,
            parameters=self.window.parameters(plan.code),
            funds=[(FUND[plan.code], FUND_TITLES[plan.code], yuan(plan.ceiling_yuan))],
            contact=CONTACT,
            actor=self.actors.administrator(1),
            now=now,
        )
        self.stage = Stage(plan, self.window, call.ref, self.almanac, self.agenda, self.papers, self.actors)
        self.journeys = [Journey(self.stage, story) for story in plan.stories]
        for place, journey in enumerate(self.journeys):
            self._plan_applying(place, journey)
        if plan.goal is Goal.OPEN:
            self._plan_open()
        else:
            self._plan_closed()

    def _plan_applying(self, place: int, journey: Journey) -> None:
        """Spread starts and submissions over the window, as far as it lies in the past."""
        end = journey.story.end
        begin = self._begins_at(place)
        self.agenda.at(begin, journey.begin)
        if end is End.DISCARDED:
            self.agenda.at(begin + timedelta(days=1), journey.discard)
        if end in DRAFTS:
            return
        submitted_at = begin + timedelta(days=1 + place % 2, hours=2, minutes=place % 50)
        if end in LEFT_TO_WORKERS:
            at = local_instant(self.almanac.before(1), OFFICE_HOURS, 50 + place % 10)
            self.agenda.at(at, journey.submit, worked=False)
            return
        self.agenda.at(submitted_at, journey.submit)
        if end is End.WITHDRAWN:
            self.agenda.at(submitted_at + timedelta(days=1), journey.withdraw)

    def _begins_at(self, place: int) -> datetime:
        first = self.window.opens_at
        days = 5 if self.plan.goal is Goal.OPEN else 25
        step = timedelta(days=days) / max(1, len(self.plan.stories))
        begin = first + step * place
        return local_instant(local_date(begin), 9 + place % 8, (place * 7) % 60)

    def _plan_open(self) -> None:
        """In an open call the office works on what has come in: districts, and on the day after the officer."""
        worked_on = self.almanac.before(1)
        for place, journey in enumerate(self.journeys):
            end = journey.story.end
            if self.plan.code == "hlw" and end in (End.CHECKED, End.DECIDED):
                self.agenda.at(local_instant(self.almanac.before(2), 10, place), journey.recommend)
            if end is End.DECIDED and journey.story.flaw == "name_differs":  # has been corrected since
                day = self.almanac.working_from(local_date(self._begins_at(place)) + timedelta(days=3))
                self.agenda.at(local_instant(day, 11, place), journey.decide)
            elif end in (End.DECIDED, End.RETURNED):
                self.agenda.at(local_instant(worked_on, 9 + place % 4, place), journey.decide)

    def _plan_closed(self) -> None:
        closed_on = self.window.asof
        self.agenda.at(local_instant(closed_on + timedelta(days=1), 0, 10), self.after_close)
        self.agenda.at(local_instant(closed_on + timedelta(days=32), 3), self.purge)
        decided_on = 3
        if self.plan.code == "hlw":
            decided_on = 11
            for place, journey in enumerate(self.journeys):
                self.agenda.at(self._after(3 + place % 5, 10, place), journey.recommend)
            self.agenda.at(self._after(10, 0, 20), self.pass_overdue)
        for place, journey in enumerate(self.journeys):
            end = journey.story.end
            if end is End.RETURNED:
                self.agenda.at(local_instant(self.almanac.before(2), 10, place), journey.decide)
            elif end not in (*DRAFTS, End.CHECKED):
                self.agenda.at(self._after(decided_on, 9 + place % 7, place), journey.decide)
        self.agenda.at(self._after(decided_on + 3, 14), self.draw_panels)
        self._plan_decision(decided_on + 10)

    def _plan_decision(self, day: int) -> None:
        goal = self.plan.goal
        if goal is Goal.REVIEW:
            return
        self.agenda.at(self._after(day, 10), self.propose)
        self.agenda.at(self._after(day + 1, 15), self.approve)
        if goal is Goal.APPROVED:
            return
        self.agenda.at(self._after(day + 3, 9, 30), self.publish_notice)
        self.agenda.at(self._after(day + 5, 14), self.object)
        if goal is Goal.RELEASED:
            self.agenda.at(self._after(day + 6, 16), self.answer_objection)
            self.agenda.at(self._after(day + 9, 10), self.prepare_list)
            self.agenda.at(self._after(day + 10, 9, 30), self.release_list)

    def _after(self, days: int, hour: int, minute: int = 0) -> datetime:
        return self.almanac.after(self.window.asof, days, hour, minute)

    def after_close(self, session: Session, now: datetime) -> None:
        """Drafts expire; the evidence of everything submitted is read once more."""
        expire_overdue(session, actor=SYSTEM, now=now)
        announce_asof_reached(session, now=now)

    def purge(self, session: Session, now: datetime) -> None:
        """Drafts that expired a month ago are deleted for good."""
        purge_ended(session, now=now)

    def pass_overdue(self, session: Session, now: datetime) -> None:
        """What a district has let lie goes on to the city."""
        pass_overdue_districts(session, actor=SYSTEM, now=now)

    def draw_panels(self, session: Session, now: datetime) -> None:
        """Draw a panel for every accepted case that is to be reviewed."""
        assert self.stage is not None
        reviewed = (End.INVITED, End.SCORING, End.REVIEWED)
        for journey in journeys_of(session, self.stage, ApplicationState.ACCEPTED, self.journeys):
            if journey.story.end in reviewed:
                Review(journey).draw(session, now)

    def propose(self, session: Session, now: datetime) -> None:
        """The officer ranks and hands the proposal to the approver."""
        call = self._stage.call(session)
        actor = self.actors.officer()
        proposal = prepare_proposal(session, call, actor=actor, now=now)
        submit_proposal(session, proposal, actor=actor, now=now)

    def approve(self, session: Session, now: datetime) -> None:
        """A second person approves."""
        proposal = decisions.find_current_proposal(session, self._stage.call(session))
        if proposal is not None:
            approve_proposal(session, proposal, actor=self.actors.approver(), now=now)

    def publish_notice(self, session: Session, now: datetime) -> None:
        """The public notice, with the head of the log as it is sealed now."""
        seal(session)
        publishing.publish_notice(session, self._stage.call(session), actor=self.actors.administrator(1), now=now)

    def object(self, session: Session, now: datetime) -> None:
        """Somebody objects to the last item, by name."""
        notice = publication.find_running_notice(session, self._stage.call(session))
        assert notice is not None
        statement = publishing.ObjectionStatement(
            project_no=read_content(notice.content).items[-1].project_no,
            name="示例行业协会（虚构）",
            is_unit=True,
            phone="021-55570000",
            email="",
            grounds=GROUNDS,
        )
        self.objection_id = publishing.file_objection(session, notice, statement, now=now).id

    def answer_objection(self, session: Session, now: datetime) -> None:
        """The office looks into it; in one of the programmes it is right."""
        assert self.objection_id is not None
        upheld = self.plan.code == "hlw"
        publishing.decide_objection(
            session,
            publication.get_objection(session, self.objection_id),
            uphold=upheld,
            reply=UPHELD if upheld else REFUTED,
            actor=self.actors.officer(2),
            now=now,
        )

    def prepare_list(self, session: Session, now: datetime) -> None:
        """The final list, prepared by one administrator."""
        seal(session)
        call = self._stage.call(session)
        notice = publication.find_running_notice(session, call)
        assert notice is not None
        publishing.prepare_award_list(
            session,
            notice,
            doc_no=f"示专项〔{call.year}〕{LATEST_NUMBER - self.plan.closed_days_ago // 10} 号",
            announced_on=self._announced_on(now),
            actor=self.actors.administrator(1),
            now=now,
        )

    def _announced_on(self, now: datetime) -> date:
        return self.almanac.calendar.add(local_date(now), 1)

    def release_list(self, session: Session, now: datetime) -> None:
        """Released by the other administrator."""
        seal(session)
        notice = publication.find_running_notice(session, self._stage.call(session))
        prepared = publication.find_prepared_list(session, notice) if notice else None
        assert prepared is not None
        publishing.release_award_list(session, prepared, actor=self.actors.administrator(2), now=now)

    @property
    def _stage(self) -> Stage:
        if self.stage is None:
            raise RuntimeError("the call has not been announced yet")
        return self.stage


def seal(session: Session) -> None:
    """Seal everything that waits, so that what is published can print the head of the log."""
    while audit.seal_pending(session):
        pass
