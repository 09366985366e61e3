"""A call in words: states and reasons, the guide with its figures, the timetable as a chart, the pre-check."""

from grants.calls.presenters.guide import Guide, facts_of, guide_of
from grants.calls.presenters.precheck import PrecheckView, precheck_json, precheck_view
from grants.calls.presenters.reasons import REASONS, SHORTFALLS, STATES
from grants.calls.presenters.timetable import DaysLeft, days_left, gantt_rows, timetable_of, today_position

__all__ = [
    "REASONS",
    "SHORTFALLS",
    "STATES",
    "DaysLeft",
    "Guide",
    "PrecheckView",
    "days_left",
    "facts_of",
    "gantt_rows",
    "guide_of",
    "precheck_json",
    "precheck_view",
    "timetable_of",
    "today_position",
]
