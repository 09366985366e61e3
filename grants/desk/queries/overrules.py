"""What officers overruled, rule by rule and officer by officer: a rule that is overruled often is a bad rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from grants.accounts.models import Person
from grants.applications.models import Application, Revision, visible_to
from grants.calls.models import Call
from grants.eligibility.models import EligibilityRun, Finding, FindingOverrule
from grants.kernel.actor import Actor

REASONS_SHOWN = 500  # overrules of a call that are listed with their reasons; counts are of all


@dataclass(frozen=True, slots=True)
class OverruleCount:
    """How often one officer overruled one rule in one way; ``cases`` counts applications."""

    rule: str
    title: str
    officer_id: UUID
    officer: str
    verdict: str
    cases: int


@dataclass(frozen=True, slots=True)
class GivenOverrule:
    """One overrule in force with its reason. ``with_acceptance``: given by accepting against the finding."""

    rule: str
    ref: str
    found: str
    verdict: str
    reason: str
    clause: str
    officer: str
    given_at: datetime
    with_acceptance: bool


def count_overrules(session: Session, actor: Actor, call: Call) -> Sequence[OverruleCount]:
    """The overrules in force of a call by rule, officer and verdict, as the reader may see its cases; one query."""
    query = (
        _in_force(actor, call)
        .with_only_columns(
            FindingOverrule.rule,
            func.max(Finding.title),
            FindingOverrule.given_by,
            func.max(Person.name),
            FindingOverrule.verdict,
            func.count(func.distinct(FindingOverrule.application_id)),
        )
        .group_by(FindingOverrule.rule, FindingOverrule.given_by, FindingOverrule.verdict)
        .order_by(FindingOverrule.rule, FindingOverrule.given_by, FindingOverrule.verdict)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [OverruleCount(*row) for row in rows]


def list_overrules_of(session: Session, actor: Actor, call: Call) -> Sequence[GivenOverrule]:
    """The overrules in force of a call with their reasons, latest first, REASONS_SHOWN at most; one query."""
    query = (
        _in_force(actor, call)
        .with_only_columns(
            FindingOverrule.rule,
            Application.ref,
            Finding.verdict,
            FindingOverrule.verdict,
            FindingOverrule.reason,
            FindingOverrule.clause,
            Person.name,
            FindingOverrule.given_at,
            FindingOverrule.decision_id.is_not(None),
        )
        .order_by(FindingOverrule.given_at.desc(), FindingOverrule.id.desc())
        .limit(REASONS_SHOWN)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [GivenOverrule(*row) for row in rows]


def count_wanting(session: Session, actor: Actor, call: Call, rules: Sequence[str]) -> Mapping[str, int]:
    """For each of these rules the cases of a call, in their latest revision, that the machine found failed or could not
    judge; one query over an index that holds only such findings."""
    query = (
        select(Finding.rule, func.count(func.distinct(EligibilityRun.application_id)))
        .join(EligibilityRun, EligibilityRun.id == Finding.run_id)
        .join(Revision, Revision.id == EligibilityRun.revision_id)
        .join(Application, Application.id == EligibilityRun.application_id)
        .where(
            Finding.rule.in_(rules),
            Finding.verdict.in_(("fail", "unknown")),
            Finding.due,
            EligibilityRun.superseded_at.is_(None),
            Revision.number == Application.revision_no,
            Application.call_id == call.id,
            visible_to(actor),
        )
        .group_by(Finding.rule)
    )
    return {rule: count for rule, count in session.execute(query)}  # noqa: C416 - typed rows


def _in_force(actor: Actor, call: Call) -> Select[FindingOverrule]:
    """The last word on each rule of each latest revision, where it says another verdict than the machine."""
    later = aliased(FindingOverrule)
    same = (later.revision_id == FindingOverrule.revision_id) & (later.rule == FindingOverrule.rule)
    return (
        select(FindingOverrule)
        .join(Finding, Finding.id == FindingOverrule.finding_id)
        .join(Application, Application.id == FindingOverrule.application_id)
        .join(Revision, Revision.id == FindingOverrule.revision_id)
        .join(Person, Person.id == FindingOverrule.given_by)
        .where(
            Application.call_id == call.id,
            visible_to(actor),
            Revision.number == Application.revision_no,
            FindingOverrule.verdict.is_not(None),
            FindingOverrule.verdict != Finding.verdict,
            ~select(later.id).where(same, later.number > FindingOverrule.number).exists(),
        )
    )
