"""The language's own words: no field, column, value or parameter may be called by one of them."""

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
