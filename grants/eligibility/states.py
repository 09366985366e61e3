"""Kinds of runs, what a run proposes, what an officer decides, and how a rejection is looked at again."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.lifecycle import Lifecycle


class RunKind(StrEnum):
    """At most one effective run exists per revision and kind (decision 18)."""

    SUBMIT = "submit"  # rules due at submission
    CITY = "city"  # rules due when the district has passed the case on, or its deadline is over
    AFTER_CLOSE = "after_close"  # evidence rules once more after T (decision 5)


class Outcome(StrEnum):
    """What an officer decides in the formal check (形式审查)."""

    ACCEPT = "accept"
    RETURN = "return"
    REJECT = "reject"


class ReconsiderationState(StrEnum):
    """How an applicant's request stands that a rejection be looked at again (复核申请)."""

    ASKED = "asked"
    UPHELD = "upheld"  # the rejection stays
    TAKEN_BACK = "taken_back"
    FOUND_WRONG = "found_wrong"  # it was wrong, and its round is over: it can only be said


class Answer(StrEnum):
    """What a second officer says of a rejection; the events of the lifecycle below."""

    TAKE_BACK = "take_back"
    UPHOLD = "uphold"
    FIND_WRONG = "find_wrong"


RECONSIDERATION: Lifecycle[ReconsiderationState] = Lifecycle(
    {
        (ReconsiderationState.ASKED, Answer.UPHOLD): ReconsiderationState.UPHELD,
        (ReconsiderationState.ASKED, Answer.TAKE_BACK): ReconsiderationState.TAKEN_BACK,
        (ReconsiderationState.ASKED, Answer.FIND_WRONG): ReconsiderationState.FOUND_WRONG,
    }
)


class RevocationState(StrEnum):
    """How it stands that an acceptance be revoked: one person proposes, another decides."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


REVOCATION: Lifecycle[RevocationState] = Lifecycle(
    {
        (RevocationState.PROPOSED, "confirm"): RevocationState.CONFIRMED,
        (RevocationState.PROPOSED, "refuse"): RevocationState.REFUSED,
    }
)


class Proposal(StrEnum):
    """What the findings come to; the worst of them decides. A person confirms it or not."""

    ACCEPT = "accept"
    LOOK = "look"  # something only a person can judge, or a register that could not be read
    RETURN = "return"
    REJECT = "reject"


class ImpactDirection(StrEnum):
    """Where a finding would go under another definition or other parameters; the last two concern the whole case."""

    TO_FAIL = "to_fail"
    TO_PASS = "to_pass"
    TO_UNKNOWN = "to_unknown"
    OTHER = "other"  # no longer applicable, no longer asked, not due yet
    PROPOSAL = "proposal"  # what the findings come to
    UNREADABLE = "unreadable"  # an answer does not fit the new definition


class ItemOutcome(StrEnum):
    """What has become of a case on a list of cases to be accepted in one go."""

    STAGED = "staged"
    ACCEPTED = "accepted"
    LEFT_OUT = "left_out"


class PersonVerdict(StrEnum):
    """What an officer can say of a rule against its finding."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
