"""Pure arithmetic of the review: drawing a panel, checking a sheet, aggregating sheets. No clock, no randomness but a
seed."""

from grants.reviews.domain.aggregation import Aggregate, Sheet, aggregate
from grants.reviews.domain.draw import (
    Blocked,
    Candidate,
    Composition,
    NoAdmissiblePanelError,
    Seat,
    count_admissible,
    draw_panel,
)
from grants.reviews.domain.seed import SeededNumbers
from grants.reviews.domain.sheets import check_sheet, sheet_total
from grants.reviews.errors import SheetFault

__all__ = [
    "Aggregate",
    "Blocked",
    "Candidate",
    "Composition",
    "NoAdmissiblePanelError",
    "Seat",
    "SeededNumbers",
    "Sheet",
    "SheetFault",
    "aggregate",
    "check_sheet",
    "count_admissible",
    "draw_panel",
    "sheet_total",
]
