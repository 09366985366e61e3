"""What an expert does: undertake, read, score, hand in; and the same through the services for the others of a panel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.queries import actor_of, get_person
from grants.applications.models import Application
from grants.demo.panels import REMARK, comments_for, points_at
from grants.programmes.domain import Rubric
from grants.reviews import services
from grants.reviews.models import Assignment, Panel
from grants.reviews.states import AssignmentState, PanelState
from tests.support.walking.visitor import Visitor, arrived, says


def seats_of(session: Session, ref: str) -> list[Assignment]:
    """The seats of the panel that sits on a case."""
    query = (
        select(Assignment)
        .join(Assignment.panel)
        .join(Application, Application.id == Panel.application_id)
        .where(Application.ref == ref, Panel.state == PanelState.CURRENT)
        .order_by(Assignment.position)
    )
    return list(session.scalars(query))


def points_for(rubric: Rubric, percent: int) -> dict[str, int | None]:
    """Every place at ``percent`` of its maximum, in hundredths."""
    return {
        sub.key: points_at(sub.maximum, sub.step, percent) for criterion in rubric.criteria for sub in criterion.subs
    }


def review_in_person(visitor: Visitor, rubric: Rubric, *, percent: int) -> None:
    """Open the only invitation, undertake, score with a remark everywhere, hand in."""
    visitor.open("/review/")
    visitor.open(visitor.links("/answer")[0])
    visitor.fill({"impartial": True, "discreet": True})
    visitor.press("承诺并打开材料")
    sheet = visitor.path
    points = points_for(rubric, percent)
    scores = {f"s_{key}": f"{(value or 0) / 100:g}" for key, value in points.items()}
    remarks = {f"c_{key}": REMARK for key in points}
    visitor.fill({**dict(list(scores.items())[:3]), "opinion": "先存一部分。"})
    visitor.press("保存草稿")
    says(visitor, "评分已保存为草稿")
    visitor.fill({**scores, **remarks, "opinion": "技术路线清楚，材料完整，建议支持。"})
    visitor.press("保存并提交")
    arrived(visitor, f"{sheet}/submit")
    visitor.press("确认提交")
    says(visitor, "评分表已提交")


def review_by_services(session: Session, ref: str, *, percent: int, now: datetime) -> int:
    """Hand in the sheets of everybody who has not answered yet; returns how many there were."""
    waiting = [seat for seat in seats_of(session, ref) if seat.state is AssignmentState.INVITED]
    for place, seat in enumerate(waiting):
        actor = actor_of(get_person(session, seat.expert_id))
        services.accept_assignment(session, seat, actor=actor, now=now)
        rubric = services.rubric_of(seat)
        points = points_for(rubric, percent + place)
        services.submit_sheet(
            session,
            seat,
            points=points,
            comments=comments_for(rubric, points),
            opinion="建议支持。",
            actor=actor,
            now=now,
        )
    return len(waiting)
