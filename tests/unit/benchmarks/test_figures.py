"""How a figure is compared with its limit and printed."""

import pytest

from benchmarks.figures import Figure, at_most, number, share, table, times


@pytest.mark.parametrize(
    ("value", "words"), [(7, "7"), (1_234.0, "1,234"), (1_234.5, "1,234"), (56.72, "56.7"), (1.234, "1.23")]
)
def test_figures_have_as_many_digits_as_mean_something(value, words):
    assert number(value) == words


def test_a_multiple_of_the_limits_time_is_met_up_to_its_goal():
    assert times("page", rate=200, limit=1_200, at_most=6).met is True
    missed = times("page", rate=199, limit=1_200, at_most=6)
    assert (missed.ratio, missed.goal, missed.met) == ("6.0 x", "<= 6 x", False)
    assert times("page", rate=1, limit=1_000).met is None


def test_a_share_of_the_limits_rate_is_met_from_its_goal_on():
    figure = share("checks", rate=100, limit=1_000, at_least_percent=10)
    assert (figure.ratio, figure.goal, figure.met) == ("10 %", ">= 10 %", True)
    assert share("checks", rate=99, limit=1_000, at_least_percent=10).met is False


def test_the_table_says_what_is_met_and_what_is_missed():
    lines = table([at_most("queries", 7, "", 8), at_most("queries", 9, "", 8), Figure("rate", 5, "per second")])
    assert [line.rsplit(maxsplit=1)[-1] for line in lines.splitlines()[2:]] == ["met", "missed", "second"]
