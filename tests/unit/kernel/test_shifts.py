"""Which way a condition has moved."""

import pytest

from grants.kernel.rules import Moves, Shift, compare_conditions

WIDER, NARROWER, NONE, UNCLEAR = Shift.WIDER, Shift.NARROWER, Shift.NONE, Shift.UNCLEAR

PAIRS = [
    ("a >= 5", "a >= 5", NONE),
    ("a >= 5", "a>=5.0", NONE),
    ("a >= 5", "a >= 6", NARROWER),
    ("a >= 5", "a >= 4", WIDER),
    ("a <= 5", "a <= 6", WIDER),
    ("5 <= a", "6 <= a", NARROWER),
    ("a < 5", "a <= 5", WIDER),
    ("a >= 5", "a > 5", NARROWER),
    ("a >= 5", "a <= 5", UNCLEAR),
    ("a == 5", "a == 6", UNCLEAR),
    ("1 <= a < 5", "1 <= a < 6", WIDER),
    ("1 <= a < 5", "0 <= a < 6", WIDER),
    ("1 <= a < 5", "2 <= a < 6", UNCLEAR),
    ("1 <= a < 5", "1 <= b < 5", UNCLEAR),
    ("not a >= 5", "not a >= 6", WIDER),
    ("a >= 5", "a >= 5 and b", NARROWER),
    ("a >= 5 and b", "a >= 5", WIDER),
    ("a >= 5", "a >= 5 or b", WIDER),
    ("a >= 5 or b", "b", NARROWER),
    ("a >= 5 and b", "b and a >= 6", NARROWER),
    ("a >= 5 and b <= 2", "a >= 6 and b <= 3", UNCLEAR),
    ("a >= 5 and b <= 2", "a >= 6 and b <= 1", NARROWER),
    ("a and b", "b and a", NONE),
    ("a and b", "a or b", UNCLEAR),
    ("a", "b", UNCLEAR),
    ('s in ("x", "y")', 's in ("x", "y", "z")', WIDER),
    ('s in ("x", "y")', 's in ("x")', NARROWER),
    ('s in ("x", "y")', 's in ("x", "z")', UNCLEAR),
    ('s in ("x", "y")', 's in ("y", "x")', NONE),
    ("d >= add_months(T, -24)", "d >= add_months(T, -36)", WIDER),
    ('d >= date("2025-01-01")', 'd >= date("2025-02-01")', NARROWER),
    ("all(t, n >= 5)", "all(t, n >= 6)", NARROWER),
    ("any(t, n >= 5)", "any(u, n >= 5)", UNCLEAR),
    ("a <= 0.3 * total", "a <= 0.4 * total", UNCLEAR),
    ("a - 5 >= b", "a - 6 >= b", NARROWER),
    ("a >= b + 1", "a >= b + 2", NARROWER),
    ("a >= b", "a >= b + 2", NARROWER),
    ("a >= b", "a >= b - 2", WIDER),
    ("a >= b", "a >= c + 2", UNCLEAR),
    ("a >= b", "a >= 2 + b", UNCLEAR),
    ("sum(t, n) >= 5", "sum(t, n) >= 6", NARROWER),
    ("sum(t, n) >= 5", "count(t) >= 5", UNCLEAR),
]


@pytest.mark.parametrize(("before", "after", "expected"), PAIRS)
def test_the_way_a_condition_has_moved(before, after, expected):
    assert compare_conditions(before, after) is expected


@pytest.mark.parametrize(("before", "after", "expected"), PAIRS)
def test_the_way_back_is_the_opposite(before, after, expected):
    opposite = {WIDER: NARROWER, NARROWER: WIDER}

    assert compare_conditions(after, before) is opposite.get(expected, expected)


def test_a_product_is_compared_where_it_cannot_be_negative():
    moves = Moves(not_negative={"total"})

    assert compare_conditions("a <= 0.3 * total", "a <= 0.4 * total", moves) is WIDER


@pytest.mark.parametrize(
    ("source", "moved", "expected"),
    [
        ("sum(t, n) >= least", 1, NARROWER),
        ("sum(t, n) >= least", -1, WIDER),
        ("a <= most and b", 1, WIDER),
        ("a <= most and b >= most", 1, UNCLEAR),
        ("d >= add_months(T, -months)", 1, WIDER),
        ("a == least", 1, UNCLEAR),
        ("a >= 5", 1, NONE),
    ],
)
def test_a_bound_that_is_a_name_moves_with_it(source, moved, expected):
    moves = Moves({"least": moved, "most": moved, "months": moved})

    assert compare_conditions(source, source, moves) is expected
