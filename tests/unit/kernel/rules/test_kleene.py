"""What is decided while something is missing stays decided, whatever the missing turns out to be."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from grants.kernel.rules import Cause, Kind, Name, Row, Scope, Table, Unknown, Value, compile_expression

NAMES = ("p", "q", "r")
CELLS = (("1", "x"), ("2", "x"), ("2", "y"))
SCOPE = Scope(
    {
        **{name: Name(Kind.YES_NO) for name in NAMES},
        "t": Name(Kind.TABLE, {"x": Name(Kind.YES_NO), "y": Name(Kind.YES_NO)}),
    }
)
MISSING = Unknown(Cause.ANSWER)


def combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger conditions made of smaller ones."""
    return st.one_of(
        st.builds("({} and {})".format, parts, parts),
        st.builds("({} or {})".format, parts, parts),
        st.builds("not ({})".format, parts),
        st.builds("({} == {})".format, parts, parts),
        st.builds("if({}, {}, {})".format, parts, parts, parts),
    )


OUTSIDE = st.recursive(st.sampled_from(NAMES), combined, max_leaves=4)
INSIDE = st.recursive(st.sampled_from(("x", "y", "p")), combined, max_leaves=4)
OVER_ROWS = st.one_of(
    st.builds("any(t, {})".format, INSIDE),
    st.builds("all(t, {})".format, INSIDE),
    st.builds("any(where(t, {}), {})".format, INSIDE, INSIDE),
    st.builds("all(where(t, {}), {})".format, INSIDE, INSIDE),
    st.builds("(count(where(t, {})) >= 1)".format, INSIDE),
    st.builds("last_of(where(t, {}), {})".format, INSIDE, INSIDE),
    st.builds("(sum(where(t, {}), if({}, 1, 2)) <= 2)".format, INSIDE, INSIDE),
)
CONDITIONS = st.builds(
    "({}) {} ({})".format, OUTSIDE, st.sampled_from(("and", "or", "==")), st.one_of(OVER_ROWS, OUTSIDE)
)


def names_of(values: tuple[Value, ...]) -> dict[str, Value]:
    """The application in which the names, then the cells, have these values."""
    plain = dict(zip(NAMES, values[:3], strict=True))
    first, second, third = values[3:]
    return {**plain, "t": Table("t", (Row("1", {"x": first, "y": True}), Row("2", {"x": second, "y": third})))}


@settings(max_examples=150)
@given(CONDITIONS, st.lists(st.sampled_from((True, False, MISSING)), min_size=6, max_size=6))
def test_no_answer_overturns_a_decision(text: str, values: list[Value]) -> None:
    expression = compile_expression(text, SCOPE)
    decided = expression.evaluate(names_of(tuple(values)))

    if not isinstance(decided, Unknown):
        for filled in product(*[(True, False) if value == MISSING else (value,) for value in values]):
            assert expression.evaluate(names_of(filled)) == decided
