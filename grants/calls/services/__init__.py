"""What the office does with calls: plan and announce them, grant more time, keep the calendar of working days."""

from grants.calls.services.calendar import FIRST_YEAR, add_year, clear_working_day, set_working_day, settle_year
from grants.calls.services.extensions import decide_extension, propose_extension, propose_for_outage
from grants.calls.services.rounds import (
    announce_call,
    draft_call,
    edit_call,
    open_call,
    plan_fingerprint,
    plan_of,
    withdraw_call,
)

__all__ = [
    "FIRST_YEAR",
    "add_year",
    "announce_call",
    "clear_working_day",
    "decide_extension",
    "draft_call",
    "edit_call",
    "open_call",
    "plan_fingerprint",
    "plan_of",
    "propose_extension",
    "propose_for_outage",
    "set_working_day",
    "settle_year",
    "withdraw_call",
]
