"""Errors of decisions."""

from __future__ import annotations

from grants.kernel.errors import DomainError


class UnrankedCandidateError(DomainError):
    """Ranks repeat or are out of order: there is no walking down such a list."""

    code = "candidates_unranked"
    status = "invalid"


class RankingOutdatedError(DomainError):
    """Applications of the call were reviewed, or left the review, since this version was prepared."""

    code = "ranking_outdated"
