"""Words of the desk: steps, the way a case has gone, what comes next and by when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.desk.domain import HistoryEntry, Mark, Step, StepKey, steps_of
from grants.eligibility.domain import has_stage
from grants.kernel.clock import SHANGHAI, local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.programmes.queries import definition_of
from grants.web.filters import local_date as day_words
from grants.web.filters import short_time

S = ApplicationState

REASONS: dict[str, object] = {"bad_filter": _l("筛选条件无效，请从工作台重新选择。")}

STEPS: Mapping[StepKey, object] = {
    StepKey.SUBMIT: _l("提交"),
    StepKey.CHECK: _l("自动核验"),
    StepKey.DISTRICT: _l("区级初审"),
    StepKey.FORMAL: _l("形式审查"),
    StepKey.REVIEW: _l("专家评审"),
    StepKey.DECISION: _l("综合平衡"),
    StepKey.NOTICE: _l("公示"),
    StepKey.AWARD: _l("立项"),
}
ENDS: Mapping[ApplicationState, object] = {
    S.REJECTED: _l("不予受理"),
    S.NOT_FUNDED: _l("未予支持"),
    S.WITHDRAWN: _l("已撤回"),
    S.EXPIRED: _l("逾期未提交"),
    S.RETURNED: _l("退回补正"),
    S.CHECK_FAILED: _l("核验未完成，经办人处理中"),
    S.CHECKING: _l("正在核验"),
    S.SUBMITTED: _l("正在核验"),
}
UNPUBLISHED = frozenset({S.REVIEWED, S.PROPOSED, S.NOT_FUNDED})  # what these say is not public before the notice


@dataclass(frozen=True, slots=True)
class Telling:
    """How an entry of the log reads: ``title`` for everybody it is shown to; ``public`` entries the enterprise sees."""

    title: object
    kind: str = ""
    public: bool = True


TELLINGS: Mapping[str, Telling] = {
    "application.started": Telling(_l("新建申报")),
    "application.submitted": Telling(_l("提交申报"), "ok"),
    "application.check_started": Telling(_l("开始自动核验"), public=False),
    "application.checked": Telling(_l("自动核验完成")),
    "application.checked_again": Telling(_l("重新核验完成"), public=False),
    "application.check_failed": Telling(_l("自动核验未能完成，转经办人处理"), "law"),
    "application.recheck_requested": Telling(_l("要求重新核验"), public=False),
    "application.passed_to_district": Telling(_l("转区主管部门初审")),
    "application.passed_to_city": Telling(_l("区级初审结束，转市级审查")),
    "application.accepted": Telling(_l("形式审查通过，予以受理"), "ok"),
    "application.returned": Telling(_l("退回补正"), "law"),
    "application.rejected": Telling(_l("不予受理"), "law"),
    "application.withdrawn": Telling(_l("撤回申报")),
    "application.expired": Telling(_l("逾期未提交，申报结束")),
    "application.panel_drawn": Telling(_l("进入专家评审")),
    "application.review_completed": Telling(_l("专家评审完成")),
    "application.proposed": Telling(_l("列入拟支持方案"), public=False),
    "application.declined": Telling(_l("未列入拟支持方案"), public=False),
    "application.reopened": Telling(_l("退回综合平衡"), public=False),
    "application.put_on_notice": Telling(_l("进入公示"), "key"),
    "application.removed_from_notice": Telling(_l("公示后不予支持"), "law"),
    "application.awarded": Telling(_l("正式立项"), "ok"),
}


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of the way a case has gone."""

    title: str
    text: str
    at: datetime
    by: str
    kind: str


def timeline_for_office(entries: Sequence[AuditEntry], names: Mapping[str, str]) -> list[TimelineItem]:
    """Everything the log tells of a case, with who did it; the newest first."""
    return [
        TimelineItem(_title(entry), _office_text(entry), entry.at, _who(entry, names), TELLINGS[entry.kind].kind)
        for entry in reversed(entries)
        if entry.kind in TELLINGS
    ]


def timeline_for_enterprise(entries: Sequence[AuditEntry]) -> list[TimelineItem]:
    """What concerns the enterprise, without names of the office; the newest first."""
    return [
        TimelineItem(_title(entry), _public_text(entry), entry.at, "", TELLINGS[entry.kind].kind)
        for entry in reversed(entries)
        if entry.kind in TELLINGS and TELLINGS[entry.kind].public
    ]


def _title(entry: AuditEntry) -> str:
    facts = _facts(entry)
    if entry.kind == "application.submitted" and facts.get("revision") not in (None, "1"):
        return _("提交补正材料")
    if entry.kind == "application.passed_to_city" and facts.get("overdue"):
        return _("区级初审期满，转市级审查")
    return str(TELLINGS[entry.kind].title)


