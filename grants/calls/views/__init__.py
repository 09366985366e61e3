"""Pages of calls: public, the administrator's, the calendar."""

from grants.calls.views.blueprint import bp
from grants.calls.views.calendar import manage_calendar
from grants.calls.views.extensions import list_extensions
from grants.calls.views.manage import manage
from grants.calls.views.open import call, list_calls
from grants.calls.views.precheck import precheck

__all__ = ["bp", "call", "list_calls", "list_extensions", "manage", "manage_calendar", "precheck"]
