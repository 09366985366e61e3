"""States, refusals and choices of calls in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from grants.calls.states import Shortfall

REASONS: dict[str, object] = {
    "call_faulty": _l("批次的内容有缺漏或互相矛盾，没有保存。"),
    "call_announced": _l("这个批次已经发布，不能再改动。"),
    "call_not_announced": _l("这个批次没有发布或已撤回，不接受申报。"),
    "call_not_open_yet": _l("还没有开始受理。"),
    "call_closed": _l("已经截止，不再接受申报。以服务器收到提交的时间为准。"),
    "call_has_opened": _l("已经开始受理，不能再撤回。"),
    "precheck_unreadable": _l("有内容填写有误，没有预检。请改正后再试。"),
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
