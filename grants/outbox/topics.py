"""What may be announced, in the past tense, and in which lane it travels unless the publisher says otherwise."""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    """Interactive work has worker processes of its own, so bulk work cannot hold it up (decision 19)."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


TOPICS: dict[str, Lane] = {
    "acceptance.confirmed": Lane.BULK,  # {list_id, application_id}: accept one case of a confirmed list
    "application.submitted": Lane.INTERACTIVE,  # {revision_id}: run the rules due at submission
    "application.passed_district": Lane.INTERACTIVE,  # {revision_id}: run the rules due at the city's stage
    "application.asof_reached": Lane.BULK,  # {revision_id}: run the evidence rules once more after T
    "application.recheck_asked": Lane.BULK,  # {revision_id}: judge again on new evidence; one by one INTERACTIVE
    "application.claims_released": Lane.BULK,  # {application_id}: re-check who failed by what it gave up or let go
    "application.expired": Lane.BULK,  # {application_id}: re-check those who failed by its claims
    "application.rejected": Lane.BULK,  # {application_id}: re-check those who failed by its claims
    "application.withdrawn": Lane.BULK,  # {application_id}: re-check those who failed by its claims
    "application_pdf.requested": Lane.BULK,  # {pdf_id}: typeset a receipt or an application
    "call.concluded": Lane.BULK,  # {call_id}: the result is final: who was not funded lets go of what is used once
    "deadline.extended": Lane.BULK,  # {extension_id}: drafts follow, units are told
    "formal_notice.issued": Lane.BULK,  # {decision_id}: typeset what was put in writing to an applicant
    "review.panel_completed": Lane.INTERACTIVE,  # {panel_id}: aggregate the sheets
    "notice.published": Lane.INTERACTIVE,  # {notice_id}: typeset the notice, tell the applicants
    "award_list.released": Lane.INTERACTIVE,  # {award_list_id}: typeset the list, tell the applicants
    "definition.proposed": Lane.BULK,  # {draft_id}: work out what it would change
    "impact.asked": Lane.BULK,  # {preview_id}: cut the cases into chunks
    "impact.chunk_cut": Lane.BULK,  # {preview_id, number}: judge the cases of a chunk again
    "file.cleared": Lane.BULK,  # {file_id}: make a preview of its first page
    "file.received": Lane.INTERACTIVE,  # {file_id}: scan it, for until then nobody can open it
    "file.forgotten": Lane.BULK,  # {sha256}: remove the bytes of a content that no file has any more
    "register_import.received": Lane.BULK,  # {import_id}: find the headings of an uploaded table
    "register_import.mapped": Lane.BULK,  # {import_id, number}: judge its lines, stage its records
    "password.forgotten": Lane.INTERACTIVE,  # {reset_id}: mail a link, where the address is somebody's
    "mail.requested": Lane.BULK,  # {mail_id}: deliver one mail; one that holds a key INTERACTIVE
}
