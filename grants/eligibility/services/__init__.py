"""The verbs of the formal check: read a case, judge it, record the run, decide, recommend, check again."""

from grants.eligibility.services.accepting import (
    ACCEPTED_AT_ONCE,
    accept_item,
    confirm_acceptances,
    give_up_item,
    stage_acceptances,
)
from grants.eligibility.services.assigning import ASSIGNED_AT_ONCE, Assigned, assign_cases, share_cases
from grants.eligibility.services.checking import (
    CaseToCheck,
    JudgedCase,
    case_json_of,
    case_of,
    judge,
    read_case,
    read_first,
    start_check,
    with_answers,
)
from grants.eligibility.services.deciding import decide, due_on_of_correction
from grants.eligibility.services.districts import district_due_on, give_opinion, pass_overdue_districts
from grants.eligibility.services.notices import keep_notice_pdf
from grants.eligibility.services.overruling import finding_in_force, overrule_finding, withdraw_overrule
from grants.eligibility.services.rebuilding import ClaimsCount, count_claims, rebuild_next_claims
from grants.eligibility.services.reconsidering import MAX_STATEMENT, answer_rejection, ask_reconsideration
from grants.eligibility.services.recording import fail_check, record_run
from grants.eligibility.services.replaying import Replay, list_recorded_ids, replay_run, replay_runs
from grants.eligibility.services.rereading import ask_unread_again
from grants.eligibility.services.revoking import confirm_revocation, propose_revocation, refuse_revocation
from grants.eligibility.services.sweeping import (
    announce_asof_reached,
    expire_overdue,
    purge_ended,
    recheck_after_scan,
    recheck_claimants,
    request_recheck,
)
from grants.eligibility.services.telling import correction_facts, correction_letter

__all__ = [
    "ACCEPTED_AT_ONCE",
    "ASSIGNED_AT_ONCE",
    "MAX_STATEMENT",
    "Assigned",
    "CaseToCheck",
    "ClaimsCount",
    "JudgedCase",
    "Replay",
    "accept_item",
    "announce_asof_reached",
    "answer_rejection",
    "ask_reconsideration",
    "ask_unread_again",
    "assign_cases",
    "case_json_of",
    "case_of",
    "confirm_acceptances",
    "confirm_revocation",
    "correction_facts",
    "correction_letter",
    "count_claims",
    "decide",
    "district_due_on",
    "due_on_of_correction",
    "expire_overdue",
    "fail_check",
    "finding_in_force",
    "give_opinion",
    "give_up_item",
    "judge",
    "keep_notice_pdf",
    "list_recorded_ids",
    "overrule_finding",
    "pass_overdue_districts",
    "propose_revocation",
    "purge_ended",
    "read_case",
    "read_first",
    "rebuild_next_claims",
    "recheck_after_scan",
    "recheck_claimants",
    "record_run",
    "refuse_revocation",
    "replay_run",
    "replay_runs",
    "request_recheck",
    "share_cases",
    "stage_acceptances",
    "start_check",
    "with_answers",
    "withdraw_overrule",
]
