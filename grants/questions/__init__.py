"""The questions of a definition as inputs of a page: which are asked, under which names, with one input per field kind,
and the way between what is stored and what is typed. Shared by all who ask: the pre-check of a call, the form."""

from grants.questions.asked import NOT_TYPED, Asked, anchor_of, asked_in, find_asked, input_name, table_id
from grants.questions.conversion import to_stored, to_typed
from grants.questions.inputs import BUILDERS

__all__ = [
    "BUILDERS",
    "NOT_TYPED",
    "Asked",
    "anchor_of",
    "asked_in",
    "find_asked",
    "input_name",
    "table_id",
    "to_stored",
    "to_typed",
]
