"""Reviewed applications and proposals, written straight into their tables; how they came about is tested elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from grants.accounts.models import Organisation, Person
from grants.applications.models import Application, Revision
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.decisions import services
from grants.decisions.models import Proposal
from grants.kernel.actor import Actor, Role
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.districts import DISTRICTS
from grants.kernel.money import yuan
from grants.programmes.queries import definition_of
from grants.reviews.models import Assignment, Expert, Panel, ReviewResult
from grants.reviews.states import AssignmentState, PanelState
from tests.factories.accounts import actor_of, make_organisation, make_person, make_staff
from tests.factories.calls import NOON

PRODUCTS = ("样例点云建模内核", "演示焊接编程系统", "虚构伺服驱动固件", "范例主机防护系统", "样本流体求解器")
_numbers = count(1)


def make_reviewed(
    session: Session,
    call: Call,
    *,
    total: str = "80",
    base_yuan: int = 4_000_000,
    requested_yuan: int | None = None,
    passed: bool | None = None,
    criteria: dict[str, str] | None = None,
    sheets: tuple[str, ...] = ("72", "78", "80", "82", "88"),
    organisation: Organisation | None = None,
    owner: Person | None = None,
    now: datetime = NOON,
    **changes: Any,
) -> Application:
    """An application of ``call`` (sbc or hlw) whose panel gave ``total`` points.

    ``base_yuan`` is what the funding rule takes as its base; the request is what it entitles to unless given.
    """
    number = call.next_receipt_no
    call.next_receipt_no += 1
    organisation = organisation or make_organisation(session)
    title = f"{PRODUCTS[number % len(PRODUCTS)]} V{number}.0"
    requested = requested_yuan if requested_yuan is not None else base_yuan * 3 // 10
    application = Application(
        call=call,
        organisation=organisation,
        created_by=(owner or make_person(session)).id,
        created_at=now - timedelta(days=30),
        state=ApplicationState.REVIEWED,
        state_since=now,
        title=title,
        requested_fen=yuan(requested),
        district_code=list(DISTRICTS)[number % len(DISTRICTS)],
        ref=f"{call.ref}-{number:04d}",
        receipt_no=number,
        submitted_at=now - timedelta(days=20),
        revision_no=1,
        **changes,
    )
    session.add(application)
    session.flush()
    _freeze(session, application, base_yuan, requested, title)
    _judge(session, application, Decimal(total), passed, criteria or {}, sheets, now)
    session.flush()
    return application


def make_judged(session: Session, application: Application, *, total: str = "80", now: datetime = NOON) -> Application:
    """A submitted application as the panel leaves it that gave it ``total`` points."""
    application.state, application.state_since = ApplicationState.REVIEWED, now
    _judge(session, application, Decimal(total), None, {}, ("72", "78", "80", "82", "88"), now)
    session.flush()
    return application


def make_officer(session: Session, **staff: Any) -> Actor:
    """An officer of every call unless ``scope`` says otherwise."""
    return actor_of(session, make_staff(session, Role.OFFICER, **staff))


def make_approver(session: Session, **staff: Any) -> Actor:
    """An approver of every call, without limit unless told."""
    return actor_of(session, make_staff(session, Role.APPROVER, **staff))


def make_proposal(session: Session, call: Call, *, officer: Actor | None = None, now: datetime = NOON) -> Proposal:
    """A submitted version over what is reviewed in ``call``."""
    officer = officer or make_officer(session)
    proposal = services.prepare_proposal(session, call, actor=officer, now=now)
    return services.submit_proposal(session, proposal, actor=officer, now=now)


def make_approved(session: Session, call: Call, *, officer: Actor | None = None, now: datetime = NOON) -> Proposal:
    """An approved version over what is reviewed in ``call``."""
    proposal = make_proposal(session, call, officer=officer, now=now)
    services.approve_proposal(session, proposal, actor=make_approver(session), now=now)
    return proposal


def _freeze(session: Session, application: Application, base_yuan: int, requested: int, title: str) -> None:
    organisation = application.organisation
    name, _, version = title.rpartition(" ")
    org = {"name": organisation.name, "uscc": organisation.uscc, "reg_district": application.district_code}
    content = {
        "format": "1",
        "org": org,
        "answers": _answers(application.call, base_yuan, requested, name, version),
        "documents": [],
        "application": str(application.id),
    }
    text = canonical_json(content).decode()
    session.add(
        Revision(
            application_id=application.id,
            number=1,
            content=text,
            sha256=fingerprint(content),
            submitted_by=application.created_by,
            submitted_at=application.submitted_at,
        )
    )


def _answers(call: Call, base_yuan: int, requested: int, name: str, version: str) -> dict[str, Any]:
    if definition_of(call.definition).code == "hlw":
        row = {
            "id": "r1",
            "cost_kind": "软件开发",
            "item": "平台开发",
            "amount": str(base_yuan),
            "eligible": str(base_yuan),
        }
        return {
            "proj_name": name,
            "track": "P",
            "direction": "互联网+制造",
            "budget": [row],
            "requested": str(requested),
        }
    money = f"{base_yuan}.00"
    contract = {
        "id": "r1",
        "signed_on": (call.asof_on - timedelta(days=60)).isoformat(),
        "first_invoice_on": (call.asof_on - timedelta(days=50)).isoformat(),
        "software": money,
        "invoiced": money,
        "received": money,
    }
    return {
        "product_name": name,
        "version": version,
        "category": "工业",
        "contracts": [contract],
        "requested": f"{requested}.00",
    }


def _judge(
    session: Session,
    application: Application,
    total: Decimal,
    passed: bool | None,
    criteria: dict[str, str],
    sheets: tuple[str, ...],
    now: datetime,
) -> None:
    panel = Panel(
        application_id=application.id,
        number=1,
        state=PanelState.COMPLETED,
        seed="0" * 64,
        composition={"size": len(sheets)},
        pool=[],
        excluded=[],
        kept=[],
        drawn_by=application.created_by,
        drawn_at=now,
    )
    session.add(panel)
    session.flush()
    for position, points in enumerate(sheets, 1):
        _seat(session, application, panel, position, int(Decimal(points) * 100), now)
    rubric = definition_of(application.call.definition).rubric
    means = {criterion.key: str(int(criterion.maximum * total)) for criterion in rubric.criteria}
    session.add(
        ReviewResult(
            application_id=application.id,
            panel_id=panel.id,
            total_hundredths=int(total * 100),
            passed=total >= 60 if passed is None else passed,
            flagged=False,
            working={
                "exact": str(total * 100),
                "criteria": {**means, **criteria},
                "trimmed": [],
                "spread_hundredths": 0,
            },
            computed_at=now,
        )
    )


def _seat(
    session: Session, application: Application, panel: Panel, position: int, hundredths: int, now: datetime
) -> None:
    expert = _expert(session, position)
    session.add(
        Assignment(
            panel_id=panel.id,
            application_id=application.id,
            expert_id=expert.person_id,
            position=position,
            stratum="technical",
            state=AssignmentState.SUBMITTED,
            undertaken_at=now,
            total_hundredths=hundredths,
            submitted_at=now,
        )
    )


def _expert(session: Session, position: int) -> Expert:
    """The same five sit everywhere: who they are does not matter here."""
    known = session.info.setdefault("reviewing_experts", {})
    if position not in known:
        person = make_person(session)
        known[position] = Expert(
            person_id=person.id,
            employer="示例研究院",
            employer_uscc=f"EMPLOYER{next(_numbers)}"[:18],
            strata=["technical"],
        )
        session.add(known[position])
        session.flush()
    found: Expert = known[position]
    return found
