"""One text per code, one label per state. Every stage brings its own in ``presenters.py``; the factory collects them
here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

GENERAL_REASONS: dict[str, object] = {
    "not_found": _l("没有找到这个页面或记录，也可能您没有查看它的权限。"),
    "not_open": _l("这个地址不对外开放。"),
    "role_missing": _l("您的账号没有这项权限。如需办理，请联系系统管理员。"),
    "signed_out": _l("登录已失效，刚才的操作没有执行。请重新登录后再做一次。"),
    "form_expired": _l("这个页面打开后登录状态变过，刚才的操作没有执行。请刷新页面后再做一次。"),
    "too_large": _l("一次提交的内容过大，没有保存。请分几次保存。"),
    "too_often": _l("操作过于频繁，没有执行。请稍等片刻再试。"),
    "server_error": _l("服务器出错，操作没有执行。请稍后再试。"),
    "unavailable": _l("服务暂时不可用，操作没有执行。请稍后再试。"),
    "state_changed": _l("这条记录的状态刚刚已被改变，操作没有执行。请刷新后查看最新状态。"),
    "bad_cursor": _l("翻页地址无效，请从第一页重新开始。"),
    "invalid": _l("提交的内容不符合要求，没有保存。"),
    "working_days_unknown": _l("工作日历还没有覆盖这段日期，请管理员先录入当年的节假日安排。"),
}


def install_wording(app: Flask) -> None:
    """Start the collection with the general texts."""
    app.extensions["reasons"] = dict(GENERAL_REASONS)
    app.extensions["states"] = {}


def add_wording(app: Flask, reasons: Mapping[str, object], states: Mapping[str, tuple[str, object]]) -> None:
    """Add a stage's texts. ``states``: "application.draft" -> (tone, label); tone is one of run ok act law pub end."""
    app.extensions["reasons"].update(reasons)
    app.extensions["states"].update(states)


def reason_text(code: str, facts: Mapping[str, object] | None = None) -> str:
    """The sentence for a reason or error code, its ``%(name)s`` filled from ``facts``; an unknown code is shown, to be
    reported."""
    words = current_app.extensions["reasons"].get(code)
    if not words:
        return _("操作没有执行（%(code)s）。", code=code)
    return str(words) % facts if facts and "%(" in str(words) else str(words)


def state_label(key: str) -> str:
    """The one wording of a state, for instance of ``application.draft``."""
    return str(current_app.extensions["states"][key][1])


def state_tone(key: str) -> str:
    """The tone of a state's badge: run, ok, act, law, pub or end."""
    return str(current_app.extensions["states"][key][0])
