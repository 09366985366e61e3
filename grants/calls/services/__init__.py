"""What administrators do with calls and with the calendar of working days."""

from grants.calls.services.calendar import FIRST_YEAR, add_year, clear_working_day, set_working_day, settle_year
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
    "draft_call",
    "edit_call",
    "open_call",
    "plan_fingerprint",
    "plan_of",
    "set_working_day",
    "settle_year",
    "withdraw_call",
]
