"""A case under another definition: what is carried over, what changes, which figures come of it."""

from dataclasses import replace

import pytest

from grants.eligibility.domain.impact import (
    PRIVATE,
    ImpactTally,
    Verdict,
    adapt_case,
    compare_verdicts,
    shown_value,
    tally_from_json,
    unreadable,
)
from grants.eligibility.states import ImpactDirection
from grants.programmes.domain import Finding, FindingVerdict, Severity
from tests.unit.programmes.casebook import shipped

SBC = shipped("sbc")
CASE = {
    "org": {"name": "甲", "gone": "x"},
    "answers": {
        "product_name": "乙",
        "gone": 1,
        "contracts": [{"id": "r1", "software": "5", "gone": "y"}],
        "invoice_tags": ["a", "b"],
    },
    "documents": [{"key": "a2", "row": None}, {"key": "gone", "row": None}],
    "call": {"asof": "2026-04-30", "parameters": {"min_sales": "500000", "cap": "1", "gone": "2"}},
}


def adapted(parameters=(), defaults=()):
    return adapt_case(SBC, dict(defaults), CASE, dict(parameters))


def test_what_the_new_definition_does_not_know_is_left_out():
    case = adapted()

    assert case["org"] == {"name": "甲"}
    assert case["answers"] == {"product_name": "乙", "contracts": [{"id": "r1", "software": "5"}]}
    assert [file["key"] for file in case["documents"]] == ["a2"]
    assert case["call"]["parameters"] == {"min_sales": "500000", "cap": "1"}
    assert CASE["answers"]["gone"] == 1


def test_a_parameter_at_its_former_default_follows_the_new_one():
    assert adapted(defaults={"min_sales": "500000", "cap": "9"})["call"]["parameters"] == {"cap": "1"}


def test_given_parameters_replace_the_calls():
    assert adapted({"cap": "7"})["call"]["parameters"]["cap"] == "7"


def verdict(word, cause=None, *, due=True):
    return Verdict("R", "规则", "reject", word, cause, due, "旧")


def finding(word, cause=None, *, due=True):
    return Finding(
        rule="R",
        title="规则",
        verdict=FindingVerdict(word),
        cause=cause,
        severity=Severity.REJECT,
        clause="",
        message="新",
        remedy="",
        read=(("org.name", "甲"),),
        evidence=(),
        due=due,
    )


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (verdict("pass"), finding("pass"), None),
        (verdict("pass"), finding("fail"), (ImpactDirection.TO_FAIL, "pass", "fail")),
        (verdict("fail"), finding("pass"), (ImpactDirection.TO_PASS, "fail", "pass")),
        (verdict("pass"), finding("unknown", "answer"), (ImpactDirection.TO_UNKNOWN, "pass", "unknown")),
        (verdict("fail"), finding("not_applicable"), (ImpactDirection.OTHER, "fail", "not_applicable")),
        (None, finding("fail"), (ImpactDirection.TO_FAIL, "absent", "fail")),
        (None, finding("unknown", "not_due", due=False), None),
        (verdict("unknown", "not_due", due=False), finding("unknown", "not_due", due=False), None),
        (verdict("pass"), finding("unknown", "not_due", due=False), (ImpactDirection.OTHER, "pass", "not_due")),
        (verdict("pass"), None, (ImpactDirection.OTHER, "pass", "absent")),
    ],
)
def test_a_finding_goes_to_a_side(before, after, found):
    changes = compare_verdicts(SBC, [before] if before else [], [after] if after else [])

    assert [(change.direction, change.before, change.after) for change in changes if change.rule] == (
        [found] if found else []
    )


def test_what_the_findings_come_to_is_a_change_of_its_own():
    *_, last = compare_verdicts(SBC, [verdict("pass")], [finding("fail")])

    assert (last.direction, last.before, last.after) == (ImpactDirection.PROPOSAL, "accept", "reject")


def test_personal_values_are_not_listed():
    private = next(path for path, field in SBC.fields_by_path.items() if field.private)

    assert shown_value(SBC, private, "13800000000") == PRIVATE
    assert shown_value(SBC, "contracts[r1].software", "5") == "5"


def test_figures_add_up_and_survive_being_stored():
    changed, gone = compare_verdicts(SBC, [verdict("pass")], [finding("fail")]), unreadable("坏")
    one, other = ImpactTally(), ImpactTally()
    one.count(changed)
    other.count(())
    other.count(gone)

    one.add(tally_from_json(other.to_json()))

    assert (one.judged, one.changed, one.unreadable) == (3, 2, 1)
    assert one.rules == {("R", "to_fail"): 1}
    assert tally_from_json(one.to_json()) == replace(one)
