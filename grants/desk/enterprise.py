"""What the enterprise reads of its applications: cards with steps, what needs doing, findings in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from grants.applications.domain import Progress
from grants.applications.models import Application, CorrectionRequest
from grants.applications.states import ApplicationState
from grants.desk import presenters, queries
from grants.desk.deadlines import due_on
from grants.desk.domain import HistoryEntry, Urgency, urgency
from grants.desk.presenters import TimelineItem
from grants.eligibility import queries as checks
from grants.eligibility.domain import needs_correction
from grants.eligibility.models import FormalDecision
from grants.kernel.clock import local_date
from grants.kernel.districts import DISTRICTS
from grants.kernel.working_days import WorkingCalendar
from grants.web.filters import local_date as day_words
from grants.web.filters import wan_text

S = ApplicationState
LAST = date.max


@dataclass(frozen=True, slots=True)
class Card:
    """One application on the home page; the fields are those of the macro ``application_card``."""

    application: Application
    state: ApplicationState
    steps: list[dict[str, str]]
    due_on: date | None
    foot: str
    kind: str
    url: str
    action: str
    todo_text: str

    @property
    def needs_enterprise(self) -> bool:
        """Whether the next step is the enterprise's."""
        return self.state in (S.DRAFT, S.RETURNED)


def build_card(
    application: Application,
    history: Sequence[HistoryEntry],
    calendar: WorkingCalendar,
    *,
    correction: CorrectionRequest | None,
    progress: Progress | None,
    on_record: bool,
    now: datetime,
) -> Card:
    """One application with its steps and the next last day."""
    today = local_date(now)
    correction_due_on = correction.due_on if correction is not None else None
    last_day = due_on(application, application.call, calendar, correction_due_on=correction_due_on)
    state = presenters.shown_state(application.state, on_record=on_record)
    done = _("%(total)s 节完成 %(done)s 节", total=len(progress.sections), done=progress.done) if progress else ""
    own = application.state in (S.DRAFT, S.RETURNED)
    return Card(
        application=application,
        state=state,
        steps=presenters.steps_shown(application, history, state=state, due_on=last_day, progress=done),
        due_on=last_day,
        foot=_foot(state, last_day, today, calendar),
        kind=_kind(application.state, last_day, today) if own else "",
        url=_action_url(application),
        action=_action_words(application.state),
        todo_text=_todo_text(application, correction, done),
    )


def _kind(state: ApplicationState, last_day: date | None, today: date) -> str:
    near = urgency(last_day, today)
    return str(Urgency.LATE) if state is S.RETURNED else str(near)  # 补正 is granted once: cinnabar from its first day


def _foot(state: ApplicationState, last_day: date | None, today: date, calendar: WorkingCalendar) -> str:
    if last_day is None:
        return ""
    words = {
        S.DRAFT: _("受理截止"),
        S.RETURNED: _("补正截止"),
        S.CHECKED: _("审查期限"),
        S.DISTRICT_REVIEW: _("初审期限"),
    }
    left = presenters.left_words(last_day, today, calendar)
    return _("%(what)s：%(day)s，%(left)s", what=words.get(state, ""), day=day_words(last_day), left=left)


def _action_url(application: Application) -> str:
    if application.state in (S.DRAFT, S.RETURNED):
        return url_for("applications.missing", application_id=application.id)
    return url_for("desk.enterprise_application", application_id=application.id)


def _action_words(state: ApplicationState) -> str:
    words = {S.DRAFT: _("继续填报"), S.RETURNED: _("去补正")}
    return words.get(state, _("查看办理情况"))


def _todo_text(application: Application, correction: CorrectionRequest | None, done: str) -> str:
    if correction is not None and application.state is S.RETURNED:
        return _("退回 %(n)s 处：%(reason)s 补正只有一次。", n=len(correction.items), reason=correction.reason)
    return done


def list_todo(cards: Iterable[Card]) -> list[dict[str, Any]]:
    """What waits for the enterprise, the nearest last day first, for the macro ``todo_list``."""
    waiting = sorted((card for card in cards if card.needs_enterprise), key=lambda card: card.due_on or LAST)
    return [
        {
            "when": card.foot.rpartition("，")[2],
            "date": day_words(card.due_on),
            "kind": card.kind,
            "title": _todo_title(card),
            "text": card.todo_text,
            "url": card.url,
            "action": card.action,
            "primary": number == 0,
        }
        for number, card in enumerate(waiting)
    ]


def _todo_title(card: Card) -> str:
    title = card.application.title or card.application.call.title
    if card.state is S.RETURNED:
        return _("补正“%(title)s”的申报材料", title=title)
    return _("完成“%(title)s”的填报", title=title)


