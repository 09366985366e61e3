"""Decisions in the formal check, the district's word, checking again: each on a page that says what will happen."""

from grants.eligibility.views import confirming, notices, opinions, rechecks, returning
from grants.eligibility.views.blueprint import bp

__all__ = ["bp", "confirming", "notices", "opinions", "rechecks", "returning"]
