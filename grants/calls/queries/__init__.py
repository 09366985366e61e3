"""Reading calls, their extensions and the calendar of working days."""

from grants.calls.queries.calendar import (
    list_overrides,
    list_published_days,
    list_working_years,
    provisional_years,
    published_years,
    working_calendar,
)
from grants.calls.queries.extensions import (
    close_for,
    find_own_close,
    get_extension,
    list_extendable,
    list_extensions,
    list_extensions_for_all,
    list_extensions_of,
)
from grants.calls.queries.rounds import (
    call_facts,
    current_year,
    get_call,
    list_calls,
    list_managed,
    list_open,
    next_ref,
)

__all__ = [
    "call_facts",
    "close_for",
    "current_year",
    "find_own_close",
    "get_call",
    "get_extension",
    "list_calls",
    "list_extendable",
    "list_extensions",
    "list_extensions_for_all",
    "list_extensions_of",
    "list_managed",
    "list_open",
    "list_overrides",
    "list_published_days",
    "list_working_years",
    "next_ref",
    "provisional_years",
    "published_years",
    "working_calendar",
]
