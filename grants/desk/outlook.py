"""What comes next in a case, in words for the enterprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from grants.applications.models import Application, CorrectionRequest
from grants.applications.states import ApplicationState
from grants.desk import presenters
from grants.desk.coming import Coming, Doer, coming_of
from grants.desk.domain import HistoryEntry
from grants.eligibility.models import Reconsideration
from grants.eligibility.states import ReconsiderationState
from grants.kernel.clock import local_date
from grants.kernel.districts import DISTRICTS
from grants.kernel.working_days import WorkingCalendar
from grants.programmes.queries import definition_of
from grants.web.filters import local_date as day_words

S = ApplicationState
CHECK_TAKES = timedelta(minutes=10)
REVIEW_COMPLETED = "application.review_completed"


def next_of(
    application: Application,
    state: ApplicationState,
    history: Sequence[HistoryEntry],
    calendar: WorkingCalendar,
    *,
    last_day: date | None,
    notice_ends_on: date | None,
    today: date,
) -> Coming | None:
    """Who acts next and by when. ``state`` as shown: what is not public yet counts from the end of the review."""
    definition = definition_of(application.call.definition)
    days = {stage.key: stage.days for stage in definition.stages if stage.days is not None}
    reviewed_at = next((entry.at for entry in reversed(history) if entry.kind == REVIEW_COMPLETED), None)
    return coming_of(
        state,
        since=reviewed_at if state is S.REVIEWED and reviewed_at else application.state_since,
        not_before={S.ON_NOTICE: notice_ends_on, S.ACCEPTED: local_date(application.call.closes_at)}.get(state),
        days={**days, **application.call.stage_days},
        last_day=last_day,
        calendar=calendar,
        today=today,
    )


def next_words(
    application: Application,
    state: ApplicationState,
    coming: Coming | None,
    calendar: WorkingCalendar,
    *,
    last_day: date | None,
    correction: CorrectionRequest | None = None,
    notice_ends_on: date | None = None,
    reconsideration: Reconsideration | None = None,
    now: datetime,
) -> str:
    """What comes next, who does it and by when; a step of the office that is late is said to be late."""
    day = day_words(last_day)
    left = presenters.left_words(last_day, local_date(now), calendar) if last_day else ""
    rounds = definition_of(application.call.definition).correction_rounds
    slow = now - application.state_since > CHECK_TAKES
    checking = (
        _("系统正在自动核验，比通常的 10 分钟慢，会继续进行。您的申报和受理编号不受影响，不需要重新提交。")
        if slow
        else _("系统正在自动核验，通常 10 分钟内完成。您可以离开此页，完成后会通知您。")
    )
    sentences: Mapping[ApplicationState, str] = {
        S.DRAFT: _("还没有提交。请在 %(day)s 截止前提交，%(left)s。", day=day, left=left),
        S.SUBMITTED: checking,
        S.CHECKING: checking,
        S.CHECK_FAILED: _("自动核验没有完成，已转给受理部门处理。您的申报和回执不受影响，不需要重新提交。"),
        S.DISTRICT_REVIEW: _("正在区级初审，期满自动转市级审查。"),
        S.CHECKED: _("自动核验已完成，正在形式审查，结果会通知您。"),
        S.RETURNED: _(
            "请在 %(day)s 24:00（%(left)s）前补正并重新提交。这是第 %(n)s 次补正，共 %(m)s 次，逾期视为放弃。",
            day=day,
            left=left,
            n=correction.round_no if correction else 1,
            m=max(rounds, correction.round_no if correction else 1),
        ),
        S.ACCEPTED: _("已受理，接下来抽取评审专家，本批次申报截止后进行。"),
        S.UNDER_REVIEW: _("专家正在评审。"),
        S.REVIEWED: _("评审已完成，正在综合平衡。结果以公示为准。"),
        S.ON_NOTICE: _(
            "已列入拟支持名单，公示至 %(day)s。公示期满且没有未处理的异议，将正式立项。",
            day=day_words(notice_ends_on),
        ),
        S.AWARDED: _("已正式立项。"),
        S.REJECTED: _rejected_words(reconsideration),
        S.NOT_FUNDED: _("本批次未予支持。结果确定后，这份申报用过的合同、发票等可用于以后的申报。"),
        S.WITHDRAWN: _("申报已撤回，办理结束。"),
        S.EXPIRED: _("没有在期限内提交，办理结束。"),
        S.DISCARDED: _("草稿已删除。"),
        S.PURGED: _("草稿保留期已过，填写的内容和材料已经删除。"),
    }
    return _("%(what)s%(by)s", what=sentences.get(state, ""), by=_by_words(application, coming))


def _rejected_words(reconsideration: Reconsideration | None) -> str:
    """That there are reasons below; of a request that waits, who answers and by when."""
    if reconsideration is None or reconsideration.state is not ReconsiderationState.ASKED:
        return _("申报未被受理，理由和依据见下。")
    if reconsideration.due_on is None:
        return _("复核申请已收到，由作出不予受理决定以外的人员办理，结果会通知您。")
    day = day_words(reconsideration.due_on)
    return _("复核申请已收到，由作出不予受理决定以外的人员办理，预计 %(day)s 前答复。", day=day)


def _by_words(application: Application, coming: Coming | None) -> str:
    """由受理部门办理，预计 11月30日（第 5 个工作日）前完成; nothing for what the enterprise or the system does."""
    doers = {
        Doer.OFFICE: _("受理部门"),
        Doer.DISTRICT: _("%(district)s主管部门", district=DISTRICTS.get(application.district_code or "", "")),
        Doer.EXPERTS: _("评审专家"),
    }
    if coming is None or coming.doer not in doers:
        return ""
    who, day = doers[coming.doer], day_words(coming.due_on)
    if coming.due_on is None:
        return _("由%(who)s办理，没有规定期限。", who=who)
    if coming.late:
        return _(
            "由%(who)s办理，应在 %(day)s 前完成，现已超过 %(n)s 个工作日，尚未完成。您不需要做什么，完成后会通知您。",
            who=who,
            day=day,
            n=coming.late,
        )
    if coming.days is None:
        return _("由%(who)s办理，预计 %(day)s 前完成。", who=who, day=day)
    return _("由%(who)s办理，预计 %(day)s（第 %(n)s 个工作日）前完成。", who=who, day=day, n=coming.days)
