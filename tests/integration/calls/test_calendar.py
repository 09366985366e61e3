"""The calendar of working days: what ships, what administrators enter."""

from datetime import date

import pytest

from grants.calls import queries, services
from grants.kernel.actor import ANONYMOUS, SYSTEM, Role
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.kernel.working_days import UnknownWorkingDayError
from tests.factories.accounts import make_staff, sign_in


def test_the_published_arrangement_of_2026_has_248_working_days(session):
    calendar = queries.working_calendar(session)

    assert calendar.between(date(2025, 12, 31), date(2026, 12, 31)) == 248
    assert calendar.is_working(date(2026, 2, 14))
    assert not calendar.is_working(date(2026, 10, 7))


def test_2027_ships_as_provisional_with_the_holidays_of_the_law(session):
    calendar = queries.working_calendar(session)

    assert queries.provisional_years(session) == {2027}
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 9))
    assert calendar.last_of_period(date(2026, 12, 30), 5) == date(2027, 1, 6)


def test_beyond_the_table_nothing_is_guessed(session):
    with pytest.raises(UnknownWorkingDayError):
        queries.working_calendar(session).is_working(date(2028, 1, 3))


def test_an_entered_day_wins_until_it_is_taken_back(session, now):
    day = date(2026, 10, 7)
    services.set_working_day(session, day, is_working=True, note="示例", actor=SYSTEM, now=now)
    services.set_working_day(session, day, is_working=True, note="改过说明", actor=SYSTEM, now=now)
    assert queries.working_calendar(session).is_working(day)
    assert [row.note for row in queries.list_overrides(session, 2026)] == ["改过说明"]

    services.clear_working_day(session, day, actor=SYSTEM, now=now)

    assert not queries.working_calendar(session).is_working(day)
    with pytest.raises(NotFoundError):
        services.clear_working_day(session, day, actor=SYSTEM, now=now)


def test_a_year_is_added_as_provisional_and_settled(session, now):
    services.add_year(session, 2028, actor=SYSTEM, now=now)
    assert queries.working_calendar(session).is_working(date(2028, 1, 3))
    assert 2028 in queries.provisional_years(session)

    services.settle_year(session, 2028, provisional=False, actor=SYSTEM, now=now)

    assert 2028 not in queries.provisional_years(session)
    for year in (2026, 2028):
        with pytest.raises(InvalidError):
            services.add_year(session, year, actor=SYSTEM, now=now)


def test_nobody_but_an_administrator_enters_days(session, now):
    with pytest.raises(ForbiddenError):
        services.set_working_day(session, date(2027, 1, 4), is_working=False, note="", actor=ANONYMOUS, now=now)


def test_the_page_enters_a_day_and_answers_impossible_ones(client, session):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))

    answer = client.post("/staff/calls/calendar", data={"day": "2027-02-13", "is_working": "yes", "note": "调休"})
    assert answer.status_code == 303
    assert queries.working_calendar(session).is_working(date(2027, 2, 13))
    assert (
        "这一天，请核对" in client.post("/staff/calls/calendar", data={"day": "2027-02-30", "is_working": "yes"}).text
    )
    assert (
        "工作日历还没有这一年"
        in client.post("/staff/calls/calendar", data={"day": "2040-02-03", "is_working": "no"}).text
    )
    assert client.post("/staff/calls/calendar/days/2027-02-13/clear").status_code == 303
    assert client.post("/staff/calls/calendar/days/2027-02-13/clear").status_code == 404
    assert client.post("/staff/calls/calendar/days/nonsense/clear").status_code == 404
    assert client.post("/staff/calls/calendar/years", data={"year": "2028"}).status_code == 303
    assert client.post("/staff/calls/calendar/2028/settle", data={"provisional": "no"}).status_code == 303
    assert 2028 not in queries.provisional_years(session)
