"""Words of programmes: reasons and states, a version, a draft and what it changes."""

from grants.programmes.presenters.drafts import (
    EFFECTS,
    GROUPS,
    PARAMETER_KINDS,
    PART_TITLES,
    aspect_text,
    by_part,
    name_groups,
    tally_of,
)
from grants.programmes.presenters.reasons import REASONS, STATES
from grants.programmes.presenters.versions import (
    KINDS,
    SEVERITIES,
    STAGES,
    OpenCase,
    basis_text,
    bounds_text,
    fault_record,
    number_text,
    open_sentence,
    parameter_text,
    rules_by_severity,
    track_sentence,
    yuan_words,
)

__all__ = [
    "EFFECTS",
    "GROUPS",
    "KINDS",
    "PARAMETER_KINDS",
    "PART_TITLES",
    "REASONS",
    "SEVERITIES",
    "STAGES",
    "STATES",
    "OpenCase",
    "aspect_text",
    "basis_text",
    "bounds_text",
    "by_part",
    "fault_record",
    "name_groups",
    "number_text",
    "open_sentence",
    "parameter_text",
    "rules_by_severity",
    "tally_of",
    "track_sentence",
    "yuan_words",
]
