"""Which enterprise applies in which call, with which flaw, and how far its case has come by today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """Where a case stands when the demonstration begins; drafts of a closed call have expired since, old ones gone."""

    EMPTY = "empty"
    PART = "part"
    WHOLE = "whole"
    DISCARDED = "discarded"
    WAITING = "waiting"  # submitted a moment ago, its check left to real workers
    CHECKING = "checking"  # under check, left to real workers
    CHECKED = "checked"
    CHECK_FAILED = "check_failed"
    AT_DISTRICT = "at_district"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    LAPSED = "lapsed"  # returned and not corrected in time
    DECIDED = "decided"  # accepted, or rejected where the check found a ground
    INVITED = "invited"  # panel drawn, nobody has answered
    SCORING = "scoring"  # some sheets are in
    REVIEWED = "reviewed"


class Goal(StrEnum):
    """How far a call as a whole has come."""

    OPEN = "open"
    REVIEW = "review"
    APPROVED = "approved"
    ON_NOTICE = "on_notice"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Story:
    """One application: ``number`` seeds all that is in it; ``company`` is the enterprise's number."""

    number: int
    company: int
    end: End
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One call. ``closed_days_ago`` counts working days; 0 is a call that is open now."""

    code: str
    title: str
    goal: Goal
    closed_days_ago: int
    ceiling_yuan: int
    stories: tuple[Story, ...]


def rounds() -> tuple[RoundPlan, ...]:
    """All calls of the demonstration with their 120 applications, in the order of their numbers."""
    return (
        RoundPlan("sbc", "软件首版次突破专项支持（模拟）第一批", Goal.RELEASED, 80, 12_000_000, _finished_sbc()),
        RoundPlan(
            "sbc", "软件首版次突破专项支持（模拟）第二批（工业软件专题）", Goal.APPROVED, 24, 3_600_000, _approved_sbc()
        ),
        RoundPlan("sbc", "软件首版次突破专项支持（模拟）第三批", Goal.ON_NOTICE, 20, 8_000_000, _noticed_sbc()),
        RoundPlan("sbc", "软件首版次突破专项支持（模拟）第四批", Goal.OPEN, 0, 30_000_000, _open_sbc()),
        RoundPlan("hlw", "“互联网+”专项（模拟）第一批", Goal.RELEASED, 90, 30_000_000, _finished_hlw()),
        RoundPlan("hlw", "“互联网+”专项（模拟）第二批", Goal.REVIEW, 26, 40_000_000, _reviewed_hlw()),
        RoundPlan("hlw", "“互联网+”专项（模拟）第三批", Goal.OPEN, 0, 50_000_000, _open_hlw()),
    )


def _finished_sbc() -> tuple[Story, ...]:
    odd = {
        3: (End.REVIEWED, "low_sales"),
        5: (End.REVIEWED, "self_sale"),
        6: (End.REVIEWED, "old_report"),
        7: (End.REVIEWED, "name_differs"),
        8: (End.REVIEWED, "late_window"),
        9: (End.REVIEWED, "over_asked"),
        11: (End.PART, ""),
        13: (End.WITHDRAWN, ""),
        14: (End.LAPSED, "wrong_order"),
    }
    return tuple(_stories(0, range(16), End.REVIEWED, odd))


def _approved_sbc() -> tuple[Story, ...]:
    return tuple(_stories(1, range(16, 22), End.REVIEWED, {}))


def _noticed_sbc() -> tuple[Story, ...]:
    odd = {24: (End.REVIEWED, "wrong_order"), 27: (End.WITHDRAWN, ""), 30: (End.REVIEWED, "low_sales")}
    return tuple(_stories(2, range(22, 34), End.REVIEWED, odd))


def _open_sbc() -> tuple[Story, ...]:
    odd = {
        34: (End.EMPTY, ""),
        35: (End.PART, ""),
        36: (End.DECIDED, ""),
        37: (End.CHECKED, "low_sales"),
        38: (End.RETURNED, "old_report"),
        39: (End.CHECK_FAILED, ""),
        40: (End.WITHDRAWN, ""),
        41: (End.DECIDED, "self_sale"),
        42: (End.CHECKED, "name_differs"),
        43: (End.WHOLE, ""),
        44: (End.WAITING, ""),
        45: (End.CHECKING, ""),
        46: (End.DECIDED, "name_differs"),
        47: (End.DISCARDED, ""),
        48: (End.WHOLE, ""),
        51: (End.RETURNED, ""),
        52: (End.DECIDED, ""),
    }
    stories = [*_stories(3, [*range(34, 49), *range(50, 60)], End.CHECKED, odd)]
    again = (
        Story(371, 36, End.CHECKED),  # a second application of the same enterprise: only one per call
        Story(372, 0, End.CHECKED, "used_invoice"),  # an invoice that another one has claimed
        Story(373, 1, End.CHECKED, "late_window"),
    )
    return (*stories, *again)


def _finished_hlw() -> tuple[Story, ...]:
    odd = {
        3: (End.REVIEWED, "too_small"),
        4: (End.REVIEWED, "self_raised"),
        5: (End.REVIEWED, "sums_differ"),
        8: (End.REVIEWED, "abroad"),
        10: (End.REVIEWED, "not_recommended"),
        11: (End.REVIEWED, "no_word"),
        12: (End.WHOLE, ""),
    }
    return tuple(_stories(4, range(14), End.REVIEWED, odd))


def _reviewed_hlw() -> tuple[Story, ...]:
    odd = {
        14: (End.CHECKED, ""),
        15: (End.CHECKED, "forbidden_cost"),
        16: (End.CHECKED, "no_word"),
        17: (End.RETURNED, "few_indicators"),
        18: (End.RETURNED, "abroad"),
        19: (End.DECIDED, ""),
        20: (End.DECIDED, ""),
        21: (End.DECIDED, ""),
        22: (End.DECIDED, "finished"),
        23: (End.DECIDED, "not_recommended"),
        24: (End.PART, ""),
        25: (End.WITHDRAWN, ""),
        26: (End.CHECK_FAILED, ""),
        27: (End.INVITED, ""),
        28: (End.SCORING, ""),
        29: (End.SCORING, ""),
        30: (End.SCORING, ""),
    }
    return tuple(_stories(5, range(14, 34), End.REVIEWED, odd))


def _open_hlw() -> tuple[Story, ...]:
    odd = {
        34: (End.PART, ""),
        35: (End.EMPTY, ""),
        36: (End.WHOLE, ""),
        37: (End.AT_DISTRICT, "too_small"),
        38: (End.CHECKED, ""),
        39: (End.CHECKED, "sums_differ"),
        40: (End.WAITING, ""),
        41: (End.WITHDRAWN, ""),
        42: (End.DECIDED, ""),
        48: (End.PART, ""),
    }
    return tuple(_stories(6, [*range(34, 47), 48, *range(50, 60)], End.AT_DISTRICT, odd))


def _stories(call: int, companies: Sequence[int], usual: End, odd: dict[int, tuple[End, str]]) -> Iterator[Story]:
    for company in companies:
        end, flaw = odd.get(company, (usual, ""))
        yield Story(100 * call + company, company, end, flaw)
