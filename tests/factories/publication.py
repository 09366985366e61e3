"""Notices, objections and lists, made through the services over reviewed applications."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants.calls.models import Call
from grants.calls.queries import working_calendar
from grants.kernel.actor import Actor, Role
from grants.kernel.clock import local_date, local_instant
from grants.publication import services
from grants.publication.domain import read_content
from grants.publication.models import AwardList, Notice, Objection
from grants.publication.services import ObjectionStatement
from tests.factories.accounts import actor_of, make_staff
from tests.factories.calls import NOON, make_call
from tests.factories.decisions import make_approved, make_reviewed

GROUNDS = "该产品的同一版本此前已经销售，示例合同编号可查，请核实。"


def make_administrator(session: Session, **staff: Any) -> Actor:
    """An administrator of every call."""
    return actor_of(session, make_staff(session, Role.ADMINISTRATOR, **staff))


def make_notice(
    session: Session, *, call: Call | None = None, awards: int = 3, now: datetime = NOON, code: str = "sbc"
) -> Notice:
    """A notice published at ``now``; its call, unless given, has ``awards`` funded applications and one that failed."""
    if call is None:
        call = make_call(session, code=code, open=False, now=now)
        for place in range(awards):
            make_reviewed(
                session, call, total=str(90 - place % 25), base_yuan=1_000_000 + 100_000 * (place % 7), now=now
            )
        make_reviewed(session, call, total="41", now=now)
    make_approved(session, call, now=now)
    return services.publish_notice(session, call, actor=make_administrator(session), now=now)


def make_objection(
    session: Session, notice: Notice, *, seq: int = 1, now: datetime = NOON, **changes: Any
) -> Objection:
    """A unit's objection to one item of a notice."""
    project_no = read_content(notice.content).items[seq - 1].project_no
    words = {"name": "示例知情单位有限公司", "is_unit": True, "phone": "021-55550199", "email": "", "grounds": GROUNDS}
    return services.file_objection(session, notice, ObjectionStatement(project_no, **{**words, **changes}), now=now)


def after_notice(notice: Notice) -> datetime:
    """Nine o'clock on the day after the notice's last."""
    return local_instant(notice.ends_on + timedelta(days=1), 9)


def make_prepared_list(
    session: Session, notice: Notice | None = None, *, administrator: Actor | None = None
) -> AwardList:
    """A list that waits for the second person, the day after the notice ended."""
    notice = notice or make_notice(session)
    now = after_notice(notice)
    announced_on = working_calendar(session).add(local_date(now), 1)
    return services.prepare_award_list(
        session,
        notice,
        doc_no="示专项〔2026〕31 号",
        announced_on=announced_on,
        actor=administrator or make_administrator(session),
        now=now,
    )


def release_day(award_list: AwardList) -> datetime:
    """Ten o'clock on the day of the announcement."""
    return local_instant(read_content(award_list.content).issued_on, 10)


def make_released_list(session: Session, notice: Notice | None = None) -> AwardList:
    """A released list."""
    award_list = make_prepared_list(session, notice)
    now = release_day(award_list)
    return services.release_award_list(session, award_list, actor=make_administrator(session), now=now)
