"""Reading the pool, panels, an expert's desk and results."""

from grants.reviews.queries.panels import (
    find_current_panel,
    find_result,
    list_panels,
    list_results,
    list_waiting,
    page_of_applications,
    panel_progress,
    results_of,
)
from grants.reviews.queries.pool import (
    Excluded,
    case_of,
    find_leaving,
    list_active_experts,
    list_excluded,
    list_leaving,
    names_of,
    page_of_experts,
    party_codes,
)
from grants.reviews.queries.seats import (
    get_assignment,
    list_assignments,
    list_conflicts,
    list_open_seats,
)

__all__ = [
    "Excluded",
    "case_of",
    "find_current_panel",
    "find_leaving",
    "find_result",
    "get_assignment",
    "list_active_experts",
    "list_assignments",
    "list_conflicts",
    "list_excluded",
    "list_leaving",
    "list_open_seats",
    "list_panels",
    "list_results",
    "list_waiting",
    "names_of",
    "page_of_applications",
    "page_of_experts",
    "panel_progress",
    "party_codes",
    "results_of",
]
