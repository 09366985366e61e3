"""The pure half of calls: the plan of a round and its faults, its phase at an instant, its timetable."""

from grants.calls.domain.extensions import LONGEST, close_after_outage, concerns, hours_lost
from grants.calls.domain.phases import Phase, phase
from grants.calls.domain.plan import (
    MAX_FUNDS,
    MAX_GRACE_MINUTES,
    MAX_STAGE_DAYS,
    CallPlan,
    FundPlan,
    complete_plan,
    first_free_ref,
    ref_year,
    timed_stages,
)
from grants.calls.domain.timetable import TimetableStep, timetable

__all__ = [
    "LONGEST",
    "MAX_FUNDS",
    "MAX_GRACE_MINUTES",
    "MAX_STAGE_DAYS",
    "CallPlan",
    "FundPlan",
    "Phase",
    "TimetableStep",
    "close_after_outage",
    "complete_plan",
    "concerns",
    "first_free_ref",
    "hours_lost",
    "phase",
    "ref_year",
    "timed_stages",
    "timetable",
]
