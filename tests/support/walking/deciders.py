"""What the officer and the approver do with a ranking."""

from __future__ import annotations

from tests.support.walking.visitor import Visitor, arrived, says


def propose(visitor: Visitor, ref: str) -> None:
    """Make the first version with the call's own policy and hand it in."""
    visitor.open("/staff/ranking")
    assert f"/staff/ranking/{ref}" in visitor.links("/staff/ranking/"), visitor.words[:2000]
    visitor.open(f"/staff/ranking/{ref}/prepare")
    visitor.press("生成新的一版")
    arrived(visitor, f"/staff/ranking/{ref}")
    says(visitor, "已生成第 1 版方案")
    visitor.picture("ranking")
    visitor.open(f"/staff/ranking/{ref}/submit")
    visitor.press("提交审批")
    says(visitor, "方案已提交审批")


def approve(visitor: Visitor, ref: str) -> None:
    """Read and approve."""
    visitor.open(f"/staff/ranking/{ref}")
    visitor.open(f"/staff/ranking/{ref}/approve")
    visitor.press("批准方案")
    says(visitor, "方案已批准")
