"""When two texts mean the same: names and versions as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

IGNORED_CATEGORIES = frozenset("PZC")  # punctuation, separators, controls
LEADING_V = re.compile(r"v\.?(?=[0-9])")
ZERO_TAIL = re.compile(r"(?:\.0+)+\Z")


def same_text(first: str, second: str) -> bool:
    """Equal but for width, case, spacing and punctuation: ``示例　ＥＲＰ（系统）`` and ``示例ERP系统``."""
    return essence(first) == essence(second)


def same_version(first: str, second: str) -> bool:
    """Equal but for width, case, spacing, a leading V and trailing ``.0``: ``V1.0``, ``1.0``, ``１．０``, ``1``."""
    return version_essence(first) == version_essence(second)


@lru_cache(maxsize=1024)
def essence(text: str) -> str:
    """What is left of a text for comparing; a text of punctuation only is compared as it stands."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(character for character in folded if unicodedata.category(character)[0] not in IGNORED_CATEGORIES)
    return kept or folded


def version_essence(text: str) -> str:
    """What is left of a version for comparing."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return ZERO_TAIL.sub("", LEADING_V.sub("", folded, count=1) if folded.startswith("v") else folded)
