"""What can be done with an application: start, fill in, attach, submit, withdraw, return, advance."""

from grants.applications.services.advancing import (
    advance,
    release_claims,
    return_for_correction,
    withdraw_application,
)
from grants.applications.services.answers import (
    Base,
    Conflict,
    Entry,
    SaveOutcome,
    save_answers,
    save_section,
    write_answers,
)
from grants.applications.services.attachments import attach_file, remove_file, require_slot
from grants.applications.services.expiring import expire_overdue
from grants.applications.services.rows import add_row, delete_row, move_row
from grants.applications.services.starting import start_application
from grants.applications.services.submission import (
    accepted_in,
    begin_submission,
    clock_face,
    profile_of,
    submit_application,
    undertakings_of,
)

__all__ = [
    "Base",
    "Conflict",
    "Entry",
    "SaveOutcome",
    "accepted_in",
    "add_row",
    "advance",
    "attach_file",
    "begin_submission",
    "clock_face",
    "delete_row",
    "expire_overdue",
    "move_row",
    "profile_of",
    "release_claims",
    "remove_file",
    "require_slot",
    "return_for_correction",
    "save_answers",
    "save_section",
    "start_application",
    "submit_application",
    "undertakings_of",
    "withdraw_application",
    "write_answers",
]