def _public_text(entry: AuditEntry) -> str:
    facts = _facts(entry)
    if entry.kind == "application.returned":
        return _("%(reason)s（%(day)s前补正）", reason=facts.get("reason", ""), day=_day(facts.get("due_on")))
    if entry.kind == "application.rejected":
        return _("%(reason)s（依据：%(clause)s）", reason=facts.get("reason", ""), clause=facts.get("clause", ""))
    if entry.kind == "application.withdrawn":
        return str(facts.get("reason", ""))
    return ""


def _office_text(entry: AuditEntry) -> str:
    facts = _facts(entry)
    if entry.kind in ("application.checked", "application.checked_again"):
        return _(
            "符合 %(passed)s，不符合 %(failed)s，提示 %(warned)s，暂不能判断 %(unknown)s",
            **{key: facts.get(key, "0") for key in ("passed", "failed", "warned", "unknown")},
        )
    if entry.kind == "application.passed_to_city" and "recommended" in facts:
        words = _("推荐") if facts["recommended"] else _("不推荐")
        return _("%(words)s。%(opinion)s", words=words, opinion=facts.get("opinion", ""))
    if entry.kind in ("application.accepted", "application.check_failed"):
        return str(facts.get("reason", ""))
    return _public_text(entry)


def _facts(entry: AuditEntry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.detail)
    return found


def _day(text: object) -> str:
    try:
        return day_words(date.fromisoformat(str(text)))
    except ValueError:
        return ""


def _who(entry: AuditEntry, names: Mapping[str, str]) -> str:
    return _("系统") if entry.actor == "system" else names.get(entry.actor, "")


def shown_state(state: ApplicationState, *, on_record: bool) -> ApplicationState:
    """The state as the enterprise reads it: what is only proposed to a second person reads as reviewed."""
    return S.REVIEWED if state in UNPUBLISHED and not on_record else state


def steps_shown(
    application: Application,
    history: Sequence[HistoryEntry],
    *,
    state: ApplicationState | None = None,
    due_on: date | None = None,
    progress: str = "",
) -> list[dict[str, str]]:
    """The step bar of a case for the macro ``stepbar``.

    ``state``: as shown, where that is not the stored one. ``due_on``: the last day of what is now. ``progress``: what
    stands under the first step of a draft.
    """
    definition = definition_of(application.call.definition)
    if application.submitted_at is not None:
        history = [HistoryEntry("application.submitted", application.submitted_at), *history]
    days = {stage.key: stage.days for stage in definition.stages if stage.days is not None}
    steps = steps_of(
        state or application.state,
        history,
        days={**days, **application.call.stage_days},
        with_district=has_stage(definition, "district_review"),
    )
    shown = state or application.state
    return [
        {"label": _label(step, shown), "state": str(step.mark), "note": _note(step, shown, due_on, progress)}
        for step in steps
    ]


def _label(step: Step, state: ApplicationState) -> str:
    return _("填报") if state is S.DRAFT and step.key is StepKey.SUBMIT else str(STEPS[step.key])


def _note(step: Step, state: ApplicationState, due_on: date | None, progress: str) -> str:
    if step.mark is Mark.DONE:
        return short_time(step.done_at) if step.done_at else ""
    if step.mark is Mark.NEXT:
        return _days_words(step)
    if state is S.DRAFT:
        return progress
    words = str(ENDS.get(state, ""))
    if step.mark is Mark.STOP or due_on is None:
        return words
    limit = _("%(day)s前", day=_month_day(due_on))
    return _("%(words)s，%(limit)s", words=words, limit=limit) if words else limit


def _days_words(step: Step) -> str:
    if step.key is StepKey.CHECK:
        return _("提交后 10 分钟内")
    return _("%(n)s 个工作日", n=step.days) if step.days else ""


def _month_day(day: date) -> str:
    return _("%(month)s月%(day)s日", month=day.month, day=day.day)


def left_words(due_on: date, today: date, calendar: WorkingCalendar) -> str:
    """还剩 N 个工作日, or by how many days it is late; calendar days beyond the known table."""
    if due_on < today:
        return _("已超期 %(n)s 天", n=(today - due_on).days)
    if due_on == today:
        return _("今天到期")
    try:
        return _("还剩 %(n)s 个工作日", n=calendar.between(today, due_on))
    except UnknownWorkingDayError:
        return _("还剩 %(n)s 天", n=(due_on - today).days)


def days_until(instant: datetime, now: datetime) -> int:
    """Whole calendar days in Shanghai from now to an instant; 0 on its own day."""
    return (local_date(instant) - local_date(now)).days


def clock_words(instant: datetime) -> str:
    """The wall clock in Shanghai: ``17:00``."""
    return f"{instant.astimezone(SHANGHAI):%H:%M}"


def wan_aligned(fen: int) -> str:
    """万元 with two decimals, rounded half up, so that the rows of a column can be compared."""
    hundredths = (fen + 5_000) // 10_000
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def summaries(calls: Sequence[Call]) -> dict[UUID, str]:
    """The programme's own summary for each call."""
    return {call.id: definition_of(call.definition).summary for call in calls}
