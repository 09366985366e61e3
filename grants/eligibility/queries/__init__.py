"""Reading the formal check: runs and how it stands (``checks``), what officers overruled."""

from grants.eligibility.queries.checks import (
    build_standing,
    count_corrections,
    find_decision,
    find_opinion,
    find_revision_id,
    find_run,
    find_summary,
    finding_json,
    findings_of,
    in_force,
    latest_findings,
    list_runs,
    standing_of,
)
from grants.eligibility.queries.notices import get_notice, get_notice_file, list_notices
from grants.eligibility.queries.overrules import find_overrule, list_overrules

__all__ = [
    "build_standing",
    "count_corrections",
    "find_decision",
    "find_opinion",
    "find_overrule",
    "find_revision_id",
    "find_run",
    "find_summary",
    "finding_json",
    "findings_of",
    "get_notice",
    "get_notice_file",
    "in_force",
    "latest_findings",
    "list_notices",
    "list_overrules",
    "list_runs",
    "standing_of",
]
