"""统一社会信用代码 (GB 32100-2015): the code every organisation has, with its two check digits.

Positions: 1 登记管理部门, 2 机构类别, 3-8 登记机关行政区划, 9-17 主体标识码 (GB 11714: eight characters and a check
digit), 18 check digit. The district is where the organisation was first registered; it says nothing about where it is
now.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}", re.ASCII)
PREFIX_SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}", re.ASCII)
BODY_SHAPE = re.compile(f"[{ALPHABET}]{{8}}", re.ASCII)


def valid_uscc(code: str) -> bool:
    """Whether ``code`` is well-formed and both check digits are right; lower case is accepted, spaces are not.

    Source: GB 32100-2015 (position 18), GB 11714-1997 (position 17).
    """
    upper = code.upper()
    if SHAPE.fullmatch(upper) is None:
        return False
    return upper[16] == body_check_digit(upper[8:16]) and upper[17] == check_digit(upper[:17])


def make_uscc(prefix8: str, body8: str) -> str:
    """A valid code for demonstration data: eight characters of registration, eight of identity, check digits added.

    Raises:
        ValueError: a part has the wrong length or characters outside the standard's alphabet.
    """
    if PREFIX_SHAPE.fullmatch(prefix8) is None or BODY_SHAPE.fullmatch(body8) is None:
        raise ValueError(f"not the parts of a credit code: {prefix8!r}, {body8!r}")
    stem = prefix8 + body8 + body_check_digit(body8)
    return stem + check_digit(stem)


def body_check_digit(body: str) -> str:
    """Position 17 for the eight characters before it: 11 - weighted sum mod 11; 10 is written X, 11 is written 0."""
    total = sum(BODY_ALPHABET.index(character) * weight for character, weight in zip(body, BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_digit(stem: str) -> str:
    """Position 18 for the 17 characters before it: (31 - weighted sum mod 31) mod 31 in the standard's alphabet."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(stem, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]
