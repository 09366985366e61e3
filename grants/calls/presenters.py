"""A call in words: its states and reasons, the guide with this call's figures, the timetable as a chart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.calls.domain import TimetableStep, timetable
from grants.calls.models import Call
from grants.calls.states import Shortfall
from grants.kernel.clock import local_date
from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.programmes.domain import (
    CallFacts,
    Case,
    CaseView,
    Definition,
    DocumentSlot,
    Severity,
    check_parameters,
    condition_sentence,
)
from grants.programmes.presenters import number_text, rules_by_severity, track_sentence, yuan_words

REASONS: dict[str, object] = {
    "call_faulty": _l("批次的内容有缺漏或互相矛盾，没有保存。"),
    "call_announced": _l("这个批次已经发布，不能再改动。"),
    "call_not_announced": _l("这个批次没有发布或已撤回，不接受申报。"),
    "call_not_open_yet": _l("还没有开始受理。"),
    "call_closed": _l("已经截止，不再接受申报。以服务器收到提交的时间为准。"),
    "call_has_opened": _l("已经开始受理，不能再撤回。"),
    "call_over_before_announced": _l("截止时间已过，不能发布。请先修改受理时间。"),
    "extension_without_reason": _l("请写明理由，不超过 2000 字。"),
    "extension_not_later": _l("延至的时间应晚于现在和现行的截止时间。"),
    "extension_too_long": _l("一次最多延长 %(days)s 天。"),
    "extension_without_outage": _l("全体延期只用于受理期间发生的系统中断。"),
    "extension_over": _l("延至的时间已过，不能再同意。请另行提出。"),
    "extension_decided": _l("这项延期已经有了决定。"),
    "own_extension": _l("延期由您提出，须由另一人审批。"),
    "extension_unit_unknown": _l("没有这个统一社会信用代码的单位。请核对；单位须先注册。"),
    "sign_in_to_apply": _l("登录以后可以申报。"),
    "no_organisation_to_apply_for": _l("您的账号没有可以代为申报的单位。"),
    "calendar_year_known": _l("工作日历已经包含这一年。"),
    "calendar_year_missing": _l("工作日历还没有这一年，请先添加年份。"),
    "calendar_year_out_of_range": _l("年份应在 2024 到 2099 之间。"),
}

STATES: dict[str, tuple[str, object]] = {
    "call.draft": ("act", _l("草稿")),
    "call.upcoming": ("end", _l("即将受理")),
    "call.open": ("run", _l("受理中")),
    "call.closed": ("end", _l("已截止")),
    "call.withdrawn": ("end", _l("已撤回")),
    "extension.proposed": ("act", _l("待审批")),
    "extension.approved": ("ok", _l("已同意")),
    "extension.refused": ("end", _l("未同意")),
}

SHORTFALLS: dict[Shortfall, object] = {
    Shortfall.CUT_LAST: _l("最后一个项目按余额支持（不低于核定金额的 60%）"),
    Shortfall.SKIP: _l("跳过放不下的项目，继续往后排"),
    Shortfall.STOP: _l("到放不下的项目为止"),
}

SOON_DAYS = 7
BAR_KINDS = {"filling": "pri", "notice": "law", "announcement": "ok"}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of the guide; ``note`` says what is special about it."""

    key: str
    label: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What the public page says, sentence by sentence, with the figures of one call."""

    conditions: Sequence[str]
    corrections: Sequence[str]
    hints: Sequence[str]
    documents: Sequence[DocumentLine]
    document_rule: str
    panel: Sequence[str]
    support: Sequence[str]
    amount: str

    @property
    def required_count(self) -> int:
        return sum(line.required for line in self.documents)


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """How long a call stays open: days of the calendar, and working days where the calendar reaches that far."""

    days: int
    working_days: int | None
    kind: str  # "soon" in the last week, else ""


def facts_of(call: Call, definition: Definition) -> CallFacts:
    """The call as rules see it, typed."""
    return CallFacts(
        ref=call.ref,
        year=call.year,
        asof=call.asof_on,
        opens_at=call.opens_at,
        effective_close=call.closes_at,
        funds=tuple(fund.code for fund in call.funds),
        parameters=check_parameters(definition, call.parameters),
    )


def guide_of(call: Call, definition: Definition) -> Guide:
    """The guide of a call: sentences only, never expressions."""
    facts = facts_of(call, definition)
    names = CaseView(definition, Case(definition.code, facts, None, {}, {}))
    documents = [_document_line(definition, slot) for slot in definition.documents if slot.phase == "application"]
    return Guide(
        conditions=_sentences(definition, facts, Severity.REJECT),
        corrections=_sentences(definition, facts, Severity.RETURN),
        hints=_sentences(definition, facts, Severity.MANUAL, Severity.WARN),
        documents=sorted(documents, key=lambda line: not line.required),
        document_rule=_usual_document(definition),
        panel=_panel_sentences(definition, names),
        support=_support_sentences(definition, names),
        amount=_amount_sentence(definition, names),
    )


def days_left(call: Call, calendar: WorkingCalendar, *, now: datetime) -> DaysLeft:
    """From today (Shanghai) to the day of the close."""
    today, last = local_date(now), local_date(call.closes_at)
    days = max((last - today).days, 0)
    try:
        working = max(calendar.between(today, last), 0)
    except UnknownWorkingDayError:
        working = None
    return DaysLeft(days, working, "soon" if days <= SOON_DAYS else "")


def timetable_of(
    call: Call, definition: Definition, calendar: WorkingCalendar, provisional_years: Collection[int]
) -> tuple[TimetableStep, ...]:
    """The window itself and the stages after it."""
    opens_on, closes_on = local_date(call.opens_at), local_date(call.closes_at)
    years = {opens_on.year, closes_on.year}
    try:
        days = calendar.between(opens_on - timedelta(days=1), closes_on)
    except UnknownWorkingDayError:
        days = 0
    window = TimetableStep(
        "filling", str(_("受理申报")), opens_on, closes_on, days, provisional=bool(years & set(provisional_years))
    )
    after = timetable(
        definition,
        call.stage_days,
        closes_on=closes_on,
        calendar=calendar,
        provisional_years=provisional_years,
    )
    return (window, *after)


def gantt_rows(
    steps: Sequence[TimetableStep],
) -> tuple[list[dict[str, object]], list[tuple[str, float]]]:
    """Bars and month lines for the macro ``gantt``, of the steps that have dates; both empty when none has."""
    dated = [(step, step.first_on, step.last_on) for step in steps if step.first_on and step.last_on]
    if not dated:
        return [], []
    first = min(start for _step, start, _end in dated).replace(day=1)
    last = max(end for _step, _start, end in dated) + timedelta(days=1)
    bars: list[dict[str, object]] = [
        {
            "label": step.label,
            "start": position(start, first, last),
            "end": position(end + timedelta(days=1), first, last),
            "kind": BAR_KINDS.get(step.key, "soft"),
            "from": day_text(start),
            "to": day_text(end),
            "days": days_text(step),
        }
        for step, start, end in dated
    ]
    return bars, [(month_text(month, first), position(month, first, last)) for month in _months(first, last)]


def position(day: date, first: date, last: date) -> float:
    """Where ``day`` lies between ``first`` (0) and ``last`` (100), for drawing only."""
    return round(100 * (day - first).days / max((last - first).days, 1), 2)


def today_position(steps: Sequence[TimetableStep], now: datetime) -> float | None:
    """Where today stands in the chart; None outside it."""
    days = [day for step in steps for day in (step.first_on, step.last_on) if day]
    today = local_date(now)
    if not days or not min(days) <= today <= max(days):
        return None
    return position(today, min(days).replace(day=1), max(days) + timedelta(days=1))


def day_text(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_text(step: TimetableStep) -> str:
    """The number of days, marked where they are days of the calendar or provisional."""
    text = str(_("%(n)s 日", n=step.days)) if step.calendar_days else str(step.days or "—")
    return f"{text}{_('（暂定）')}" if step.provisional else text


def month_text(month: date, first: date) -> str:
    """``10月``; the year stands at the first month and at each January."""
    return f"{month.year}年{month.month}月" if month.month == 1 or month == first else f"{month.month}月"


def _months(first: date, last: date) -> list[date]:
    months, month = [], first
    while month < last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def _sentences(definition: Definition, facts: CallFacts, *severities: Severity) -> list[str]:
    return [condition_sentence(definition, rule, facts) for rule in rules_by_severity(definition, *severities)]


def _document_line(definition: Definition, slot: DocumentSlot) -> DocumentLine:
    notes = []
    if slot.rows_of:
        notes.append(_("%(table)s每行一份", table=definition.field(slot.rows_of).label))
    if slot.required_if is not None:
        notes.append(_("视情形必交"))
    elif not slot.required:
        notes.append(_("选交"))
    if (limits := _limits(slot)) != _usual_document(definition):
        notes.append(limits)
    return DocumentLine(slot.key, slot.label, slot.required, str(_("，")).join(str(note) for note in notes))


def _limits(slot: DocumentSlot) -> str:
    kinds = "、".join(kind.upper() for kind in slot.accept)
    size = slot.max_bytes // 1_048_576
    if slot.max_pages:
        return str(_("%(kinds)s，不超过 %(mb)s MB、%(pages)s 页", kinds=kinds, mb=size, pages=slot.max_pages))
    return str(_("%(kinds)s，不超过 %(mb)s MB", kinds=kinds, mb=size))


def _usual_document(definition: Definition) -> str:
    """The limits that most documents share."""
    limits = [_limits(slot) for slot in definition.documents]
    return max(limits, key=limits.count, default="")


def _panel_sentences(definition: Definition, names: CaseView) -> list[str]:
    rubric = definition.rubric
    size, mark = number_text(rubric.panel_size, names), number_text(rubric.pass_mark, names)
    strata = str(_("、")).join(
        str(_("%(label)s不少于 %(n)s 名", label=stratum.label, n=stratum.minimum)) for stratum in rubric.strata
    )
    sentences = [
        _("随机抽取 %(n)s 名专家独立打分，其中%(strata)s。", n=size, strata=strata)
        if size
        else _("随机抽取专家独立打分，人数按申请金额确定，其中%(strata)s。", strata=strata),
        _("按总分去掉最高、最低各 %(n)s 个后取平均，保留两位小数。", n=rubric.trim)
        if rubric.trim
        else _("取各位专家总分的平均，保留两位小数。"),
        _("%(n)s 分及以上为合格。", n=mark),
        *(_minimum_sentence(definition, part.criterion, part.share) for part in rubric.criterion_minimums),
    ]
    return [str(sentence) for sentence in sentences]


def _minimum_sentence(definition: Definition, criterion: str, share: Decimal) -> str:
    label = definition.rubric.criterion(criterion).label
    return str(_("“%(label)s”不低于该项满分的 %(n)s%%。", label=label, n=f"{share * 100:f}".rstrip("0").rstrip(".")))


def _support_sentences(definition: Definition, names: CaseView) -> list[str]:
    funding = definition.funding
    tracks = [track_sentence(definition, track, names) for track in funding.tracks]
    if len(tracks) > 1:
        labelled = zip(funding.tracks, tracks, strict=True)
        tracks = [str(_("%(label)s：%(text)s", label=track.label, text=text)) for track, text in labelled]
    rounding, minimum = funding.rounding.evaluate(names), funding.minimum.evaluate(names)
    rest = []
    if isinstance(rounding, Decimal) and isinstance(minimum, Decimal):
        facts = {"step": yuan_words(rounding), "least": yuan_words(minimum)}
        rest.append(str(_("核定金额向下取整到 %(step)s 的整数倍；不足 %(least)s 的不予支持", **facts)))
    rest.append(_instalment_sentence(definition))
    return [f"{text}。" for text in (*tracks, *rest) if text]


def _instalment_sentence(definition: Definition) -> str:
    parts = definition.funding.instalments
    if len(parts) == 1:
        return parts[0].label
    return str(_("，")).join(f"{part.label} {part.share_bp // 100}%" for part in parts)


def _amount_sentence(definition: Definition, names: CaseView) -> str:
    ceilings = [track.cap.evaluate(names) for track in definition.funding.tracks]
    known = [ceiling for ceiling in ceilings if isinstance(ceiling, Decimal)]
    return yuan_words(max(known)) if known else ""
