"""Whole rounds, told once: the tests let them happen over HTTP and in a browser."""

from __future__ import annotations

from grants.demo.companies import company
from grants.eligibility.queries import latest_findings
from tests.support.walking import enterprises, office
from tests.support.walking.rounds import Round, find
from tests.support.walking.visitor import says
from tests.support.walking.worlds import World, sweep


def walk_sbc(world: World) -> None:
    """软件首版次: one enterprise registers, is returned, corrects after the close, and is awarded; an objection fails."""
    walk = Round(world, "sbc")
    walk.furnish()
    one = company(8)
    walk.open_call()
    enterprises.register(world.visitor(), one)
    office.verify_membership(walk.officer, one.name)
    home = walk.fill_in(one, walk.answers(901, one, flaw="wrong_order"))
    case = walk.submit(one, home)
    walk.wait_until_checked(case)
    enterprise = walk.person(one.email)
    enterprise.open(f"{home}/")
    says(enterprise, "自动核验", case)
    enterprise.picture("outcome-of-the-check")
    office.return_case(walk.officer, case, "请更正到账金额。")
    enterprise.open(f"{home}/")
    says(enterprise, "需补正", "请更正到账金额。")
    _correct_after_close(walk, home, case)
    office.accept_case(walk.officer, case)
    walk.review(case, percent=82)
    walk.decide()
    walk.leave()


def _correct_after_close(walk: Round, home: str, case: str) -> None:
    """A correction keeps number and first instant, and passes the rule on time."""
    one = company(8)
    walk.move_clock(walk.after_close())
    with walk.world.session() as session:
        first_at = find(session, case).submitted_at
        sweep(session)
    assert walk.resubmit(one, home, walk.answers(901, one)) == case
    walk.wait_until_checked(case)
    with walk.world.session() as session:
        application = find(session, case)
        assert application.submitted_at == first_at
        assert application.revision_no == 2
        findings = {finding.rule: finding for finding in latest_findings(session, application)}
        assert findings["SBC-01"].verdict == "pass"
        assert [rule for rule, found in findings.items() if found.verdict == "fail" and found.severity != "warn"] == []
