"""Drawing panels, answering invitations, scoring, completing a review. Applications move only through their own
service."""

from grants.reviews.services.draw import composition_of, draw_panel
from grants.reviews.services.results import complete_review
from grants.reviews.services.seats import (
    accept_assignment,
    add_expert,
    declare_conflict,
    declare_relation,
    decline_assignment,
)
from grants.reviews.services.sheets import save_scores, submit_sheet
from grants.reviews.services.trail import rubric_of

__all__ = [
    "accept_assignment",
    "add_expert",
    "complete_review",
    "composition_of",
    "declare_conflict",
    "declare_relation",
    "decline_assignment",
    "draw_panel",
    "rubric_of",
    "save_scores",
    "submit_sheet",
]
