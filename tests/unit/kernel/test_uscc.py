"""统一社会信用代码: the standard's vectors, and what a slip of the pen does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.kernel.uscc import ALPHABET, make_uscc, valid_uscc

REAL_ONES = ["91350100M000100Y43", "91331000563304198L", "91330401MA28A7N16U", "91331021MA2HET773R"]
BODIES = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


@pytest.mark.parametrize("code", REAL_ONES)
def test_codes_with_right_check_digits(code: str) -> None:
    assert valid_uscc(code)
    assert valid_uscc(code.lower())


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y4Z",  # the standard's own counter-example
        "91350100M000100Y44",
        "91350100M000100Y33",  # position 17
        "91350100M000100Y4",
        "91350100M000100Y430",
        " 91350100M000100Y43",
        "91350100M000100Y43\n",
        "9135010OM000100Y43",  # letter O
        "９1350100M000100Y43",
        "91350100M000100Y4³",
        "ı1350100M000100Y43",  # upper() of a dotless i is I
        "",
    ],
)
def test_codes_that_are_none(code: str) -> None:
    assert not valid_uscc(code)


@given(BODIES)
def test_made_codes_are_valid(body: str) -> None:
    code = make_uscc("91310115", body)

    assert valid_uscc(code)
    assert code.startswith("91310115" + body)


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(body: str, position: int, character: str) -> None:
    code = make_uscc("91310115", body)
    slipped = code[:position] + character + code[position + 1 :]

    assert valid_uscc(slipped) == (slipped == code)


@pytest.mark.parametrize(
    ("prefix", "body"), [("9131011", "MA1K0001"), ("91310115", "MA1K000"), ("91310115", "MA1K000I")]
)
def test_impossible_parts_are_refused(prefix: str, body: str) -> None:
    with pytest.raises(ValueError, match="not the parts of a credit code"):
        make_uscc(prefix, body)
