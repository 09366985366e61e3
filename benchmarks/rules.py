"""How fast rules are evaluated, beside the same condition written by hand in Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from timeit import repeat

from benchmarks.figures import Figure, at_least, times
from grants.kernel.rules import Kind, Name, Row, Scope, Table, Value, compile_expression

UNIT = "per second"
GOAL = 1_000_000  # simple expressions a second per core, with tracing
NUMBER = Name(Kind.NUMBER)
SALES = Name(Kind.TABLE, {"software": NUMBER, "invoiced": NUMBER, "received": NUMBER, "signed_on": Name(Kind.DATE)})
SCOPE = Scope(
    {
        "requested": NUMBER,
        "total": NUMBER,
        "min_sales": NUMBER,
        "sales_from": Name(Kind.DATE),
        "contracts": SALES,
        "status": Name(Kind.TEXT),
        "abnormal": Name(Kind.YES_NO),
    }
)
NAMES: dict[str, Value] = {
    "requested": Decimal("300000.00"),
    "total": Decimal("1000000.00"),
    "min_sales": Decimal(500_000),
    "sales_from": date(2025, 1, 1),
    "status": "存续",
    "abnormal": False,
    "contracts": Table(
        "contracts",
        tuple(
            Row(
                f"r{number}",
                {
                    "software": Decimal(100_000 + number),
                    "invoiced": Decimal(100_000),
                    "received": Decimal(90_000),
                    "signed_on": date(2025, 2, 1) + timedelta(days=number),
                },
            )
            for number in range(10)
        ),
    ),
}
SIMPLE = "requested <= 0.3 * total"
BRANCHING = 'not abnormal and status in ("存续", "在业")'
TABLE = "sum(first(contracts, 3, by=signed_on), min(software, invoiced, received)) >= min_sales"


def per_second(work: Callable[[], object], times: int) -> float:
    """Calls a second on this core, the best of five rounds."""
    return times / min(repeat(work, number=times, repeat=5))


def by_hand() -> Callable[[], object]:
    """The bare limit: a lambda over a dict with Decimal."""
    share = Decimal("0.3")
    condition: Callable[[dict[str, Value]], object] = lambda names: names["requested"] <= share * names["total"]  # type: ignore[operator]  # noqa: E731
    return lambda: condition(NAMES)


def figures() -> list[Figure]:
    """Rules with and without tracing, beside the simple one by hand."""
    simple, branching, table = (compile_expression(text, SCOPE) for text in (SIMPLE, BRANCHING, TABLE))
    bare = per_second(by_hand(), 300_000)
    traced = per_second(lambda: simple.trace(NAMES), 300_000)
    return [
        at_least("simple rule, traced", traced, UNIT, GOAL),
        times("simple rule, traced, beside a lambda over a dict", rate=traced, limit=bare),
        times("simple rule, untraced", rate=per_second(lambda: simple.evaluate(NAMES), 300_000), limit=bare),
        Figure("rule with and/in, traced", per_second(lambda: branching.trace(NAMES), 200_000), UNIT),
        Figure("rule over a table of 10 rows, traced", per_second(lambda: table.trace(NAMES), 10_000), UNIT),
        Figure("compiling the rule over a table", per_second(lambda: compile_expression(TABLE, SCOPE), 500), UNIT),
    ]
