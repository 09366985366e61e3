"""A changed threshold, condition, clause and message without a release: written by one administrator at the workbench,
seen in its impact, published by another, opened as a call, and an application is judged by it."""

from sqlalchemy import func, select

from grants.eligibility.models import EligibilityRun, ImpactPreview
from grants.eligibility.queries import latest_findings
from grants.programmes.queries import get_newest_published
from tests.support.walking.rounds import Round, find
from tests.support.walking.visitor import Visitor, arrived, says
from tests.support.walking.worlds import HttpWorld

DRAFT = "/staff/programmes/sbc/draft"
MESSAGE = "计入的合同软件金额合计 {sum(counted, software)} 元，未达到新的要求。"


def test_a_rule_is_changed_without_a_release(world: HttpWorld) -> None:
    walk = Round(world, "sbc")
    walk.furnish(1, 2)
    walk.open_call()
    before = walk.definition()
    old_ref = walk.apply_by_services(1, 1)
    walk.wait_until_checked(old_ref)
    first, second = walk.administrator, walk.person("admin2@example.com")

    first.open("/staff/programmes")
    first.press("起草下一版本", within="start-sbc")
    arrived(first, DRAFT)
    change_the_rule(first)
    first.open(f"{DRAFT}/difference")
    says(first, "收紧", "sum(counted, software) >= min_sales + 90000000")
    preview(world, first, old_ref)
    first.open(f"{DRAFT}/propose")
    first.fill({"summary": "提高首批销售金额的要求。"})
    first.press("提交审批")
    arrived(first, DRAFT)
    first.open(f"{DRAFT}/decide")
    assert first.status == 403

    second.open(f"{DRAFT}/decide")
    says(second, "转为不符合", "收紧", "提高首批销售金额的要求。")
    second.fill({"decision": "approve"})
    second.press("确认决定")
    arrived(second, "/staff/programmes")

    assert walk.definition().version != before.version
    walk.open_call()
    new_ref = walk.apply_by_services(2, 2)
    walk.wait_until_checked(new_ref)
    assert judged(world, new_ref) == ("fail", "二(8)乙", MESSAGE[:4])
    assert judged(world, old_ref)[0] == "pass"
    with world.session() as session:
        assert session.scalar(select(func.count()).select_from(EligibilityRun)) == 2
        assert get_newest_published(session, "sbc").loaded_by is not None


def change_the_rule(visitor: Visitor) -> None:
    """A faulty condition first, which is kept and told; then what is meant, with clause and message."""
    rule = f"{DRAFT}/rules/SBC-21"
    visitor.open(rule)
    visitor.fill({"require": "sum(counted, softwear) >= min_sales"})
    visitor.press("保存")
    says(visitor, "这里有 1 处错误", "第 1 行第 14 列")
    visitor.open(f"{DRAFT}/propose")
    says(visitor, "改正以后才能提交审批")
    visitor.open(rule)
    changed = {"require": "sum(counted, software) >= min_sales + 90000000", "article": "二(8)乙", "message": MESSAGE}
    visitor.fill(changed)
    visitor.press("保存")
    says(visitor, "没有发现错误")


def preview(world: HttpWorld, visitor: Visitor, ref: str) -> None:
    """What the draft would change; the case that is there would fail."""
    visitor.open("/staff/programmes/sbc/impacts")
    visitor.press("开始预览")
    arrived(visitor, "/staff/impacts/")
    world.until(lambda session: session.scalars(select(ImpactPreview)).one().finished_at)
    visitor.open(visitor.path)
    says(visitor, "转为不符合", "SBC-21", ref)
    visitor.open(f"{DRAFT}/try?refs={ref}&rule=SBC-21")
    says(visitor, "不符合", "计入的首批合同")


def judged(world: HttpWorld, ref: str) -> tuple[str, str, str]:
    """What the rule found of an application: verdict, the article it cites, how its message begins."""
    with world.session() as session:
        found = {finding.rule: finding for finding in latest_findings(session, find(session, ref))}["SBC-21"]
        return found.verdict, found.clause.rpartition(" ")[2].rpartition("》")[2].strip(), found.message[:4]
