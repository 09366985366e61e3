"""Reading what can be ranked, proposals, and who had a hand in a call."""

from grants.decisions.queries.entries import Place, awaits_notice, list_places, plan_rules, reviewed_ids
from grants.decisions.queries.hands import hand_in
from grants.decisions.queries.proposals import (
    CallStanding,
    ScoreRange,
    approved_proposal,
    find_current_proposal,
    find_version,
    get_proposal,
    list_approvals,
    list_awaiting_notice,
    list_calls,
    list_versions,
    plan_of,
    score_ranges,
)

__all__ = [
    "CallStanding",
    "Place",
    "ScoreRange",
    "approved_proposal",
    "awaits_notice",
    "find_current_proposal",
    "find_version",
    "get_proposal",
    "hand_in",
    "list_approvals",
    "list_awaiting_notice",
    "list_calls",
    "list_places",
    "list_versions",
    "plan_of",
    "plan_rules",
    "reviewed_ids",
    "score_ranges",
]
