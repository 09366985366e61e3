"""Hostile expressions are refused or take bounded time; nothing but the documented errors comes out."""

import random
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import pytest

from grants.kernel.rules import (
    Cause,
    EvaluationLimitError,
    ExpressionFaultsError,
    Fault,
    Kind,
    Name,
    Row,
    Scope,
    Table,
    Unknown,
    Value,
    compile_expression,
    format_value,
    parse_template,
)
from tests.unit.kernel.rules.domain_scope import SBC

X = Name(Kind.TABLE, {"x": Name(Kind.NUMBER)})
BIG = Scope({"t": X, "u": X, "v": X, "n": Name(Kind.NUMBER), "text": Name(Kind.TEXT)})
THOUSAND = Table("t", tuple(Row(f"r{number}", {"x": Decimal(number)}) for number in range(1000)))

WORDS = [
    "and", "or", "not", "in", "if(", "by=", "date(", "sum(", "any(", "where(", "first(", "min(", "count(", "coalesce(",
    "(", ")", ",", "+", "-", "*", "/", "<", "<=", "==", "!=", "=", "requested", "contracts", "software", "org.name",
    "T", "documents.a6", "documents.a3", "credit_auth", "call.funds", "0", "1", "0.3", "9" * 34, "9" * 40, '"示例"',
    '"', "'", "“", "％", "１", "٣", "\u200b", "\u202e", "\x00", "\ud800", "𝒳", "ﷺ", "é", "𠮷", "\n", "\t", "\\",
    "{", "}", "__class__", "a.b.c.d", "lambda", "import", "[", "]", "@", "#", ";", "**", "//", "1e999", "0x10", "NaN",
    "Infinity",
]  # fmt: skip


def hostile(chance: random.Random) -> str:
    """One expression nobody would write."""
    size = chance.randrange(1, 40)
    match chance.randrange(6):
        case 0:
            opening = chance.choice(["(", "not ", "-", "if(", "sum(contracts, ", "any(contracts, "])
            return opening * chance.randrange(1, 400) + "1" + ")" * chance.randrange(400)
        case 1:
            operator = chance.choice(["+", "-", "*", "/", " and ", " or ", " == ", " < ", ", "])
            return operator.join([chance.choice(WORDS)] * chance.randrange(2, 600))
        case 2:
            return "".join(chr(chance.randrange(1, 0xFFFF)) for _ in range(size))
        case 3:
            return "9" * chance.randrange(1, 2100) + chance.choice(["", ".", ".5", "e9", " * n"])
        case _:
            return chance.choice(["", " "]).join(chance.choices(WORDS, k=size))


def expressions() -> Iterator[str]:
    """Ten thousand of them, the same every time."""
    chance = random.Random(20260302)
    for _ in range(10_000):
        yield hostile(chance)


class Nothing(dict[str, Value]):
    """An application in which nothing has been answered."""

    def __missing__(self, name: str) -> Value:
        return Unknown(Cause.ANSWER)


def faults_of(text: str) -> tuple[Fault, ...]:
    """What is wrong with a text; one that compiles must evaluate as well."""
    try:
        expression = compile_expression(text, SBC, check_conditionals=True)
    except ExpressionFaultsError as error:
        return error.faults
    expression.trace(Nothing())
    return ()


def test_ten_thousand_hostile_expressions_are_refused_or_compiled() -> None:
    refused = 0
    for text in expressions():
        faults = faults_of(text)
        refused += bool(faults)
        assert len(faults) <= 50
        assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in faults)

    assert 9_000 < refused < 10_000


def test_hostile_sentences_are_refused_or_compiled() -> None:
    chance = random.Random(7)
    for _ in range(500):
        text = "".join(chance.choice(["{", "}", "{{", '"', hostile(chance)[:60]]) for _ in range(8))
        with suppress(ExpressionFaultsError):
            parse_template(text, SBC).render(Nothing())


@pytest.mark.parametrize(
    "text",
    [
        "any(t, any(u, any(v, x < 0)))",
        "sum(t, sum(u, sum(v, x)))",
        "count(where(t, count(where(u, count(where(v, x > 0)) > 0)) > 0)) > 0",
        "sum(t, sum(u, x * x * x * x * x * x * x))",
    ],
)
def test_nested_tables_end_by_the_limit_of_steps(text: str) -> None:

    with pytest.raises(EvaluationLimitError, match="steps"):
        compile_expression(text, BIG).evaluate({"t": THOUSAND, "u": THOUSAND, "v": THOUSAND})


def test_comparing_long_texts_in_nested_tables_ends_by_the_limit_of_steps() -> None:
    column = Name(Kind.TABLE, {"words": Name(Kind.TEXT)})
    scope = Scope({"t": column, "u": Name(Kind.TABLE, {"other": Name(Kind.TEXT)})})
    texts = [f"{number}" + "样例文字" * 700 for number in range(1000)]
    names: dict[str, Value] = {
        "t": Table("t", tuple(Row(f"r{text[:8]}", {"words": text}) for text in texts)),
        "u": Table("u", tuple(Row(f"r{text[:8]}", {"other": text + "别"}) for text in texts)),
    }

    with pytest.raises(EvaluationLimitError, match="steps"):
        compile_expression("any(t, any(u, same_text(words, other)))", scope).evaluate(names)


def test_a_pair_of_large_tables_is_within_the_limit() -> None:
    sixty = Table("u", THOUSAND.rows[:60])

    assert compile_expression("all(t, any(u, x >= 0))", BIG).evaluate({"t": THOUSAND, "u": sixty}) is True


@pytest.mark.parametrize(
    "text", ["count(t)", "sum(t, x)", "any(t, x > 0)", "last_of(where(t, x > 0), x)", "count(first(t, 1, by=x))"]
)
def test_more_than_a_thousand_rows_are_refused(text: str) -> None:
    table = Table("t", (*THOUSAND.rows, Row("more", {"x": Decimal(1)})))

    with pytest.raises(EvaluationLimitError, match="rows"):
        compile_expression(text, BIG).evaluate({"t": table})


def test_the_largest_numbers_stay_small_in_memory_and_end_undefined() -> None:
    huge = compile_expression(" * ".join(["n"] * 100), BIG).evaluate({"n": Decimal("9" * 34)})
    assert len(format_value(huge)) < 10_000

    beyond = compile_expression(" * ".join(["n"] * 100), BIG).evaluate({"n": Decimal("1E+6000")})
    assert format_value(beyond) == "（未取得）"
    assert format_value(compile_expression("sum(t, x)", BIG).evaluate({"t": Table("t", tuple(
        Row(str(number), {"x": Decimal("9.9E+6144")}) for number in range(2)))})) == "（未取得）"  # fmt: skip


def test_the_widest_expression_within_the_bounds_runs() -> None:
    wide = compile_expression("+".join(["n"] * 150), BIG)
    deep = compile_expression("(" * 29 + "n" + ")" * 29, BIG)

    assert wide.evaluate({"n": Decimal(2)}) == 300
    assert deep.trace({"n": Decimal(2)})[0] == 2
