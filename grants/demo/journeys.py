"""One application's way through the process: what its enterprise, the district, the officer and the experts do."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.queries import find_organisation
from grants.applications import services as applications
from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import get_call
from grants.demo.agenda import Agenda
from grants.demo.answers import Filled
from grants.demo.companies import company
from grants.demo.filling import PARTLY, attach_all, correct, fill_in, filled_for, undertakings_in
from grants.demo.papers import Papers
from grants.demo.people import Actors
from grants.demo.plans import End, RoundPlan, Story
from grants.demo.timetable import Almanac, Window
from grants.demo.work import give_up
from grants.eligibility import queries, services
from grants.eligibility.domain import Standing, correction_items
from grants.eligibility.states import Outcome, Proposal
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date
from grants.kernel.money import yuan
from grants.programmes.queries import definition_of

DRAFTS = (End.EMPTY, End.PART, End.WHOLE, End.DISCARDED)
LEFT_TO_WORKERS = (End.WAITING, End.CHECKING)
WITHDRAWAL = "产品将与合作单位联合升级，拟在下一批次申报。"
NOT_RECOMMENDED = "项目建设内容与本区产业规划不符，且场地尚未落实，不予推荐。"
ACCEPTED_AFTER_LOOK = "已电话核实相关情况并查阅补充说明，不影响受理。"
LICENCE_SLOTS = {"sbc": "a2", "hlw": "b2"}
LICENCE_ASKED = "请先办理移出经营异常名录，再上传移出后的营业执照。"
CHECK_FAILED = "demonstration: the check could not be finished"


@dataclass(frozen=True)
class Stage:
    """What the journeys of one call share."""

    plan: RoundPlan
    window: Window
    ref: str
    almanac: Almanac
    agenda: Agenda
    papers: Papers
    actors: Actors

    def call(self, session: Session) -> Call:
        """The call as it is now."""
        return get_call(session, self.ref)


class Journey:
    """One story, from the empty draft to the formal decision; ``application_id`` is known once it has begun."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage = stage
        self.story = story
        self.application_id: UUID | None = None
        self.dice = random.Random(f"journey:{story.number}")

    def application(self, session: Session) -> Application:
        """The application as it is now."""
        return session.get_one(Application, self.application_id)

    def filled(self, session: Session, *, flaw: str | None = None) -> Filled:
        """The answers of the story; ``flaw`` replaces its own."""
        story, call = self.story, self.stage.call(session)
        chosen = story.flaw if flaw is None else flaw
        return filled_for(self.stage.plan.code, story.number, story.company, self.stage.window, call.year, chosen)

    def begin(self, session: Session, now: datetime) -> None:
        """Start a draft and fill in as much as the story says."""
        actor = self.stage.actors.owner(self.story.company)
        organisation = find_organisation(session, company(self.story.company).uscc)
        if organisation is None:
            raise LookupError(self.story.company)
        application = applications.start_application(
            session, self.stage.call(session), organisation, actor=actor, now=now
        )
        self.application_id = application.id
        if self.story.end is not End.EMPTY:
            self.stage.agenda.at(now + timedelta(minutes=20), self.fill_in)

    def fill_in(self, session: Session, now: datetime) -> None:
        """Answer, in part where the story says so; attach everything half an hour later."""
        sections = PARTLY if self.story.end in (End.PART, End.DISCARDED) else 0
        actor = self.stage.actors.owner(self.story.company)
        fill_in(session, self.application(session), self.filled(session), actor=actor, now=now, sections=sections)
        if not sections:
            self.stage.agenda.at(now + timedelta(minutes=30), self.attach)

    def discard(self, session: Session, now: datetime) -> None:
        """Delete the draft; it can be restored for a while."""
        actor = self.stage.actors.owner(self.story.company)
        applications.discard_draft(session, self.application(session), actor=actor, now=now)

    def attach(self, session: Session, now: datetime) -> None:
        """Put a paper into every slot."""
        actor = self.stage.actors.owner(self.story.company)
        attach_all(session, self.application(session), self.filled(session), self.stage.papers, actor=actor, now=now)

    def submit(self, session: Session, now: datetime) -> None:
        """Submit; a case that is to lie with the workers stops there."""
        application = self.application(session)
        actor = self.stage.actors.owner(self.story.company)
        accepted = undertakings_in(definition_of(application.call.definition), self.filled(session))
        applications.submit_application(session, application, actor=actor, now=now, undertakings=accepted)
        revision = current_revision(session, application)
        if self.story.end is End.CHECKING:
            services.start_check(session, revision.id, actor=SYSTEM, now=now)
        if self.story.end is End.CHECK_FAILED:
            services.start_check(session, revision.id, actor=SYSTEM, now=now)
            services.fail_check(session, revision.id, CHECK_FAILED, actor=SYSTEM, now=now)
            give_up(session, "application.submitted", {"revision_id": str(revision.id)})

    def lapse(self, session: Session, now: datetime) -> None:
        """The sweep ends a correction whose last day is over."""
        services.expire_overdue(session, actor=SYSTEM, now=now)

    def withdraw(self, session: Session, now: datetime) -> None:
        """Step back while that is possible."""
        actor = self.stage.actors.owner(self.story.company)
        applications.withdraw_application(session, self.application(session), reason=WITHDRAWAL, actor=actor, now=now)

    def recommend(self, session: Session, now: datetime) -> None:
        """The district's word, unless it lets the case lie."""
        application = self.application(session)
        if application.state is not ApplicationState.DISTRICT_REVIEW or self.story.flaw == "no_word":
            return
        refused = self.story.flaw == "not_recommended"
        services.give_opinion(
            session,
            application,
            recommended=not refused,
            match_fen=0 if refused or self.story.number % 3 else yuan(500_000),
            opinion=NOT_RECOMMENDED if refused else "项目符合本区产业方向，建设条件基本落实，同意推荐。",
            actor=self.stage.actors.district(application.district_code or ""),
            now=now,
        )

    def decide(self, session: Session, now: datetime) -> None:
        """The officer decides as the findings propose; what is returned comes back, or lapses, or waits."""
        application = self.application(session)
        if application.state is not ApplicationState.CHECKED:
            return
        standing = queries.standing_of(session, application, now=now)
        actor = self.stage.actors.officer()
        if standing.proposal is Proposal.REJECT:
            ground = next(found for found in standing.findings if found.rule == standing.grounds[0])
            services.decide(
                session,
                application,
                outcome=Outcome.REJECT,
                reason=ground.message,
                rule=ground.rule,
                actor=actor,
                now=now,
            )
        elif standing.proposal is Proposal.RETURN and not standing.corrections:
            items = self._to_correct(application, standing)
            services.decide(
                session,
                application,
                outcome=Outcome.RETURN,
                reason="材料中有需要更正的内容，请按下列各项一次补正。",
                correction_items=items,
                actor=actor,
                now=now,
            )
            self._answer_correction(now)
        else:
            reason = "" if standing.proposal is Proposal.ACCEPT else ACCEPTED_AFTER_LOOK
            services.decide(session, application, outcome=Outcome.ACCEPT, reason=reason, actor=actor, now=now)

    def _to_correct(self, application: Application, standing: Standing) -> list[dict[str, str | None]]:
        """What the findings name; where they name nothing that can be edited, the licence is asked for again."""
        definition = definition_of(application.call.definition)
        items = [item.to_json() for item in correction_items(definition, standing.findings)]
        licence = {"path": None, "row": None, "document": LICENCE_SLOTS[definition.code], "reason": LICENCE_ASKED}
        return items or [licence]

    def _answer_correction(self, now: datetime) -> None:
        stage, day = self.stage, local_date(now)
        if self.story.end is End.LAPSED:
            stage.agenda.at(stage.almanac.after(day, 6, 0, 5), self.lapse)
        elif self.story.end is not End.RETURNED:
            stage.agenda.at(stage.almanac.after(day, 1, 15), self.hand_in_correction)
            stage.agenda.at(stage.almanac.after(day, 2, 10), self.decide)

    def hand_in_correction(self, session: Session, now: datetime) -> None:
        """Put right what was asked for and submit again."""
        application = self.application(session)
        actor = self.stage.actors.owner(self.story.company)
        correct(session, application, self.filled(session, flaw=""), actor=actor, now=now)
        applications.submit_application(session, application, actor=actor, now=now)


def journeys_of(session: Session, stage: Stage, state: ApplicationState, journeys: list[Journey]) -> list[Journey]:
    """Those journeys whose application is in ``state`` now, in the order of the plan."""
    there = set(
        session.scalars(
            select(Application.id).join(Application.call).where(Call.ref == stage.ref, Application.state == state)
        )
    )
    return [journey for journey in journeys if journey.application_id in there]
