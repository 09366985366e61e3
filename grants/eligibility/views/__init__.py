"""Decisions in the formal check, the district's word, checking again: each on a page that says what will happen."""

from grants.eligibility.views import (
    accepting,
    assigning,
    confirming,
    impacts,
    notices,
    opinions,
    overruling,
    publishing,
    rechecks,
    reconsidering,
    returning,
    revoking,
    similar,
)
from grants.eligibility.views.blueprint import bp

__all__ = [
    "accepting",
    "assigning",
    "bp",
    "confirming",
    "impacts",
    "notices",
    "opinions",
    "overruling",
    "publishing",
    "rechecks",
    "reconsidering",
    "returning",
    "revoking",
    "similar",
]
