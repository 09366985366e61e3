"""Calls for tests, made through the service; the window is around ``now`` unless told otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from grants.accounts.models import Organisation
from grants.calls import services
from grants.calls.domain import CallPlan, FundPlan
from grants.calls.models import Call, DeadlineExtension
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.clock import SHANGHAI, local_date
from grants.kernel.money import yuan
from grants.programmes.models import DefinitionVersion
from tests.factories.accounts import actor_of, make_organisation, make_staff
from tests.factories.programmes import make_version

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=SHANGHAI)
FUNDS = (("software-ic", "示例软件和集成电路产业发展专项资金", yuan(30_000_000)),)
CONTACT = "示例受理中心\n示例路 100 号\n021-0000 0000，工作日 9:00-17:30"


def parameters_for(code: str, asof: date) -> dict[str, Any]:
    """The dates that a call of the programme must set, around its as-of date; everything else stays at its default."""
    if code == "sbc":
        return {"sales_from": (asof - timedelta(days=300)).isoformat(), "sales_until": asof.isoformat()}
    return {
        "start_from": (asof - timedelta(days=365)).isoformat(),
        "start_until": (asof + timedelta(days=180)).isoformat(),
    }


def make_plan(*, code: str = "sbc", now: datetime = NOON, **changes: Any) -> CallPlan:
    """A sound plan: opened 16 days ago, closing in six weeks; the next free reference."""
    closes_at = changes.pop("closes_at", now + timedelta(days=42))
    figures: dict[str, Any] = {
        "ref": "",
        "title": f"示例批次（{code}）申报指南（模拟）",
        "opens_at": now - timedelta(days=16),
        "closes_at": closes_at,
        "funds": tuple(FundPlan(*fund) for fund in FUNDS),
        "parameters": parameters_for(code, local_date(closes_at)),
        "contact": CONTACT,
    }
    return CallPlan(**{**figures, **changes})


def make_draft(
    session: Session,
    *,
    code: str = "sbc",
    version: DefinitionVersion | None = None,
    now: datetime = NOON,
    **changes: Any,
) -> Call:
    """A call that is not announced yet, by the shipped version unless another is given."""
    plan, definition = make_plan(code=code, now=now, **changes), version or make_version(session, code)
    return services.draft_call(session, plan, definition_version=definition, actor=SYSTEM, now=now)


def make_call(
    session: Session,
    *,
    code: str = "sbc",
    now: datetime = NOON,
    open: bool = True,  # noqa: A002 - reads best at the call
    **changes: Any,
) -> Call:
    """An announced call, open at ``now``; ``open=False`` gives one that closed the day before ``now``."""
    if not open:
        changes = {"opens_at": now - timedelta(days=50), "closes_at": now - timedelta(days=1), **changes}
    call = make_draft(session, code=code, now=now, **changes)
    announced_at = min(now, call.opens_at - timedelta(days=1), call.closes_at - timedelta(days=1))
    return services.announce_call(session, call, actor=SYSTEM, now=announced_at)


def make_extension(
    session: Session,
    call: Call,
    *,
    organisation: Organisation | None = None,
    until_at: datetime | None = None,
    approved: bool = False,
    now: datetime = NOON,
) -> DeadlineExtension:
    """More time for one organisation, proposed by an officer and, if asked, granted by an approver."""
    extension = services.propose_extension(
        session,
        call,
        until_at=until_at or call.closes_at + timedelta(days=3),
        reason="示例理由：园区停电一天。",
        organisation=organisation or make_organisation(session),
        actor=actor_of(session, make_staff(session, Role.OFFICER)),
        now=now,
    )
    if approved:
        approver = actor_of(session, make_staff(session, Role.APPROVER))
        services.decide_extension(session, extension, approved=True, note="", actor=approver, now=now)
    return extension
