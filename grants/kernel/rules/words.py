"""The language's own words - no field, column, value or parameter may be called by one - and how operators bind."""

OPERATOR_WORDS = frozenset({"and", "or", "not", "in", "if", "by", "date"})
ROOTS = frozenset({"org", "call", "reg", "documents", "funding", "district"})
SCALAR_FUNCTIONS = frozenset(
    {
        "add_months",
        "add_days",
        "length",
        "slice",
        "starts_with",
        "contains",
        "same_text",
        "same_version",
        "valid_uscc",
        "floor_to",
        "first_of",
        "any_same",
        "is_missing",
        "coalesce",
    }
)
TABLE_FUNCTIONS = frozenset({"sum", "count", "min", "max", "all", "any", "where", "first", "last_of"})
FUNCTIONS = SCALAR_FUNCTIONS | TABLE_FUNCTIONS | {"if"}
RESERVED_WORDS: frozenset[str] = OPERATOR_WORDS | ROOTS | FUNCTIONS

# How tightly an operator binds: 1 + 2 * 3 is 1 + (2 * 3).
NEGATION_POWER = 70
NOT_POWER = 30
POWERS: dict[str, int] = {
    "or": 10,
    "and": 20,
    "in": 40,
    "not": 40,  # where it stands after a value, to be told that it must stand before
    "<": 40,
    "<=": 40,
    ">": 40,
    ">=": 40,
    "==": 40,
    "!=": 40,
    "=": 40,  # likewise: it should be ==
    "+": 50,
    "-": 50,
    "*": 60,
    "/": 60,
}
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "="})
