"""What can be done with an application: start, fill in, attach, submit, withdraw, return, advance."""

from grants.applications.services.advancing import (
    Step,
    advance,
    advance_by,
    return_for_correction,
    withdraw_application,
)
from grants.applications.services.answers import save_answers, save_held_answers, save_section, write_answers
from grants.applications.services.attachments import attach_file, holds_file, remove_file, require_slot
from grants.applications.services.cells import Base, Conflict, Entry, SaveOutcome, base_of
from grants.applications.services.claiming import claim_uses, release_claims
from grants.applications.services.colleagues import COMMENT_LENGTH, assign_section, resolve_thread, write_comment
from grants.applications.services.ending import discard_draft, purge_ended, restore_draft
from grants.applications.services.expiring import expire_overdue
from grants.applications.services.extending import follow_extension
from grants.applications.services.last_days import find_moved_last_days, keep_last_day, move_last_days
from grants.applications.services.letting_go import let_go_uses
from grants.applications.services.opening import open_draft
from grants.applications.services.papers import (
    fail_pdf,
    keep_pdf,
    sweep_draft_pdfs,
)
from grants.applications.services.presence import note_presence, sweep_presence
from grants.applications.services.profiles import refresh_from_profile, save_profile
from grants.applications.services.receipts import ask_for_pdf, sign_receipt, signed
from grants.applications.services.reclaiming import Reclaimed, rebuild_claims
from grants.applications.services.reinstating import reinstate_application
from grants.applications.services.reminding import remind_of_drafts
from grants.applications.services.rows import (
    ImportOutcome,
    add_row,
    copy_row,
    delete_row,
    import_rows,
    move_row,
    restore_row,
    undo_import,
)
from grants.applications.services.scanned import follow_scan
from grants.applications.services.signing import ask_to_sign
from grants.applications.services.starting import start_application
from grants.applications.services.submission import (
    accepted_in,
    begin_submission,
    clock_face,
    submit_application,
    undertakings_of,
)
from grants.applications.services.uploads import (
    attach_upload,
    begin_upload,
    delete_abandoned_uploads,
    discard_upload,
    wanted_parts,
)

__all__ = [
    "COMMENT_LENGTH",
    "Base",
    "Conflict",
    "Entry",
    "ImportOutcome",
    "Reclaimed",
    "SaveOutcome",
    "Step",
    "accepted_in",
    "add_row",
    "advance",
    "advance_by",
    "ask_for_pdf",
    "ask_to_sign",
    "assign_section",
    "attach_file",
    "attach_upload",
    "base_of",
    "begin_submission",
    "begin_upload",
    "claim_uses",
    "clock_face",
    "copy_row",
    "delete_abandoned_uploads",
    "delete_row",
    "discard_draft",
    "discard_upload",
    "expire_overdue",
    "fail_pdf",
    "find_moved_last_days",
    "follow_extension",
    "follow_scan",
    "holds_file",
    "import_rows",
    "keep_last_day",
    "keep_pdf",
    "let_go_uses",
    "move_last_days",
    "move_row",
    "note_presence",
    "open_draft",
    "purge_ended",
    "rebuild_claims",
    "refresh_from_profile",
    "reinstate_application",
    "release_claims",
    "remind_of_drafts",
    "remove_file",
    "require_slot",
    "resolve_thread",
    "restore_draft",
    "restore_row",
    "return_for_correction",
    "save_answers",
    "save_held_answers",
    "save_profile",
    "save_section",
    "sign_receipt",
    "signed",
    "start_application",
    "submit_application",
    "sweep_draft_pdfs",
    "sweep_presence",
    "undertakings_of",
    "undo_import",
    "wanted_parts",
    "withdraw_application",
    "write_answers",
    "write_comment",
]
