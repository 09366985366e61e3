"""Reading across stages for pages: every list filtered by what its reader may see, a fixed number of queries each."""

from grants.desk.queries.cases import (
    CaseRows,
    list_corrections_due,
    list_entries,
    list_histories,
    list_runs,
    read_case_rows,
    read_people,
)
from grants.desk.queries.overrules import (
    GivenOverrule,
    OverruleCount,
    count_overrules,
    count_wanting,
    list_overrules_of,
)
from grants.desk.queries.publicly import (
    News,
    PublicFigures,
    calls_on_record,
    find_notice_end,
    list_news,
    list_organisations,
    read_public_figures,
)
from grants.desk.queries.worklist import (
    COUNT_CAP,
    NOBODY,
    WorklistFilter,
    conditions,
    count_work,
    list_call_names,
    list_calls,
    list_work,
    matches,
)

__all__ = [
    "COUNT_CAP",
    "NOBODY",
    "CaseRows",
    "GivenOverrule",
    "News",
    "OverruleCount",
    "PublicFigures",
    "WorklistFilter",
    "calls_on_record",
    "conditions",
    "count_overrules",
    "count_wanting",
    "count_work",
    "find_notice_end",
    "list_call_names",
    "list_calls",
    "list_corrections_due",
    "list_entries",
    "list_histories",
    "list_news",
    "list_organisations",
    "list_overrules_of",
    "list_runs",
    "list_work",
    "matches",
    "read_case_rows",
    "read_people",
    "read_public_figures",
]
