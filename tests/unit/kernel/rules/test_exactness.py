"""Arithmetic is exact where Python's Decimal is, and a share asked for exactly is never refused."""

from decimal import Context, Decimal, localcontext
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.kernel.rules import Kind, Name, Row, Scope, Table, Value, compile_expression

MONEY = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
SIGNED = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
SCOPE = Scope(
    {
        **{key: Name(Kind.NUMBER) for key in ("a", "b", "c", "requested", "total")},
        "lines": Name(Kind.TABLE, {"amount": Name(Kind.NUMBER)}),
    }
)


def evaluate(text: str, **names: Value) -> Value:
    """The value of an expression over some names."""
    return compile_expression(text, SCOPE).evaluate(names)


def lines(amounts: list[Decimal]) -> Table:
    """A table with one column."""
    return Table("lines", tuple(Row(f"r{number}", {"amount": amount}) for number, amount in enumerate(amounts)))


@given(SIGNED, SIGNED, SIGNED)
def test_arithmetic_is_that_of_decimal(a: Decimal, b: Decimal, c: Decimal) -> None:
    with localcontext(Context(prec=34)):
        assert evaluate("a + b * c", a=a, b=b, c=c) == a + b * c
        assert evaluate("(a - b) * -c", a=a, b=b, c=c) == (a - b) * -c
        if c:
            assert evaluate("(a + b) / c", a=a, b=b, c=c) == (a + b) / c
    assert evaluate("a < b <= c", a=a, b=b, c=c) is (a < b <= c)
    assert evaluate("a == b or b != c", a=a, b=b, c=c) is (a == b or b != c)
    assert evaluate("min(a, b, c) + max(a, b, c)", a=a, b=b, c=c) == min(a, b, c) + max(a, b, c)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**20, places=10))
def test_a_literal_is_the_number_as_written(number: Decimal) -> None:
    assert evaluate(f"{number:f}") == number


@given(st.lists(MONEY, max_size=40))
def test_sums_are_exact(amounts: list[Decimal]) -> None:
    with localcontext(Context(prec=34)):
        assert evaluate("sum(lines, amount)", lines=lines(amounts)) == reduce(Decimal.__add__, amounts, Decimal(0))
    assert evaluate("count(lines)", lines=lines(amounts)) == len(amounts)
    assert evaluate("count(where(lines, amount > 100))", lines=lines(amounts)) == sum(x > 100 for x in amounts)
    assert evaluate("any(lines, amount > 100) == not all(lines, amount <= 100)", lines=lines(amounts)) is True


@given(SIGNED, st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(10000)]))
def test_floor_to_is_the_greatest_multiple_not_above(a: Decimal, b: Decimal) -> None:
    floored = evaluate("floor_to(a, b)", a=a, b=b)

    assert isinstance(floored, Decimal)
    assert floored % b == 0
    assert floored <= a < floored + b


@given(st.lists(MONEY, max_size=20), st.integers(0, 25))
def test_first_takes_the_least_in_order(amounts: list[Decimal], size: int) -> None:
    kept = evaluate("first(lines, a, by=amount)", lines=lines(amounts), a=Decimal(size))

    assert isinstance(kept, Table)
    assert [row.cells["amount"] for row in kept.rows] == sorted(amounts)[:size]


def test_asking_for_exactly_the_share_is_never_refused_and_one_fen_more_always_is() -> None:
    allowed = {
        percent: compile_expression(f"requested <= {Decimal(percent) / 100} * total", SCOPE)
        for percent in range(1, 100)
    }
    for number in range(20_000):
        percent = 1 + number % 99
        total = Decimal(100 + number * 7919) / 100 * 100  # whole yuan: every share of it is a whole number of fen
        share = total * percent / 100
        assert allowed[percent].evaluate({"requested": share, "total": total}) is True
        assert allowed[percent].evaluate({"requested": share + Decimal("0.01"), "total": total}) is False


@pytest.mark.parametrize(
    "text", ["min(a, b)", "max(b, a)", "a < b", "a == b", "min(lines, amount)", "count(first(lines, 1, by=amount))"]
)
@pytest.mark.parametrize("junk", [0.5, None, 1])
def test_what_is_no_exact_value_is_refused(text: str, junk: object) -> None:
    names: dict[str, object] = {"a": junk, "b": junk, "lines": Table("lines", (Row("r1", {"amount": junk}),))}  # type: ignore[dict-item]

    with pytest.raises(TypeError):
        compile_expression(text, SCOPE).evaluate(names)  # type: ignore[arg-type]
