"""The last day of each step is kept beside the state, and follows calls and calendar."""

from datetime import date, timedelta

from sqlalchemy import select

from grants.applications import services
from grants.applications.domain.steps import NO_LAST_DAY
from grants.applications.models import CorrectionRequest
from grants.applications.states import ApplicationState as S
from grants.eligibility.services import decide
from grants.eligibility.states import Outcome
from grants.kernel.actor import SYSTEM, Role
from tests.factories.accounts import actor_of, make_staff
from tests.factories.eligibility import check, correct_case, make_checked, submit_case

ITEM = {"path": "tested_version", "row": None, "document": None, "reason": "与产品版本不一致"}


def test_each_step_has_its_last_day(session, now):
    application = submit_case(session)
    assert application.due_on == NO_LAST_DAY

    check(session, application)
    assert application.due_on == date(2026, 3, 25)

    officer = actor_of(session, make_staff(session, Role.OFFICER))
    decide(session, application, outcome=Outcome.RETURN, reason="请改", correction_items=[ITEM], actor=officer, now=now)
    assert application.due_on == session.scalars(select(CorrectionRequest.due_on)).one()

    correct_case(session, application, now=now)
    services.advance(session, application, "start_check", actor=SYSTEM, now=now)
    assert application.due_on == NO_LAST_DAY


def test_days_that_moved_are_found_and_kept(session, now):
    first, second = make_checked(session), make_checked(session)
    first.call.stage_days = {**first.call.stage_days, "formal_check": 1}
    session.flush()

    moved, after = services.find_moved_last_days(session)
    services.move_last_days(session, moved)
    session.expire_all()

    assert ([one.application_id for one in moved], after) == ([first.id], None)
    assert (first.due_on, second.due_on) == (date(2026, 3, 19), date(2026, 3, 25))
    assert services.find_moved_last_days(session) == ([], None)


def test_a_case_that_has_moved_on_meanwhile_keeps_its_own_day(session, now):
    application = make_checked(session)
    application.due_on = NO_LAST_DAY
    session.flush()
    moved, _after = services.find_moved_last_days(session)

    services.advance(session, application, "withdraw", actor=SYSTEM, now=now + timedelta(minutes=1))
    services.move_last_days(session, moved)
    session.expire_all()

    assert (application.state, application.due_on) == (S.WITHDRAWN, NO_LAST_DAY)
