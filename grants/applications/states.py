"""States of an application and the only table by which they change (domain.md, section 4.1)."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKING = "checking"
    CHECKED = "checked"
    CHECK_FAILED = "check_failed"
    RETURNED = "returned"
    DISTRICT_REVIEW = "district_review"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    REVIEWED = "reviewed"
    PROPOSED = "proposed"
    ON_NOTICE = "on_notice"
    AWARDED = "awarded"
    REJECTED = "rejected"
    NOT_FUNDED = "not_funded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DISCARDED = "discarded"
    PURGED = "purged"


S = ApplicationState
WITHDRAWABLE = (S.SUBMITTED, S.CHECKING, S.CHECKED, S.CHECK_FAILED, S.RETURNED, S.DISTRICT_REVIEW, S.ACCEPTED)
APPLICATION: Lifecycle[ApplicationState] = Lifecycle(
    {
        (S.DRAFT, "submit"): S.SUBMITTED,
        (S.DRAFT, "expire"): S.EXPIRED,
        (S.DRAFT, "discard"): S.DISCARDED,
        (S.EXPIRED, "restore"): S.DRAFT,  # of what was never submitted: more time was granted
        (S.DISCARDED, "restore"): S.DRAFT,
        (S.EXPIRED, "purge"): S.PURGED,  # of what was never submitted
        (S.DISCARDED, "purge"): S.PURGED,
        (S.SUBMITTED, "start_check"): S.CHECKING,
        (S.CHECKING, "start_check"): S.CHECKING,  # a second delivery begins again
        (S.CHECKING, "finish_check"): S.CHECKED,
        (S.SUBMITTED, "fail_check"): S.CHECK_FAILED,
        (S.CHECKING, "fail_check"): S.CHECK_FAILED,
        (S.CHECK_FAILED, "start_check"): S.CHECKING,
        (S.CHECKED, "pass_to_district"): S.DISTRICT_REVIEW,
        (S.DISTRICT_REVIEW, "pass_to_city"): S.CHECKED,
        (S.DISTRICT_REVIEW, "return"): S.RETURNED,
        (S.CHECKED, "accept"): S.ACCEPTED,
        (S.CHECKED, "return"): S.RETURNED,
        (S.CHECKED, "reject"): S.REJECTED,
        (S.REJECTED, "take_back"): S.SUBMITTED,  # it is checked anew, then decided anew
        (S.RETURNED, "submit"): S.SUBMITTED,
        (S.RETURNED, "expire"): S.EXPIRED,
        (S.ACCEPTED, "revoke_acceptance"): S.REJECTED,  # what was read again after T speaks against it
        (S.ACCEPTED, "draw_panel"): S.UNDER_REVIEW,
        (S.UNDER_REVIEW, "draw_panel"): S.UNDER_REVIEW,  # a redraw
        (S.UNDER_REVIEW, "complete_review"): S.REVIEWED,
        (S.REVIEWED, "propose"): S.PROPOSED,
        (S.REVIEWED, "decline"): S.NOT_FUNDED,
        (S.PROPOSED, "reopen"): S.REVIEWED,
        (S.NOT_FUNDED, "reopen"): S.REVIEWED,
        (S.PROPOSED, "publish_notice"): S.ON_NOTICE,
        (S.ON_NOTICE, "remove_from_notice"): S.NOT_FUNDED,
        (S.ON_NOTICE, "release"): S.AWARDED,
        **{(state, "withdraw"): S.WITHDRAWN for state in WITHDRAWABLE},
    }
)

PAST_TENSE: dict[str, str] = {  # what the audit log calls an event that has happened
    "submit": "submitted",
    "expire": "expired",
    "discard": "discarded",
    "restore": "restored",
    "purge": "purged",
    "start_check": "check_started",
    "finish_check": "checked",
    "fail_check": "check_failed",
    "pass_to_district": "passed_to_district",
    "pass_to_city": "passed_to_city",
    "accept": "accepted",
    "return": "returned",
    "reject": "rejected",
    "take_back": "rejection_taken_back",
    "revoke_acceptance": "acceptance_revoked",
    "draw_panel": "panel_drawn",
    "complete_review": "review_completed",
    "propose": "proposed",
    "decline": "declined",
    "reopen": "reopened",
    "publish_notice": "put_on_notice",
    "remove_from_notice": "removed_from_notice",
    "release": "awarded",
    "withdraw": "withdrawn",
}
FUNDED = frozenset({S.AWARDED})  # by a released list, which nobody takes back
EDITABLE = frozenset({S.DRAFT, S.RETURNED})
ENDED_DRAFT = frozenset({S.EXPIRED, S.DISCARDED})  # kept for a while, where it was never submitted
GONE = frozenset({S.DISCARDED, S.PURGED})  # not among an organisation's applications any more
ENDED = frozenset({S.WITHDRAWN, S.EXPIRED, *GONE})  # for good, or until a draft is restored