@dataclass(frozen=True, slots=True)
class PlainFinding:
    """A finding as a founder reads it; the fields are those of the macro ``advice``."""

    verdict: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the status page shows."""

    card: Card
    next_words: str
    findings: tuple[PlainFinding, ...]
    passed: int
    checked_at: datetime | None
    awaiting_confirmation: bool
    correction: CorrectionRequest | None
    decision: FormalDecision | None
    timeline: list[TimelineItem]
    amount: str


def build_status(
    session: Session,
    application: Application,
    *,
    calendar: WorkingCalendar,
    progress: Mapping[UUID, Progress],
    now: datetime,
) -> Status:
    """Where one application stands; what is only proposed reads 待人工确认."""
    entries = queries.list_entries(session, application.id)
    correction = queries.list_corrections_due(session, [application.id]).get(application.id)
    on_record = application.call_id in queries.calls_on_record(session, [application.call_id])
    card = build_card(
        application,
        [HistoryEntry(entry.kind, entry.at) for entry in entries],
        calendar,
        correction=correction,
        progress=progress.get(application.id),
        on_record=on_record,
        now=now,
    )
    revision_id = checks.find_revision_id(session, application)
    runs = queries.list_runs(session, revision_id) if revision_id else ()
    findings = checks.in_force(runs)
    plain = tuple(found for finding in findings if (found := plain_finding(finding)) is not None)
    return Status(
        card=card,
        next_words=next_words(application, card, calendar, today=local_date(now)),
        findings=plain,
        passed=sum(finding.due and finding.verdict == "pass" for finding in findings),
        checked_at=runs[-1].finished_at if runs else None,
        awaiting_confirmation=card.state is S.CHECKED and any(_is_proposed(finding) for finding in findings),
        correction=correction if application.state is S.RETURNED else None,
        decision=checks.find_decision(session, application),
        timeline=presenters.timeline_for_enterprise(entries),
        amount=_("%(wan)s 万元", wan=wan_text(application.requested_fen)) if application.requested_fen else _("未填写"),
    )


def plain_finding(finding: Any) -> PlainFinding | None:
    """A finding for the enterprise; None for what is in order, not applicable or not due.

    A rejection that is only proposed says neither what nor why: a person looks first (domain.md, 4.1).
    """
    if not finding.due or finding.verdict in ("pass", "not_applicable"):
        return None
    if finding.verdict == "fail" and finding.severity == "warn":
        return PlainFinding("warn", finding.title, finding.message)
    if needs_correction(finding):
        return PlainFinding("fail", finding.title, f"{finding.message} {finding.remedy}".strip())
    if finding.verdict == "unknown" and finding.cause == "evidence":
        return PlainFinding("unknown", finding.title, _("登记信息暂未取得，系统会再次读取，您不需要处理。"))
    if finding.severity == "warn":
        return None
    return PlainFinding("unknown", finding.title, _("待人工确认：由经办人核对，目前没有结论。"))


def _is_proposed(finding: Any) -> bool:
    return bool(finding.due) and finding.verdict == "fail" and finding.severity in ("reject", "manual")


def next_words(application: Application, card: Card, calendar: WorkingCalendar, *, today: date) -> str:
    """What comes next and by when, in one or two sentences."""
    day = day_words(card.due_on)
    left = presenters.left_words(card.due_on, today, calendar) if card.due_on else ""
    district = DISTRICTS.get(application.district_code or "", "")
    sentences: Mapping[ApplicationState, str] = {
        S.DRAFT: _("还没有提交。请在 %(day)s 截止前提交，%(left)s。", day=day, left=left),
        S.SUBMITTED: _("系统正在自动核验，通常几分钟内完成。您可以离开此页，完成后会通知您。"),
        S.CHECKING: _("系统正在自动核验，通常几分钟内完成。您可以离开此页，完成后会通知您。"),
        S.CHECK_FAILED: _("自动核验没有完成，已转给经办人处理。您的申报和回执不受影响，不需要重新提交。"),
        S.DISTRICT_REVIEW: _(
            "由%(district)s主管部门初审，%(day)s前完成；期满自动转市级审查。", district=district, day=day
        ),
        S.CHECKED: _("由经办人进行形式审查，%(day)s前完成。审查结果会通知您。", day=day),
        S.RETURNED: _("请在 %(day)s（%(left)s）前补正并重新提交。补正只有一次，逾期视为放弃。", day=day, left=left),
        S.ACCEPTED: _("已受理，接下来抽取评审专家。"),
        S.UNDER_REVIEW: _("专家正在评审。"),
        S.REVIEWED: _("评审已完成，正在综合平衡。结果以公示为准。"),
        S.ON_NOTICE: _("已列入拟支持名单，正在公示。公示期满且没有未处理的异议，将正式立项。"),
        S.AWARDED: _("已正式立项。"),
        S.REJECTED: _("申报未被受理，理由和依据见下。"),
        S.NOT_FUNDED: _("本批次未予支持。"),
        S.WITHDRAWN: _("申报已撤回，办理结束。"),
        S.EXPIRED: _("没有在期限内提交，办理结束。"),
    }
    return sentences.get(card.state, "")
