"""Reminders of drafts: 7, 3 and 1 working days before their close, once each."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from grants.applications.services import remind_of_drafts
from grants.kernel.clock import local_instant
from grants.notifications import InboxItem
from tests.factories.applications import make_application
from tests.factories.calls import NOON, make_call

CLOSE = local_instant(date(2026, 4, 30), 16)  # a Thursday; 4 and 5 April 2026 are far away


@pytest.fixture
def draft(session):
    return make_application(session, call=make_call(session, closes_at=CLOSE), now=NOON)


def told(session):
    facts = session.scalars(select(InboxItem.facts).where(InboxItem.kind == "draft.unfinished").order_by(InboxItem.id))
    return [item["days"] for item in facts]


def day(number, hour=10):
    return local_instant(date(2026, 4, number), hour)


def test_each_reminder_once_on_its_day(session, draft):
    for number in range(15, 31):
        for hour in (8, 9, 18):
            remind_of_drafts(session, now=day(number, hour))

    assert told(session) == ["7", "3", "1"]


def test_not_before_nine_and_not_on_other_days(session, draft):
    assert remind_of_drafts(session, now=day(29, 8)) == 0
    assert remind_of_drafts(session, now=day(28, 12)) == 0
    assert remind_of_drafts(session, now=day(29, 9)) == 1


def test_a_draft_begun_today_or_submitted_is_left_alone(session):
    call = make_call(session, closes_at=CLOSE)
    make_application(session, call=call, now=day(29, 8))
    make_application(session, call=call, submitted=True, now=day(20, 8))

    assert remind_of_drafts(session, now=day(29, 9)) == 0


def test_a_close_of_ones_own_counts(session, draft):
    draft.extended_to = local_instant(date(2026, 5, 8), 16)
    session.flush()

    assert remind_of_drafts(session, now=day(29, 9)) == 0
    assert remind_of_drafts(session, now=local_instant(date(2026, 5, 7), 9)) == 1


def test_nobody_is_reminded_where_the_calendar_ends(session):
    close = local_instant(date(2028, 2, 1), 16)
    make_application(
        session, call=make_call(session, closes_at=close, now=close - timedelta(days=20)), now=close - timedelta(days=9)
    )

    assert remind_of_drafts(session, now=close - timedelta(days=1)) == 0
