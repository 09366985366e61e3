"""Words of operations: the clock's banner, reasons, the parts that /readyz looks at."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.kernel.actor import Actor, Role

ZERO = timedelta(0)

REASONS: dict[str, object] = {
    "clock_fixed": _l("正式环境的时钟不能调整，操作没有执行。"),
    "clock_out_of_range": _l("演示时钟只能在真实时间前后十年之内调整。"),
    "outage_times": _l("结束应晚于开始，且不晚于现在。"),
    "outage_without_note": _l("请写明中断的情况，不超过 1000 字。"),
    "outage_answered": _l("这次中断已经为这个批次提出过延期。"),
    "message_not_dead": _l("这条消息已不在失败列表中，可能刚刚被别人重新发送。"),
}

PARTS: dict[str, object] = {
    "database": _l("数据库"),
    "broker": _l("消息队列"),
    "storage": _l("文件存储"),
    "scanner": _l("病毒扫描"),
    "relay": _l("转发进程"),
    "worker-interactive": _l("即时任务进程"),
    "worker-bulk": _l("批量任务进程"),
    "outbox": _l("待发消息"),
    "audit": _l("审计封存"),
}

LANES: dict[str, object] = {
    "interactive": _l("即时任务"),
    "bulk": _l("批量任务"),
}

SUBJECTS: dict[str, object] = {
    "application": _l("申报"),
    "call": _l("批次"),
    "definition": _l("专项版本"),
    "calendar": _l("工作日历"),
    "person": _l("人员"),
    "organisation": _l("单位"),
    "membership": _l("单位成员"),
    "panel": _l("专家组"),
    "proposal": _l("支持方案"),
    "notice": _l("公示"),
    "objection": _l("异议"),
    "award_list": _l("立项名单"),
    "register": _l("登记信息"),
    "message": _l("后台消息"),
    "files": _l("文件"),
    "outage": _l("系统中断"),
    "clock": _l("演示时钟"),
}


def note_words(note: str) -> str:
    """What a part says of itself, for people: /readyz answers machines in English. What is a name stays as it is."""
    if note == "never seen":
        return str(_("还没有收到过心跳"))
    if note.startswith("unsealed since"):
        return str(_("有记录超过 60 秒没有封存"))
    known = {"cannot be written to": _("不能写入"), "BROKER_URL is not set": _("没有配置 BROKER_URL")}
    return str(known.get(note) or (_("没有应答，附件暂时不能打开") if note.startswith("does not answer") else note))


def clock_banner(offset: timedelta, actor: Actor) -> dict[str, str] | None:
    """What the banner of the demonstration clock says; None while time is real. Only an administrator gets the link."""
    if not offset:
        return None
    url = url_for("ops.clock") if actor.has(Role.ADMINISTRATOR) else ""
    return {"text": _("已调整：%(words)s。页面与期限都按演示时间计算。", words=offset_words(offset)), "url": url}


def offset_words(offset: timedelta) -> str:
    """``比真实时间快 1 天 2 小时 5 分``; seconds are left out unless they are all there is."""
    seconds = abs(int(offset.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    parts = [(days, _("天")), (rest // 3_600, _("小时")), (rest % 3_600 // 60, _("分"))]
    words = " ".join(f"{number} {unit}" for number, unit in parts if number) or _("%(n)s 秒", n=seconds)
    return str(_("比真实时间快 %(words)s", words=words) if offset >= ZERO else _("比真实时间慢 %(words)s", words=words))
