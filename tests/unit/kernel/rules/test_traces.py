"""A trace names exactly what an evaluation read, and evaluation reads only what it needs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from grants.kernel.rules import Cause, Kind, Name, Read, Row, Scope, Table, Unknown, Value, compile_expression
from tests.unit.kernel.rules.domain_scope import SBC


class Lazy(dict[str, Value]):
    """Names that are computed when first asked for, as values of a definition are."""

    def __init__(self, **known: Value) -> None:
        super().__init__(known)
        self.asked: list[str] = []

    def __missing__(self, name: str) -> Value:
        self.asked.append(name)
        self[name] = Decimal(len(name))
        return self[name]


SALES = Table(
    "contracts",
    (
        Row("r1", {"software": Decimal(500), "buyer_abroad": False, "documents.a6": True}),
        Row("r2", {"software": Decimal(300), "buyer_abroad": True, "documents.a6": Unknown(Cause.DOCUMENT)}),
    ),
)


def test_names_of_a_straight_expression_are_traced_once_in_order_of_writing() -> None:
    expression = compile_expression("requested <= 0.3 * cap - requested", SBC)

    value, reads = expression.trace({"requested": Decimal(3), "cap": Decimal(20)})

    assert value is True
    assert reads == (Read("requested", Decimal(3)), Read("cap", Decimal(20)))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1 < 2", []),
        ("requested < 1", ["requested"]),
        ("requested < cap < base", ["requested", "cap", "base"]),
        ("requested > 100 and cap > 1", ["requested"]),
        ("requested < 100 and cap > 1", ["requested", "cap"]),
        ("if(requested > 100, cap, base) > 1", ["requested", "base"]),
        ("coalesce(requested, cap) > 1", ["requested"]),
        ("min(requested, cap, base) > 1", ["requested", "cap", "base"]),
    ],
)
def test_only_what_is_needed_is_read(text: str, read: list[str]) -> None:
    names = Lazy()

    _, reads = compile_expression(text, SBC).trace(names)

    assert [name for name, _ in reads] == read
    assert names.asked == read


def test_cells_are_named_by_table_row_and_column() -> None:
    expression = compile_expression("sum(where(in_window, not is_missing(documents.a6)), software) > min_sales", SBC)
    names: dict[str, Value] = {"in_window": SALES, "min_sales": Decimal(1)}

    value, reads = expression.trace(names)

    assert value is True
    assert [(read.name, read.value) for read in reads] == [
        ("in_window", SALES),
        ("min_sales", Decimal(1)),
        ("contracts[r1].documents.a6", True),
        ("contracts[r2].documents.a6", Unknown(Cause.DOCUMENT)),
        ("contracts[r1].software", Decimal(500)),
    ]


def test_inner_tables_see_the_outer_row() -> None:
    scope = Scope(
        {"left": Name(Kind.TABLE, {"x": Name(Kind.NUMBER)}), "right": Name(Kind.TABLE, {"y": Name(Kind.NUMBER)})}
    )
    names: dict[str, Value] = {
        "left": Table("left", (Row("1", {"x": Decimal(1)}), Row("2", {"x": Decimal(2)}))),
        "right": Table("right", (Row("1", {"y": Decimal(2)}), Row("2", {"y": Decimal(3)}))),
    }

    assert compile_expression("any(left, any(right, x == y))", scope).evaluate(names) is True
    assert compile_expression("all(left, any(right, x == y))", scope).evaluate(names) is False
    assert compile_expression("sum(left, x * sum(right, y))", scope).evaluate(names) == 15


def test_expression_tells_what_it_is() -> None:
    expression = compile_expression("any(contracts, software > min_sales)", SBC)

    assert expression.kind is Kind.YES_NO
    assert expression.names == {"contracts", "min_sales"}
    assert expression.source == "any(contracts, software > min_sales)"


def test_instants_are_half_open() -> None:
    opens = datetime(2026, 3, 2, 1, tzinfo=UTC)
    expression = compile_expression("call.opens_at <= submitted_at < call.effective_close", SBC)
    names: dict[str, Value] = {"call.opens_at": opens, "call.effective_close": opens + timedelta(days=1)}

    assert expression.evaluate({**names, "submitted_at": opens}) is True
    assert expression.evaluate({**names, "submitted_at": opens + timedelta(days=1)}) is False
    assert expression.evaluate({**names, "submitted_at": Unknown(Cause.NOT_YET)}) == Unknown(Cause.NOT_YET)


@pytest.mark.parametrize("wrong", [None, 1.5, "一百万", ()])
@pytest.mark.parametrize(
    "text",
    [
        "requested + 1",
        "requested <= 1",
        "requested == 1",
        "requested != 1",
        "1 < requested < 2",
        "requested in (1, base)",
        "sum(contracts, software)",
        "credit_auth and credit_auth",
        "credit_auth or credit_auth",
        "not credit_auth",
        "if(credit_auth, 1, 2)",
        "if(credit_auth, 1, 1)",
        "any(contracts, related)",
        "all(contracts, related)",
        "count(where(contracts, related))",
    ],
)
def test_a_value_of_another_kind_than_declared_is_an_error_never_a_verdict(text: str, wrong: object) -> None:
    row = Row("r1", {"software": wrong, "related": wrong})  # type: ignore[dict-item]
    names = {"requested": wrong, "base": Decimal(2), "credit_auth": wrong, "contracts": Table("contracts", (row,))}

    with pytest.raises(TypeError):
        compile_expression(text, SBC).evaluate(names)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["requested in (1, 2)", "is_missing(requested)", "min(requested, 2)"])
def test_nothing_at_all_is_an_error_never_a_verdict(text: str) -> None:
    with pytest.raises(TypeError):
        compile_expression(text, SBC).evaluate({"requested": None})  # type: ignore[dict-item]


def test_a_name_left_out_is_an_error_not_an_unknown() -> None:
    with pytest.raises(KeyError):
        compile_expression("requested > 1 and cap > 1", SBC).evaluate({"requested": Decimal(2)})


def test_scope_with_more_names_leaves_the_first_alone() -> None:
    wider = NARROW.with_names({"more": Name(Kind.NUMBER)})

    assert "more" in wider.names
    assert "more" not in NARROW.names
    assert wider.lists == NARROW.lists


NARROW = Scope({"one": Name(Kind.NUMBER)}, {"some": frozenset({"a"})})
