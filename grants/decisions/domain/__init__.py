"""Pure arithmetic of decisions: ranking, allocation of the budget, comparison of plans. No clock, no database."""

from grants.decisions.domain.allocation import (
    STEP_FEN,
    AwardLine,
    Candidate,
    FundShare,
    allocate_budget,
    attribute_to_funds,
    require_distinct_ranks,
)
from grants.decisions.domain.plan import (
    Change,
    Entry,
    Lowering,
    Plan,
    PlanLine,
    PlanRules,
    compare_plans,
    funding_line,
    plan_awards,
    reallocate,
)
from grants.decisions.domain.ranking import Ranked, Standing, rank_candidates, rank_the_rest

__all__ = [
    "STEP_FEN",
    "AwardLine",
    "Candidate",
    "Change",
    "Entry",
    "FundShare",
    "Lowering",
    "Plan",
    "PlanLine",
    "PlanRules",
    "Ranked",
    "Standing",
    "allocate_budget",
    "attribute_to_funds",
    "compare_plans",
    "funding_line",
    "plan_awards",
    "rank_candidates",
    "rank_the_rest",
    "reallocate",
    "require_distinct_ranks",
]
