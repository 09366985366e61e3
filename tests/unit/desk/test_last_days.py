"""How long there is, and how late somebody is, in working days."""

from datetime import date

import pytest

from grants.desk.presenters import left_words
from grants.factory import create_app
from grants.kernel.working_days import WorkingCalendar
from tests.support.databases import make_settings

CALENDAR = WorkingCalendar(years=frozenset({2026}), exceptions={})
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 19), "还剩 1 个工作日"),
        (FRIDAY, "今天到期"),
        (date(2026, 11, 21), "已超期"),
        (date(2026, 11, 23), "已超期 1 个工作日"),
        (date(2026, 11, 27), "已超期 5 个工作日"),
        (date(2027, 1, 4), "已超期 45 天"),
    ],
)
def test_days_left_and_days_late_are_working_days(app_context, today, words):
    assert left_words(FRIDAY, today, CALENDAR) == words


@pytest.fixture(scope="module")
def app_context(tmp_path_factory):
    """Words are translated within an application."""
    folder = tmp_path_factory.mktemp("app")
    with create_app(make_settings(f"sqlite:///{folder}/x.sqlite3", folder)).test_request_context():
        yield
