"""Words of the desk: steps, the way a case has gone, what comes next and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.desk.domain import HistoryEntry, Mark, Step, StepKey, steps_of
from grants.eligibility.domain import has_stage
from grants.kernel.clock import SHANGHAI, local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.programmes.domain import precheck_sections
from grants.programmes.queries import definition_of
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
    S.DISCARDED: _l("已删除"),
    S.PURGED: _l("内容已清除"),
    S.RETURNED: _l("退回补正"),
    S.CHECK_FAILED: _l("核验未完成，工作人员处理中"),
    S.CHECKING: _l("正在核验"),
    S.SUBMITTED: _l("正在核验"),
}
LATER_CHECKS: Mapping[str, object] = {  # what comes after the first check, by the topic that asks for it
    "application.passed_district": _l("区级初审意见后的核验"),
    "application.asof_reached": _l("截止日后的复核"),
    "application.recheck_asked": _l("重新核验"),
}
UNPUBLISHED = frozenset({S.REVIEWED, S.PROPOSED, S.NOT_FUNDED})  # what these say is not public before the notice


def later_check_words(topics: Sequence[str]) -> str:
    """What was given up, in a list: 区级初审意见后的核验、重新核验."""
    return "、".join(str(LATER_CHECKS[topic]) for topic in topics)


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
    """还剩 N 个工作日, or by how many it is late; calendar days beyond the known table."""
    if due_on < today:
        return _late_words(due_on, today, calendar)
    if due_on == today:
        return _("今天到期")
    try:
        return _("还剩 %(n)s 个工作日", n=calendar.between(today, due_on))
    except UnknownWorkingDayError:
        return _("还剩 %(n)s 天", n=(due_on - today).days)


def _late_words(due_on: date, today: date, calendar: WorkingCalendar) -> str:
    try:
        late = calendar.between(due_on, today)
    except UnknownWorkingDayError:
        return _("已超期 %(n)s 天", n=(today - due_on).days)
    return _("已超期 %(n)s 个工作日", n=late) if late else _("已超期")


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


def prechecked(calls: Sequence[Call]) -> frozenset[UUID]:
    """The calls whose programme has a pre-check."""
    return frozenset(call.id for call in calls if precheck_sections(definition_of(call.definition)))
