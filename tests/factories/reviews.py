"""Experts, accepted applications, panels on their way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.kernel.actor import Actor, Role
from grants.reviews import services
from grants.reviews.models import Assignment, Expert, Panel
from tests.factories.accounts import actor_of, make_person, make_staff, next_uscc
from tests.factories.calls import NOON
from tests.factories.eligibility import make_case_call, submit_case

POOL = (*(("technical",),) * 5, *(("market",),) * 2, *(("finance",),) * 2)
GOOD_COMMENT = "与国内外同类产品相比还有差距，申报书给出的证据不足以支持更高的分数。"


def make_expert(session: Session, *strata: str, employer_uscc: str = "") -> Expert:
    """Somebody in the pool, with the role that goes with it."""
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    return services.add_expert(
        session,
        make_person(session),
        employer="示例大学",
        employer_uscc=employer_uscc or next_uscc(),
        strata=strata or ("technical",),
        field="",
        actor=administrator,
        now=NOON,
    )


def make_pool(session: Session, strata: Sequence[tuple[str, ...]] = POOL) -> list[Expert]:
    """A pool that admits a panel of the sbc rubric: three technical, one market, one finance."""
    return [make_expert(session, *held) for held in strata]


def make_accepted(session: Session, *, call: Call | None = None, code: str = "sbc") -> Application:
    """An application that has passed the formal check."""
    application = submit_case(session, code=code, call=call or make_case_call(session, code))
    application.state = ApplicationState.ACCEPTED
    session.flush()
    return application


def officer_of(session: Session, scope: str = "*") -> Actor:
    """An officer."""
    return actor_of(session, make_staff(session, Role.OFFICER, scope=scope))


def draw(session: Session, application: Application, *, seed: str = "test", reason: str = "") -> Panel:
    """A panel of the pool that stands."""
    officer = officer_of(session)
    return services.draw_panel(session, application, seed=seed, actor=officer, now=NOON, reason=reason)


def expert_actor(session: Session, assignment: Assignment) -> Actor:
    """The expert of an assignment, signed in."""
    return actor_of(session, session.get_one(Person, assignment.expert_id))


def full_points(assignment: Assignment, share: int = 100) -> dict[str, int | None]:
    """``share`` percent of every maximum, in hundredths, rounded down to the step of 0.5."""
    rubric = services.rubric_of(assignment)
    return {sub.key: int(sub.maximum * share) // 50 * 50 for part in rubric.criteria for sub in part.subs}


def hand_in(session: Session, assignment: Assignment, *, share: int = 80) -> None:
    """Undertake, score and submit."""
    actor, points = expert_actor(session, assignment), full_points(assignment, share)
    services.accept_assignment(session, assignment, actor=actor, now=NOON)
    comments = dict.fromkeys(points, GOOD_COMMENT)
    services.submit_sheet(session, assignment, points=points, comments=comments, opinion="", actor=actor, now=NOON)
