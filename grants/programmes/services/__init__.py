"""Loading and publishing definitions, and writing the next version by two persons."""

from grants.programmes.services.deciding import decide_draft, propose_draft, take_back_draft
from grants.programmes.services.drafts import (
    add_rule,
    added_rule,
    discard_draft,
    edit_parameters,
    edit_rule,
    edited_parameters,
    edited_rule,
    fingerprint_of,
    remove_rule,
    rule_text,
    save_part,
    start_draft,
)
from grants.programmes.services.loading import load_definition, publish_definition
from grants.programmes.services.templates import find_template, type_of, use_templates

__all__ = [
    "add_rule",
    "added_rule",
    "decide_draft",
    "discard_draft",
    "edit_parameters",
    "edit_rule",
    "edited_parameters",
    "edited_rule",
    "find_template",
    "fingerprint_of",
    "load_definition",
    "propose_draft",
    "publish_definition",
    "remove_rule",
    "rule_text",
    "save_part",
    "start_draft",
    "take_back_draft",
    "type_of",
    "use_templates",
]
