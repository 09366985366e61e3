"""Forms made from the pinned definition: a builder per field kind, and the way between stored and typed.

A form carries, in one hidden field, which answers it shows and how they stood (``shown``): only those are read back, so
what was not on the page cannot be cleared, and a change by somebody else is seen.
"""

from grants.applications.forms.answers import (
    AnswerForm,
    build_answer_form,
    fill,
    join_shown,
    posted_values,
    read_shown,
    shown_text,
)
from grants.applications.forms.colleagues import SECTION, WAS, CommentForm, build_assignment_form
from grants.applications.forms.intents import (
    APPEND,
    REPLACE,
    WITH_HEADING,
    WITHOUT_HEADING,
    Intent,
    PasteForm,
    block_mark,
    fresh_intent,
    read_intent,
    shown_mark,
    write_bases,
)
from grants.applications.forms.others import (
    MAX_WORKBOOK_BYTES,
    ReasonForm,
    WorkbookForm,
    build_undertaking_form,
)
from grants.applications.forms.pasting import ReadLine, read_lines
from grants.applications.forms.uploads import NewUploadForm
from grants.questions import Asked, asked_in, find_asked, input_name, to_stored, to_typed

__all__ = [
    "APPEND",
    "MAX_WORKBOOK_BYTES",
    "REPLACE",
    "SECTION",
    "WAS",
    "WITHOUT_HEADING",
    "WITH_HEADING",
    "AnswerForm",
    "Asked",
    "CommentForm",
    "Intent",
    "NewUploadForm",
    "PasteForm",
    "ReadLine",
    "ReasonForm",
    "WorkbookForm",
    "asked_in",
    "block_mark",
    "build_answer_form",
    "build_assignment_form",
    "build_undertaking_form",
    "fill",
    "find_asked",
    "fresh_intent",
    "input_name",
    "join_shown",
    "posted_values",
    "read_intent",
    "read_lines",
    "read_shown",
    "shown_mark",
    "shown_text",
    "to_stored",
    "to_typed",
    "write_bases",
]
