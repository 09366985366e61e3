"""A programme that exists only as a file: 上海市工业互联网示范项目征集, loaded by the command and walked to its list.

Three directions with questions of their own, other tables, another panel, money that passes over what does not fit.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState
from grants.demo.answers import Filled
from grants.demo.companies import Company, company
from grants.eligibility.domain import restore_case
from grants.eligibility.queries import findings_of, latest_findings, list_runs
from grants.kernel.money import yuan
from grants.programmes.domain import parse_definition
from grants.reviews.models import Panel, ReviewResult
from tests.support.walking import enterprises, office, publishers
from tests.support.walking.rounds import Round, find
from tests.support.walking.stories import is_nothing_queued
from tests.support.walking.visitor import Typed, says, silent
from tests.support.walking.worlds import HttpWorld, sweep

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "journeys" / "programmes" / "gyhlw-sf.yaml"
WAN = yuan(10_000)
DATA, VIRTUAL, DESIGN = 4, 5, 6  # the enterprises, by their direction
OF_DIRECTION = {DATA: "data", VIRTUAL: "virtual", DESIGN: "design"}
CATEGORY = {DATA: "工业大数据", VIRTUAL: "虚拟生产", DESIGN: "协同设计与制造"}
PAID_FEN = {DATA: yuan("6023456.78"), VIRTUAL: yuan(8_000_000), DESIGN: yuan(5_000_000)}
ENTITLED = {DATA: "1805000", VIRTUAL: "2000000", DESIGN: "1000000"}  # yuan: 30 %, 25 %, 20 %, by steps of 5,000
CEILING_WAN = "300"  # holds the first and the third


@dataclass
class DemonstrationRound(Round):
    """A call of the programme, by its own parameters and answers."""

    code: str = "gyhlw-sf"

    def parameters(self) -> dict[str, Typed]:
        return {"live_from": self.closes_on - timedelta(days=700)}

    def open_call(self, *, ceiling_wan: str = CEILING_WAN) -> str:
        self.ref = office.open_call(
            self.administrator,
            self.code,
            title="示例批次工业互联网示范项目征集（模拟）",
            opens_on=self.today - timedelta(days=1),
            closes_on=self.closes_on,
            parameters=self.parameters(),
            fund=("gyhlw-2", "示例工业互联网专项资金", ceiling_wan),
            shortfall="skip",
        )
        return self.ref

    def answers(self, number: int, one: Company, *, flaw: str = "") -> Filled:
        return demonstration(one, asof=self.closes_on, year=int(self.ref.split("-")[-2]), flaw=flaw)

    def fill_in(self, one: Company, filled: Filled) -> str:
        """As everybody does, but two of the three directions' sections are not asked, and promises are given last."""
        visitor = self.person(one.email)
        home = enterprises.start(visitor, self.ref)
        apart = {"promises", *OF_DIRECTION.values()} - {OF_DIRECTION[one.number]}
        for section in self.definition().sections:
            if section.key not in apart:
                enterprises.fill_section(visitor, home, section, filled)
        silent(visitor, "虚拟生产")
        visitor.open(f"{home}/sections/demo")
        says(visitor, "生产效率，改善幅度 20%", "不良品率，改善幅度 25%")
        enterprises.upload_all(visitor, home, self.definition(), filled)
        return home


