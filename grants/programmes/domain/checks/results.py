"""What a named check gives, and small things the checks share."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grants.kernel.rules import Unknown, Value

Parameters = Mapping[str, str | Decimal | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """True, false or unknown; ``detail`` says what was found, ``read`` what was looked at."""

    value: bool | Unknown
    detail: str = ""
    read: tuple[tuple[str, Value], ...] = ()


def bare(text: str) -> str:
    """The text in upper case and one width, without blanks: what numbers and words are compared by."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if not char.isspace())
