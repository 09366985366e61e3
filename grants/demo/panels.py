"""The review of one application: the draw, an expert who steps back, the sheets."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.demo.journeys import Journey
from grants.demo.plans import End
from grants.kernel.clock import local_date
from grants.programmes.domain import Rubric
from grants.reviews import services
from grants.reviews.domain.sheets import needs_comment
from grants.reviews.models import Assignment, Panel
from grants.reviews.states import AssignmentState, PanelState

STEPS_BACK_EVERY = 9  # of so many panels one has a member who declines
LEANING = 9  # points in a hundred by which readers are stricter or more lenient than the application deserves
DISSENT_EVERY, DISSENTER, DISSENT = 7, 2, 36  # of so many panels, which seat, by how many points in a hundred
OPINIONS = (
    "技术路线清楚，材料完整，建议支持。",
    "产品成熟，用户评价较好，建议按规则支持。",
    "创新点较明确，推广前景有待进一步验证。",
    "总体较好，指标对比的数据来源宜更完整。",
    "与同类产品相比有改进，材料个别处表述不够准确。",
)
WEAK = "此项佐证不足，缺少可核实的数据，与同类产品的差别说明得不够清楚，建议补充。"
REMARK = "材料所述与附件基本一致，主要数据有第三方报告支持。"


class Review:
    """The review of one journey's application."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.stage = journey.stage
        self.number = journey.story.number

    def draw(self, session: Session, now: datetime) -> None:
        """Draw the panel by the officer's hand, and plan what its members do."""
        application = self.journey.application(session)
        seed = f"{application.ref}:{now:%Y%m%d%H%M}"
        services.draw_panel(session, application, seed=seed, actor=self.stage.actors.officer(), now=now)
        agenda, day = self.stage.agenda, self.stage.almanac
        if self.journey.story.end is End.INVITED:
            return
        if self.number % STEPS_BACK_EVERY == 2:
            agenda.at(now + timedelta(hours=3), self.step_back)
            agenda.at(day.after(local_date(now), 1, 9), self.draw_again)
        for turn in range(9):
            agenda.at(day.after(local_date(now), 1 + turn // 2, 11 + 4 * (turn % 2), self.number % 50), self.score_next)

    def step_back(self, session: Session, now: datetime) -> None:
        """One member declares a relation to the applicant."""
        seat = self.seats(session)[1]
        services.decline_assignment(
            session,
            seat,
            reason="近三年内曾与申报单位合作研究，申请回避。",
            relation="cooperation",
            actor=self.stage.actors.by_email(seat.expert.person.email),
            now=now,
        )

    def draw_again(self, session: Session, now: datetime) -> None:
        """The officer replaces whoever stepped back."""
        application = self.journey.application(session)
        services.draw_panel(
            session,
            application,
            seed=f"{application.ref}:{now:%Y%m%d%H%M}",
            actor=self.stage.actors.officer(),
            now=now,
            reason="一名专家申请回避，补抽。",
        )

    def score_next(self, session: Session, now: datetime) -> None:
        """The next member undertakes to be impartial, reads and hands the sheet in; nothing where all have."""
        seats = self.seats(session)
        waiting = [seat for seat in seats if seat.state is AssignmentState.INVITED]
        scored = len(seats) - len(waiting)
        if not waiting or (self.journey.story.end is End.SCORING and scored >= 1 + self.number % 3):
            return
        seat = waiting[0]
        actor = self.stage.actors.by_email(seat.expert.person.email)
        services.accept_assignment(session, seat, actor=actor, now=now)
        rubric = services.rubric_of(seat)
        points = self.points(rubric, scored)
        unfinished = self.journey.story.end is End.SCORING and scored == self.number % 3
        keep = services.save_scores if unfinished else services.submit_sheet
        keep(
            session,
            seat,
            points=points,
            comments=comments_for(rubric, points),
            opinion=OPINIONS[(self.number + scored) % len(OPINIONS)],
            actor=actor,
            now=now,
        )

    def seats(self, session: Session) -> list[Assignment]:
        """The seats of the panel that sits, in order."""
        query = (
            select(Assignment)
            .join(Assignment.panel)
            .where(Panel.application_id == self.journey.application_id, Panel.state == PanelState.CURRENT)
            .order_by(Assignment.position)
        )
        return list(session.scalars(query))

    def points(self, rubric: Rubric, seat: int) -> dict[str, int | None]:
        """A sheet in hundredths: the application's own level, as a strict or a lenient reader sees it.

        Of so many panels one has a member who thinks far less of the application than the others: the rubric's rule on
        the spread flags it.
        """
        dice = random.Random(f"sheet:{self.number}:{seat}")
        level = 53 + (self.number * 37) % 43 + dice.randrange(-LEANING, LEANING + 1)
        if seat == DISSENTER and self.number % DISSENT_EVERY == 4:
            level -= DISSENT
        return {
            sub.key: points_at(sub.maximum, sub.step, min(98, max(20, level + dice.randrange(-10, 11))))
            for criterion in rubric.criteria
            for sub in criterion.subs
        }


def points_at(maximum: Decimal, step: Decimal, percent: int) -> int:
    """``percent`` of the maximum, down to the step, in hundredths of a point."""
    return int(maximum * percent // (100 * step) * step * 100)


def comments_for(rubric: Rubric, points: dict[str, int | None]) -> dict[str, str]:
    """A comment wherever the rubric asks for one, and for each criterion's first place."""
    return {
        sub.key: WEAK if needs_comment(sub, points[sub.key] or 0) else REMARK
        for criterion in rubric.criteria
        for place, sub in enumerate(criterion.subs)
        if place == 0 or needs_comment(sub, points[sub.key] or 0)
    }