def demonstration(one: Company, *, asof: date, year: int, flaw: str = "") -> Filled:
    """A complete application of an enterprise in its direction, in the stored form."""
    live_on = asof - timedelta(days=400)
    answers = {
        "org.name": one.name,
        "org.uscc": one.uscc,
        "org.is_branch": False,
        "org.reg_district": one.district,
        "org.division": "35",
        "org.employees": 320,
        "org.contact_name": one.contact,
        "org.contact_phone": one.phone,
        "org.contact_email": one.email,
        "demo_name": f"{one.name[:4]}车间{CATEGORY[one.number]}示范",
        "direction": OF_DIRECTION[one.number],
        "live_on": live_on.isoformat(),
        "technologies": ["边缘计算", "机器视觉"],
        "abstract": f"{one.name}在{one.number}号车间"
        + "把设备、质量与能耗数据接入同一平台，按工单追溯，异常自动停线。" * 5,
        "applied_for": int(ENTITLED[one.number]) * 100,
        "other_subsidy": True,
        "subsidy_amount": 30 * WAN,
        "commit_true": True,
        "credit_auth": True,
        **_direction(one, flaw),
    }
    rows: dict[str, Any] = {
        "org.years": [
            (str(year - back), {"revenue": 9_000 * WAN - back * WAN, "digital_spend": 450 * WAN}) for back in (2, 1)
        ],
        "sites": [("r1", _site("总装车间在线质检", one.district)), ("r2", _site("机加车间刀具管理", one.district))],
        "runs": [(row, {"uptime": "99.2", "users": 60, "report_no": f"YX-{row}"}) for row in ("r1", "r2")],
        "kpis": [
            ("生产效率", {"value_before": "12.5", "value_after": "15"}),
            ("研制周期", {"value_before": "90", "value_after": "81"}),
            ("运营成本", {"value_before": "100", "value_after": "95"}),
            ("不良品率", {"value_before": "2", "value_after": "1.5"}),
            ("单位能耗", {"value_before": "40", "value_after": "39"}),
        ],
        "partners": _partners(one),
        "costs": [
            ("r1", _cost("PZ-1", "质量数据平台", PAID_FEN[one.number], counts=True, paid_on=live_on)),
            ("r2", _cost("PZ-2", "办公电脑", 20 * WAN, counts=False, paid_on=live_on)),
        ],
    }
    paper = {"data": "c6", "virtual": "c5", "design": "c4"}[OF_DIRECTION[one.number]]
    return Filled(answers, rows, (("c1", ""), ("c2", "r1"), ("c2", "r2"), ("c3", ""), (paper, "")))


def _direction(one: Company, flaw: str) -> dict[str, Any]:
    """The answers to the questions of one direction."""
    if one.number == DATA:
        measures = ["数据目录"] if flaw == "unsorted" else ["数据目录", "分类分级", "备份"]
        return {"data_tb": "120.5", "data_measures": measures, "data_abroad": False}
    if one.number == VIRTUAL:
        return {"model_error": "3.5", "commissioning_days": "12.5"}
    return {"shared_models": 240}


def _partners(one: Company) -> list[tuple[str, dict[str, Any]]]:
    if one.number != DESIGN:
        return []
    others = [company(number) for number in (20, 21, 22)]
    return [
        (f"r{place}", {"partner": other.name, "partner_uscc": other.uscc, "role": "制造"})
        for place, other in enumerate(others, 1)
    ]


def _site(name: str, district: str) -> dict[str, Any]:
    return {"site_name": name, "site_district": district, "lines": 3, "devices": 180, "open_to_visit": True}


def _cost(voucher: str, item: str, fen: int, *, counts: bool, paid_on: date) -> dict[str, Any]:
    return {
        "cost_kind": "软件",
        "cost_item": item,
        "voucher_no": voucher,
        "paid_on": paid_on.isoformat(),
        "amount": fen,
        "counts": counts,
    }


@pytest.fixture
def flask_command(app: Flask) -> Callable[..., Result]:
    """``flask …`` in this process, on the test's savepoint."""
    return lambda *arguments: app.test_cli_runner().invoke(args=list(arguments))


def test_the_file_is_sound_and_new_to_the_system() -> None:
    definition = parse_definition(FILE.read_text(encoding="utf-8"))

    assert definition.warnings == ()
    assert len({rule.severity for rule in definition.rules}) == 5


