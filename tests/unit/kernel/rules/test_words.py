"""The language's words, its functions and their tests agree."""

from pathlib import Path

from grants.kernel.rules import RESERVED_WORDS
from grants.kernel.rules.functions import USAGES
from grants.kernel.rules.handlers import CALLS
from grants.kernel.rules.words import FUNCTIONS, OPERATOR_WORDS, ROOTS


def test_every_function_can_be_called_and_is_reserved() -> None:
    assert set(CALLS) == FUNCTIONS | {"date"}
    assert set(USAGES) == set(CALLS)
    assert set(CALLS) | OPERATOR_WORDS | ROOTS == RESERVED_WORDS


def test_every_function_has_a_case_in_the_table() -> None:
    cases = Path(__file__).with_name("three_values.yaml").read_text(encoding="utf-8")

    assert [name for name in sorted(CALLS) if f"{name}(" not in cases] == []
