"""Outages: noticed after a silence, recorded by hand, answered with equal time for everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants.calls.services import decide_extension
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.notifications import InboxItem
from grants.ops.models import Outage
from grants.ops.outages import (
    WEB,
    calls_concerned,
    extensions_of,
    give_sign,
    list_outages,
    propose_equal_time,
    record_outage,
)
from tests.factories.accounts import actor_of, make_staff
from tests.factories.calls import NOON, make_call
from tests.support.statements import counted

MINUTE = timedelta(minutes=1)


def sign(session, minutes, *, ahead=timedelta(0)):
    instant = NOON + minutes * MINUTE
    return give_sign(session, WEB, real_now=instant, now=instant + ahead)


def test_a_silence_is_on_record_when_the_site_is_back(session):
    administrator = make_staff(session, Role.ADMINISTRATOR)
    call = make_call(session)
    assert sign(session, 0) is None
    assert sign(session, 1) is None

    outage = sign(session, 46, ahead=timedelta(days=2))
    again = sign(session, 46)

    assert again is None
    assert (outage.began_at, outage.ended_at) == (
        NOON + MINUTE + timedelta(days=2),
        NOON + 46 * MINUTE + timedelta(days=2),
    )
    assert calls_concerned(session, [outage])[outage.id] == [call]
    told = select(InboxItem.person_id).where(InboxItem.kind == "outage.noticed")
    assert session.scalars(told).all() == [administrator.id]


def test_a_silence_outside_every_call_tells_nobody(session):
    make_staff(session, Role.ADMINISTRATOR)
    make_call(session, opens_at=NOON + timedelta(days=5))
    sign(session, 0)

    assert sign(session, 30) is not None

    assert session.scalar(select(func.count()).select_from(InboxItem)) == 0


def test_equal_time_is_proposed_once_and_granted_by_another(session):
    call = make_call(session)
    first, second = (actor_of(session, make_staff(session, Role.ADMINISTRATOR)) for _ in range(2))
    close = call.closes_at
    outage = record_outage(
        session,
        began_at=close - 90 * MINUTE,
        ended_at=close - 10 * MINUTE,
        note="示例：运营商线路中断。",
        actor=first,
        now=close,
    )

    extension = propose_equal_time(session, outage, call.ref, actor=first, now=close)
    with pytest.raises(InvalidError) as refused:
        propose_equal_time(session, outage, call.ref, actor=second, now=close)
    decide_extension(session, extension, approved=True, note="", actor=second, now=close)

    assert refused.value.code == "outage_answered"
    assert call.closes_at == close + timedelta(hours=2)
    assert extension.reason.endswith("延长 2 小时。示例：运营商线路中断。")
    assert extensions_of(session, [outage]) == {(outage.id, call.id): extension}


@pytest.mark.parametrize(
    ("began", "ended", "note", "code"),
    [
        (10, 5, "示例", "outage_times"),
        (-10, 1, "示例", "outage_times"),
        (-10, -5, " ", "outage_without_note"),
    ],
)
def test_what_cannot_be_recorded(session, began, ended, note, code):
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))

    with pytest.raises(InvalidError) as refused:
        record_outage(
            session,
            began_at=NOON + began * MINUTE,
            ended_at=NOON + ended * MINUTE,
            note=note,
            actor=administrator,
            now=NOON,
        )

    assert refused.value.code == code


def test_only_administrators_record(session):
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    with pytest.raises(ForbiddenError):
        record_outage(session, began_at=NOON - MINUTE, ended_at=NOON, note="示例", actor=officer, now=NOON)


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_of_outages_takes_three_queries(session, rows):
    make_call(session)
    for n in range(rows):
        session.add(Outage(part=WEB, began_at=NOON - (2 * n + 2) * MINUTE, ended_at=NOON - (2 * n + 1) * MINUTE))
    session.flush()

    with counted() as asked:
        page = list_outages(session)
        calls_concerned(session, page.items)
        extensions_of(session, page.items)

    assert asked.queries == 3
