"""Reading applications: one by one, in lists, as drafts and as cases."""

from grants.applications.queries.applications import (
    current_revision,
    get_application,
    get_attachment,
    get_by_ref,
    get_frozen_file,
    get_revision,
    list_corrections,
    list_for_enterprise,
    list_of_organisation,
    list_revisions,
    lock_application,
    open_correction,
)
from grants.applications.queries.drafts import (
    case_call,
    case_content,
    case_json,
    list_progress,
    load_draft,
    load_drafts,
)

__all__ = [
    "case_call",
    "case_content",
    "case_json",
    "current_revision",
    "get_application",
    "get_attachment",
    "get_by_ref",
    "get_frozen_file",
    "get_revision",
    "list_corrections",
    "list_for_enterprise",
    "list_of_organisation",
    "list_progress",
    "list_revisions",
    "load_draft",
    "load_drafts",
    "lock_application",
    "open_correction",
]
