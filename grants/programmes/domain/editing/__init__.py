"""Changing a definition's text where it is to change, and nowhere else: comments, order and layout stay as written."""

from grants.programmes.domain.editing.emission import Raw, emit_entry
from grants.programmes.domain.editing.entries import Edited, edit_item, next_version, set_entry
from grants.programmes.domain.editing.faults import EntryFault, fault_in_item, faults_in_part
from grants.programmes.domain.editing.parts import (
    PARTS,
    SourcePart,
    UneditableError,
    add_item,
    item_keys,
    item_text,
    list_parts,
    normalise,
    part_text,
    read_item,
    read_items,
    read_part,
    remove_item,
    replace_part,
)

__all__ = [
    "PARTS",
    "Edited",
    "EntryFault",
    "Raw",
    "SourcePart",
    "UneditableError",
    "add_item",
    "edit_item",
    "emit_entry",
    "fault_in_item",
    "faults_in_part",
    "item_keys",
    "item_text",
    "list_parts",
    "next_version",
    "normalise",
    "part_text",
    "read_item",
    "read_items",
    "read_part",
    "remove_item",
    "replace_part",
    "set_entry",
]
