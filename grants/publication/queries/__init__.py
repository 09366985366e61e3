"""Reading notices, objections and lists, and what is ready to be published."""

from grants.publication.queries.lists import (
    find_prepared_list,
    get_award_list,
    get_list_by_id,
    get_released_list,
    list_of_notice,
    list_prepared,
    page_of_award_lists,
)
from grants.publication.queries.notices import (
    find_by_fingerprint,
    find_receipt,
    find_running_notice,
    get_notice,
    get_notice_by_id,
    list_in_force,
    list_versions,
    page_of_notices,
)
from grants.publication.queries.objections import (
    ObjectionCounts,
    count_from,
    count_objections,
    find_same,
    get_objection,
    list_undecided_items,
    page_of_objections,
)
from grants.publication.queries.receipts import (
    CheckedReceipt,
    check_receipt,
    check_statement,
)
from grants.publication.queries.sources import applications_of, count_applications, public_items, round_of

__all__ = [
    "CheckedReceipt",
    "ObjectionCounts",
    "applications_of",
    "check_receipt",
    "check_statement",
    "count_applications",
    "count_from",
    "count_objections",
    "find_by_fingerprint",
    "find_prepared_list",
    "find_receipt",
    "find_running_notice",
    "find_same",
    "get_award_list",
    "get_list_by_id",
    "get_notice",
    "get_notice_by_id",
    "get_objection",
    "get_released_list",
    "list_in_force",
    "list_of_notice",
    "list_prepared",
    "list_undecided_items",
    "list_versions",
    "page_of_award_lists",
    "page_of_notices",
    "page_of_objections",
    "public_items",
    "round_of",
]