def test_the_documentation_shows_how() -> None:
    """The page on the format names this file, with the commands that the round below gives."""
    shown = (ROOT / "docs" / "programme-format.md").read_text(encoding="utf-8").split("## An example from nothing")[1]
    for command in ("programmes check", "programmes load --publish", "eligibility evaluate --definition"):
        assert f"flask --app wsgi {command} {FILE.relative_to(ROOT)}" in shown


def test_from_one_file_to_the_published_list(
    world: HttpWorld, flask_command: Callable[..., Result], tmp_path: Path
) -> None:
    walk = DemonstrationRound(world)
    walk.furnish(DATA, VIRTUAL, DESIGN)
    assert flask_command("programmes", "check", str(FILE)).exit_code == 0
    assert flask_command("programmes", "load", "--publish", str(FILE)).exit_code == 0
    ref = walk.open_call()
    assert ref == f"GYHLW-SF-{ref.split('-')[-2]}-01"
    _guide(walk)

    case = _apply_and_correct(walk)
    passed_over = walk.apply_by_services(VIRTUAL, VIRTUAL)
    second = walk.apply_by_services(DESIGN, DESIGN)
    for one in (passed_over, second):
        walk.wait_until_checked(one)
    _no_failures(walk, case, passed_over, second)
    _same_by_command(walk, flask_command, second, tmp_path)

    walk.move_clock(walk.after_close())
    with world.session() as session:
        sweep(session)
    for one, percent in ((case, 90), (passed_over, 84), (second, 76)):
        walk.wait_until_due(one)
        office.accept_case(walk.officer, one)
        walk.review(one, percent=percent, in_person=one == case)
    _panels(walk, {case: 7, passed_over: 5, second: 5})
    walk.decide()
    notice = walk.publish()
    passer_by = world.visitor()
    passer_by.open(f"/notices/{notice}")
    says(passer_by, case, second, "180.5", "工业大数据", "协同设计与制造")
    silent(passer_by, passed_over)
    publishers.object_to(passer_by, notice, second)
    publishers.decide_objection(walk.officer, second, uphold=False, reply="经核实，异议不成立。")
    walk.move_clock(walk.after_notice(notice))
    released = walk.release(notice)
    publishers.check_downloads(passer_by, released, projects=[case, second], folder=tmp_path)
    passer_by.open("/open-data")
    says(passer_by, "工业互联网示范项目名单（模拟）", "gyhlw_sf_awards")
    _open_data(flask_command, released, [case, second])
    _ends(walk, case, passed_over)


def _guide(walk: DemonstrationRound) -> None:
    """The public reads the conditions with the call's figures."""
    visitor = walk.world.visitor()
    visitor.open(f"/calls/{walk.ref}")
    says(visitor, "工业互联网示范项目征集", "示范场景不少于 2 个", "五项关键指标中至少两项改善 10% 及以上")
    says(
        visitor,
        "人数按申报方向确定",
        "取各位专家总分的平均，保留 1 位小数",
        "不少于 2 名",
        "工业大数据：按计入的项目投资的 30%",
    )


def _apply_and_correct(walk: DemonstrationRound) -> str:
    """Applied for at the pages, returned for what the machine found, put right, typeset; returns the receipt number."""
    one = company(DATA)
    home = walk.fill_in(one, walk.answers(DATA, one, flaw="unsorted"))
    case = walk.submit(one, home)
    walk.wait_until_checked(case)
    office.return_case(walk.officer, case, "请补充数据分类分级。")
    enterprise = walk.person(one.email)
    enterprise.open(f"{home}/")
    says(enterprise, "需补正", "请补充数据分类分级。")
    section = next(section for section in walk.definition().sections if section.key == "data")
    enterprises.fill_section(enterprise, home, section, walk.answers(DATA, one))
    assert enterprises.submit(enterprise, home, walk.definition(), "重新提交") == case
    walk.wait_until_checked(case)
    enterprise.open(f"{home}/papers")
    enterprise.press("生成申报书 PDF")
    walk.world.until(lambda session: is_nothing_queued(session, find(session, case)))
    enterprise.open(f"{home}/papers")
    papers = [enterprise.fetch(link) for link in enterprise.links(f"{home}/papers/")]
    assert [paper.content[:5] for paper in papers] == [b"%PDF-"] * 3
    return case


