"""Whole rounds, told once: the tests let them happen over HTTP and in a browser."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.domain.papers import PdfState
from grants.applications.models import Application, ApplicationPdf
from grants.demo.companies import company
from grants.eligibility.queries import latest_findings
from tests.support.walking import enterprises, office, publishers
from tests.support.walking.rounds import Round, find
from tests.support.walking.visitor import says, silent
from tests.support.walking.worlds import World, sweep


def walk_sbc(world: World, folder: Path) -> None:
    """软件首版次: an enterprise registers, is returned, corrects after the close, is awarded; an objection fails."""
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
    notice = walk.publish()
    passer_by = world.visitor()
    receipt = publishers.object_to(passer_by, notice, case)
    walk.move_clock(walk.after_notice(notice))
    _list_waits_for_objection(walk, notice)
    publishers.decide_objection(walk.officer, case, uphold=False, reply="经核实，异议不成立。")
    passer_by.open(receipt)
    says(passer_by, "经核实，异议不成立。")
    released = walk.release(notice)
    publishers.check_downloads(passer_by, released, projects=[case], folder=folder)
    _papers(walk, home, case)
    _told(walk, home, case)
    passer_by.leave()
    walk.leave()


def _papers(walk: Round, home: str, case: str) -> None:
    """The enterprise has the form that it handed in as a PDF, and of both submissions a receipt that holds."""
    enterprise = walk.person(company(8).email)
    enterprise.open(f"{home}/papers")
    enterprise.press("生成申报书 PDF")
    walk.world.until(lambda session: is_nothing_queued(session, find(session, case)))
    enterprise.open(f"{home}/papers")
    says(enterprise, "第 1 次提交", "第 2 次提交")
    enterprise.picture("papers")
    pdfs = enterprise.links(f"{home}/papers/")
    assert len(pdfs) == 3
    assert all(enterprise.fetch(pdf).content.startswith(b"%PDF-") for pdf in pdfs)


def _list_waits_for_objection(walk: Round, notice: str) -> None:
    """With an objection undecided there can be no list."""
    walk.administrator.open(f"/staff/publication/notices/{notice}/list")
    says(walk.administrator, "现在还不能编制", "异议")


def _told(walk: Round, home: str, case: str) -> None:
    """The enterprise sees the end of its case and has been told of every step; the mails lie in their folder."""
    enterprise = walk.person(company(8).email)
    enterprise.open(f"{home}/")
    says(enterprise, "已立项", case)
    enterprise.picture("awarded")
    enterprise.open("/inbox")
    says(enterprise, "补正", "公示", "立项")
    enterprise.picture("inbox")
    walk.administrator.open("/staff/mails")
    says(walk.administrator, company(8).email)


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


def walk_hlw(world: World, folder: Path) -> None:
    """ "互联网+": two enterprises, their districts recommend, both are proposed; an upheld objection removes one."""
    walk = Round(world, "hlw")
    one, other = company(4), company(5)
    walk.furnish(4, 5)
    walk.open_call()
    home = walk.fill_in(one, walk.answers(904, one))
    case = walk.submit(one, home)
    second = walk.apply_by_services(5, 905)
    for ref in (case, second):
        walk.wait_until_checked(ref)
    enterprise = walk.person(one.email)
    enterprise.open(f"{home}/")
    says(enterprise, "区级初审中", case)
    _recommend(walk, case, second)
    for ref in (case, second):
        walk.wait_until_due(ref)
        office.accept_case(walk.officer, ref)
    walk.move_clock(walk.after_close())
    with world.session() as session:
        sweep(session)
    walk.review(case, percent=86)
    walk.review(second, percent=74, in_person=False)
    walk.decide()
    notice = walk.publish()
    passer_by = world.visitor()
    publishers.object_to(passer_by, notice, second)
    publishers.decide_objection(walk.officer, second, uphold=True, reply="经核实，建设场地已转让，异议成立。")
    corrected = notice.removesuffix("-1") + "-2"
    passer_by.open(f"/notices/{notice}")
    says(passer_by, "已被更正版替代")
    passer_by.open(f"/notices/{corrected}")
    says(passer_by, "本版更正", "第 2 版", case)
    silent(passer_by, other.name)
    walk.move_clock(walk.after_notice(corrected))
    released = walk.release(corrected)
    publishers.check_downloads(passer_by, released, projects=[case], folder=folder)
    enterprise.open(f"{home}/")
    says(enterprise, "已立项", case)
    passer_by.leave()
    walk.leave()


def _recommend(walk: Round, case: str, second: str) -> None:
    """A district officer sees the cases of one district and gives the district's word on them."""
    district = walk.district_of(company(4))
    district.open("/staff/?view=all")
    says(district, case)
    silent(district, second)
    district.open(f"/staff/cases/{second}")
    assert district.status == 404
    office.give_opinion(
        district, case, recommended="yes", match_fen="20", opinion="项目符合本区产业方向，同意推荐并配套。"
    )
    walk.recommend_by_services(second)


def is_nothing_queued(session: Session, application: Application) -> bool:
    """Whether every PDF of an application that was asked for has been made, or has failed."""
    queued = select(ApplicationPdf.id).where(
        ApplicationPdf.application_id == application.id, ApplicationPdf.state == PdfState.QUEUED
    )
    return session.scalars(queued).first() is None
