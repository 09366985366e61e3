"""What a check came to, in words a founder understands: what to do, what the office looks at, what is in order.

An officer's word on a finding goes before the machine's. A rejection that is only proposed says neither what nor why: a
person looks first (domain.md, 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from grants.applications.models import Application, CorrectionRequest
from grants.applications.states import ApplicationState
from grants.desk import queries
from grants.eligibility import queries as checks
from grants.eligibility.domain import hold, latest_overrules, needs_correction
from grants.web.filters import local_date as day_words

TO_DO, AT_OFFICE, HINTS = "to_do", "at_office", "hints"


@dataclass(frozen=True, slots=True)
class PlainFinding:
    """A finding as a founder reads it; the fields are those of the macro ``advice``, and the clause it rests on."""

    verdict: str
    title: str
    text: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that ask for the same; ``note`` says who does what, and until when where that is known."""

    title: str
    note: str
    findings: tuple[PlainFinding, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The check of the revision in force; ``sources`` are the registers read, each with its day."""

    checked_at: datetime | None
    groups: tuple[FindingGroup, ...]
    passed: tuple[PlainFinding, ...]
    sources: tuple[str, ...]
    awaiting_confirmation: bool


def build_outcome(session: Session, application: Application, correction: CorrectionRequest | None) -> Outcome:
    """What the runs in effect found, as it holds; ``correction``: the one under way."""
    revision_id = checks.find_revision_id(session, application)
    if revision_id is None:
        return Outcome(None, (), (), (), awaiting_confirmation=False)
    runs = queries.list_runs(session, revision_id)
    held = hold(checks.in_force(runs), latest_overrules(checks.list_overrules(session, revision_id)))
    return Outcome(
        runs[-1].finished_at if runs else None,
        group_findings(held, correction.due_on if correction is not None else None),
        tuple(
            PlainFinding("pass", finding.title, "", finding.clause)
            for finding in held
            if finding.due and finding.verdict == "pass"
        ),
        tuple(sources_of(held)),
        application.state is ApplicationState.CHECKED and any(_is_proposed(finding) for finding in held),
    )


def group_findings(findings: Iterable[Any], due_on: date | None) -> tuple[FindingGroup, ...]:
    """What needs anybody's attention, by who does something about it; ``due_on``: the last day of a correction."""
    found: dict[str, list[PlainFinding]] = {TO_DO: [], AT_OFFICE: [], HINTS: []}
    for finding in findings:
        if finding.due and finding.verdict not in ("pass", "not_applicable"):
            _sort_in(found, finding)
    return tuple(
        FindingGroup(title, note, tuple(found[key])) for key, (title, note) in _words(due_on).items() if found[key]
    )


def _sort_in(found: Mapping[str, list[PlainFinding]], finding: Any) -> None:
    if needs_correction(finding):
        text = f"{finding.message} {finding.remedy}".strip()
        found[TO_DO].append(PlainFinding("fail", finding.title, text, finding.clause))
    elif finding.severity == "warn":
        if finding.verdict == "fail":
            found[HINTS].append(PlainFinding("warn", finding.title, finding.message, finding.clause))
    elif finding.verdict == "unknown" and finding.cause == "evidence":
        text = _("登记信息暂未取得，系统会再次读取，您不需要处理。")
        found[AT_OFFICE].append(PlainFinding("unknown", finding.title, text))
    else:
        text = _("待人工确认：由工作人员核对，目前没有结论。")
        found[AT_OFFICE].append(PlainFinding("unknown", finding.title, text))


def _words(due_on: date | None) -> Mapping[str, tuple[str, str]]:
    until = (
        _("请在 %(day)s 24:00 前补正并重新提交。", day=day_words(due_on))
        if due_on is not None
        else _("现在不能修改。需要补正的，形式审查时会一次告知全部内容和期限；您可以先准备材料。")
    )
    return {
        TO_DO: (_("需要您补正的"), until),
        AT_OFFICE: (_("由工作人员核对的"), _("目前没有结论，您不需要做什么。")),
        HINTS: (_("提示"), _("不影响受理，供您核对。")),
    }


def sources_of(findings: Iterable[Any]) -> Sequence[str]:
    """The registers that findings rest on, each once with its day, in the order they are named."""
    used = (entry for finding in findings if finding.due for entry in finding.evidence)
    return list(
        dict.fromkeys(
            _("%(source)s（截至 %(day)s）", source=entry["source"], day=_asof_words(str(entry["asof"])))
            for entry in used
            if entry.get("source") and entry.get("asof")
        )
    )


def _asof_words(asof: str) -> str:
    try:
        return day_words(date.fromisoformat(asof[:10]))
    except ValueError:
        return asof


def _is_proposed(finding: Any) -> bool:
    return bool(finding.due) and finding.verdict == "fail" and finding.severity in ("reject", "manual")