def _no_failures(walk: DemonstrationRound, *cases: str) -> None:
    """What was to be asked of each direction was asked of it, and of no other."""
    ways = {"SF-15": "design", "SF-16": "virtual", "SF-17a": "data", "SF-17b": ""}
    with walk.world.session() as session:
        for ref, enterprise in zip(cases, (DATA, VIRTUAL, DESIGN), strict=True):
            verdicts = {found.rule: str(found.verdict) for found in latest_findings(session, find(session, ref))}
            assert [rule for rule, verdict in verdicts.items() if verdict == "fail"] == []
            applicable = [rule for rule in ways if verdicts[rule] != "not_applicable"]
            assert applicable == [rule for rule, way in ways.items() if way == OF_DIRECTION[enterprise]]


def _same_by_command(walk: DemonstrationRound, flask_command: Callable[..., Result], ref: str, folder: Path) -> None:
    """The command, given the file and the case as the worker judged it, finds what the worker found."""
    with walk.world.session() as session:
        application = find(session, ref)
        run = list_runs(session, current_revision(session, application).id)[0]
        recorded = {found["rule"]: found for found in findings_of(run)}
        (folder / "case.json").write_text(json.dumps(restore_case(run.case, run.evidence)), encoding="utf-8")
    told = flask_command(
        "eligibility", "evaluate", "--definition", str(FILE), "--case", f"{folder}/case.json", "--json"
    )
    assert told.exit_code == 0, told.output
    found = {finding["rule"]: finding for finding in json.loads(told.stdout)}
    assert recorded
    assert {rule: found[rule] for rule in recorded} == recorded


def _panels(walk: DemonstrationRound, sizes: dict[str, int]) -> None:
    """Each panel has the size that the file gives for its direction, its total the one decimal that it names."""
    seats = (
        select(Application.ref, func.count())
        .join(Panel, Panel.application_id == Application.id)
        .join(Panel.assignments)
    )
    with walk.world.session() as session:
        totals = session.scalars(select(ReviewResult.total_hundredths)).all()
        assert {total % 10 for total in totals} == {0}
        assert dict(session.execute(seats.group_by(Application.ref)).all()) == sizes


def _open_data(flask_command: Callable[..., Result], released: str, cases: list[str]) -> None:
    """The open data set has the columns that the file names, with the amounts the funding rule gives."""
    printed = flask_command("publication", "export", released, "--format", "csv")
    assert printed.exit_code == 0, printed.output
    rows = list(csv.DictReader(io.StringIO(printed.stdout.removeprefix("\ufeff"))))
    publication = parse_definition(FILE.read_text(encoding="utf-8")).publication
    assert list(rows[0]) == [column.label for column in publication.open_data]
    assert [row["项目编号"] for row in rows] == cases
    assert [row["支持金额（元）"] for row in rows] == [ENTITLED[DATA], ENTITLED[DESIGN]]
    assert {row["项目类别代码"] for row in rows} == {"gyhlw-sf"}
    record = json.loads(flask_command("publication", "export", released, "--format", "json").stdout)
    assert record["dataset"] == publication.dataset


def _ends(walk: DemonstrationRound, case: str, passed_over: str) -> None:
    """Awarded, and not funded though it passed: the money did not hold it."""
    with walk.world.session() as session:
        assert find(session, case).state is ApplicationState.AWARDED
        assert find(session, passed_over).state is ApplicationState.NOT_FUNDED
        assert find(session, passed_over).requested_fen == int(ENTITLED[VIRTUAL]) * 100
    other = walk.enterprise(VIRTUAL)
    other.open("/inbox")
    says(other, passed_over)
    walk.leave()
