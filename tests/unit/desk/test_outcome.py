"""What a check came to, for the enterprise: who does what about each finding."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from grants.desk.outcome import group_findings, sources_of


@dataclass(frozen=True)
class Found:
    severity: str
    verdict: str
    cause: str | None = None
    due: bool = True
    title: str = "示例条件"
    message: str = "缺少材料。"
    remedy: str = "请上传。"
    clause: str = "二(1)"
    evidence: list = field(default_factory=list)


@pytest.fixture(autouse=True)
def _words(app):
    """Texts are looked up in the application's catalogue."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("finding", "title", "verdict"),
    [
        (Found("return", "fail"), "需要您补正的", "fail"),
        (Found("reject", "unknown", "document"), "需要您补正的", "fail"),
        (Found("reject", "fail"), "由工作人员核对的", "unknown"),
        (Found("manual", "fail"), "由工作人员核对的", "unknown"),
        (Found("reject", "unknown", "evidence"), "由工作人员核对的", "unknown"),
        (Found("warn", "fail"), "提示", "warn"),
    ],
)
def test_each_finding_stands_with_who_does_something_about_it(finding, title, verdict):
    (group,) = group_findings([finding], None)

    assert (group.title, [one.verdict for one in group.findings]) == (title, [verdict])


@pytest.mark.parametrize(
    "finding",
    [
        Found("reject", "pass"),
        Found("reject", "not_applicable"),
        Found("reject", "fail", due=False),
        Found("warn", "unknown", "answer"),
    ],
)
def test_what_is_in_order_or_not_due_is_not_among_them(finding):
    assert group_findings([finding], None) == ()


def test_a_proposed_rejection_tells_neither_what_nor_why():
    (group,) = group_findings([Found("reject", "fail", message="不在本市登记。")], None)

    (told,) = group.findings
    assert ("待人工确认" in told.text, "不在本市" in told.text, told.clause) == (True, False, "")


def test_what_is_to_be_put_right_names_the_last_day_once_it_is_set():
    before, after = (group_findings([Found("return", "fail")], day)[0].note for day in (None, date(2026, 11, 27)))

    assert "一次告知" in before
    assert "2026年11月27日" in after


def test_each_register_is_named_once_with_its_day():
    used = {"root": "reg", "source": "市场主体登记信息（示例）", "asof": "2026-11-01", "record": {}}
    late = {**used, "source": "信用信息（示例）", "asof": "2026-11-02T08:00:00+08:00"}
    unread = {**used, "source": "", "asof": ""}

    told = sources_of([Found("reject", "pass", evidence=[used, late, unread]), Found("warn", "fail", evidence=[used])])

    assert told == ["市场主体登记信息（示例）（截至 2026年11月1日）", "信用信息（示例）（截至 2026年11月2日）"]
