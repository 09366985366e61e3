"""What holds when a person has spoken against a finding: pure."""

from dataclasses import dataclass, field, replace

import pytest

from grants.eligibility.domain import Standing, hold, latest_overrules, said_of, stands_against
from grants.eligibility.states import Proposal


@dataclass(frozen=True)
class Found:
    rule: str = "X-01"
    title: str = "注册地"
    verdict: str = "fail"
    cause: str | None = None
    severity: str = "reject"
    due: bool = True
    clause: str = "《指南》一"
    message: str = "不在本市登记"
    remedy: str = ""
    read: list = field(default_factory=lambda: [{"name": "reg.in_shanghai", "value": "false"}])
    evidence: list = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    said: str
    verdict: str | None = "pass"
    rule: str = "X-01"
    reason: str = "已核原件"
    clause: str = "《指南》二"


def standing(*findings, overrules=()):
    return Standing(
        judged=frozenset(),
        awaited=frozenset(),
        findings=findings,
        corrections=0,
        decided=False,
        recommended=None,
        overrules=latest_overrules(overrules),
    )


def test_a_persons_verdict_holds_beside_the_finding_and_leaves_it_as_it_is():
    finding = Found()

    (held,) = hold([finding], {"X-01": Said(said_of(finding))})

    assert (held.verdict, held.machine, held.machine.verdict) == ("pass", finding, "fail")
    assert not stands_against(held)
    assert stands_against(finding)


def test_a_failure_that_a_person_found_rests_on_the_persons_clause_and_reason():
    finding = Found(verdict="unknown", cause="evidence")

    (held,) = hold([finding], {"X-01": Said(said_of(finding), verdict="fail")})

    assert (held.verdict, held.cause, held.clause, held.message) == ("fail", None, "《指南》二", "已核原件")
    assert standing(finding, overrules=[Said(said_of(finding), verdict="fail")]).grounds == ("X-01",)


@pytest.mark.parametrize(
    "other",
    [
        Found(message="已吊销"),
        Found(read=[{"name": "reg.in_shanghai", "value": ""}]),
        Found(verdict="unknown", cause="evidence"),
        Found(due=False),
    ],
)
def test_on_other_values_the_machines_verdict_holds(other):
    overrules = {"X-01": Said(said_of(Found()))}

    assert hold([other], overrules) == (other,)


def test_the_last_word_speaks_and_one_without_a_verdict_takes_the_former_back():
    finding = Found()
    said = Said(said_of(finding))

    assert hold([finding], latest_overrules([said, replace(said, verdict=None)])) == (finding,)
    assert hold([finding], latest_overrules([replace(said, verdict=None), said]))[0].verdict == "pass"


def test_proposal_and_grounds_are_those_of_what_holds():
    failed, other = Found(), Found(rule="X-02", severity="return")

    assert standing(failed, other).proposal is Proposal.REJECT
    overruled = standing(failed, other, overrules=[Said(said_of(failed))])

    assert (overruled.proposal, overruled.grounds) == (Proposal.RETURN, ())
    assert overruled.findings == (failed, other)
