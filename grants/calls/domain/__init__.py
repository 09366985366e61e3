"""The pure half of calls: the plan of a round and its faults, its phase, its timetable, the pre-check."""

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
from grants.calls.domain.precheck import Place, Precheck, hidden_places, precheck, precheck_case
from grants.calls.domain.timetable import TimetableStep, timetable

__all__ = [
    "LONGEST",
    "MAX_FUNDS",
    "MAX_GRACE_MINUTES",
    "MAX_STAGE_DAYS",
    "CallPlan",
    "FundPlan",
    "Phase",
    "Place",
    "Precheck",
    "TimetableStep",
    "close_after_outage",
    "complete_plan",
    "concerns",
    "first_free_ref",
    "hidden_places",
    "hours_lost",
    "phase",
    "precheck",
    "precheck_case",
    "ref_year",
    "timed_stages",
    "timetable",
]
