"""The next call: who was not funded applies again with the same contracts, who was funded cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from grants.demo.answers import Filled, sbc_answers
from grants.demo.companies import Company
from grants.eligibility.queries import latest_findings
from grants.kernel.clock import local_instant
from tests.support.walking import office
from tests.support.walking.rounds import Round, find
from tests.support.walking.visitor import Typed, says, silent
from tests.support.walking.worlds import HttpWorld, sweep

WON, LOST = 1, 2  # enterprises; each has the same papers in both years


@dataclass
class NextYear(Round):
    """The call a year later, in which everybody hands in what they had in the first."""

    first: Round = field(kw_only=True)

    def parameters(self) -> dict[str, Typed]:
        return {**super().parameters(), "sales_from": self.first.parameters()["sales_from"]}

    def answers(self, number: int, one: Company, *, flaw: str = "") -> Filled:
        asof, year = self.first.closes_on, int(self.ref.split("-")[1])
        start = asof - timedelta(days=360)
        return sbc_answers(one, number=number, year=year, sales_from=start, asof=asof, flaw=flaw)


def test_the_same_contracts_count_again_for_who_was_not_funded(world: HttpWorld) -> None:
    walk = Round(world, "sbc")
    walk.furnish(WON, LOST)
    walk.open_call()
    won, lost = (walk.apply_by_services(number, 900 + number) for number in (WON, LOST))
    decide(world, walk, won, lost)

    spring = date(walk.today.year + 1, 3, 2)
    walk.move_clock(local_instant(spring, 9))
    following = NextYear(world, "sbc", today=spring, seated=walk.seated, first=walk)
    following.open_call()
    again_won, again_lost = (following.apply_by_services(number, 900 + number) for number in (WON, LOST))
    for ref in (again_won, again_lost):
        following.wait_until_checked(ref)

    assert verdicts(world, again_lost) == {"SBC-27": "pass", "SBC-28": "pass", "SBC-34": "pass"}
    assert verdicts(world, again_won) == {"SBC-27": "fail", "SBC-28": "pass", "SBC-34": "fail"}
    officer = following.officer
    officer.open(f"/staff/cases/{again_won}")
    says(officer, "已作为其他申报的依据", "同一产品、同一版本已有其他申报", won)
    officer.open(f"/staff/cases/{again_lost}")
    silent(officer, lost)
    walk.leave()


def decide(world: HttpWorld, walk: Round, won: str, lost: str) -> None:
    """The first round, to its list: one is funded, the other has not enough points."""
    for ref in (won, lost):
        walk.wait_until_checked(ref)
        office.accept_case(walk.officer, ref)
    walk.move_clock(walk.after_close())
    with world.session() as session:
        sweep(session)
    walk.review(won, percent=82, in_person=False)
    walk.review(lost, percent=40, in_person=False)
    walk.decide()
    notice = walk.publish()
    walk.move_clock(walk.after_notice(notice))
    walk.release(notice)
    enterprise = walk.enterprise(LOST)
    with world.session() as session:
        home = f"/apply/{find(session, lost).id}/"
    enterprise.open(home)
    says(enterprise, "本批次未予支持", "可用于以后的申报")


def verdicts(world: HttpWorld, ref: str) -> dict[str, str]:
    """What the rules say that look at other applications."""
    with world.session() as session:
        findings = latest_findings(session, find(session, ref))
        return {found.rule: found.verdict for found in findings if found.rule in ("SBC-27", "SBC-28", "SBC-34")}
