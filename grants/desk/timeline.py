"""The way a case has gone, from the log: for the office with names, for the enterprise with offices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.audit import AuditEntry
from grants.calls.models import DeadlineExtension
from grants.web.filters import local_date as day_words
from grants.web.filters import local_time

RETURNED = "application.returned"
BY_SYSTEM_TOO = frozenset({"application.passed_to_city", "application.restored", "application.review_completed"})
WORK = frozenset(
    {
        "application.finding_overruled",
        "application.overrule_withdrawn",
        "application.assigned",
        "application.unassigned",
    }
)
REJECTIONS = frozenset({"application.rejected", "application.acceptance_revoked", "application.revocation_proposed"})
GIVES_REASON = frozenset(
    {
        "application.revocation_refused",
        "application.withdrawn",
        "application.reconsideration_asked",
        "application.rejection_upheld",
        "application.rejection_found_wrong",
        "application.rejection_taken_back",
    }
)
OWN, SYSTEM, OFFICE, DISTRICT = _l("本单位"), _l("系统"), _l("受理部门"), _l("区主管部门")


@dataclass(frozen=True, slots=True)
class Telling:
    """How an entry of the log reads: ``title`` for everybody it is shown to; ``public`` entries the enterprise sees.

    ``by``: who did it, as the enterprise is told: an office, never a person of it.
    """

    title: object
    kind: str = ""
    public: bool = True
    by: object = OFFICE


TELLINGS: Mapping[str, Telling] = {
    "application.started": Telling(_l("新建申报"), by=OWN),
    "application.carried_over": Telling(_l("从以前的申报带入内容"), by=OWN),
    "application.discarded": Telling(_l("删除草稿"), by=OWN),
    "application.restored": Telling(_l("恢复草稿"), by=OWN),
    "application.purged": Telling(_l("保留期满，草稿内容已清除"), by=SYSTEM),
    "application.submitted": Telling(_l("提交申报"), "ok", by=OWN),
    "application.check_started": Telling(_l("开始自动核验"), public=False),
    "application.checked": Telling(_l("自动核验完成"), by=SYSTEM),
    "application.checked_again": Telling(_l("重新核验完成"), by=SYSTEM),
    "application.check_failed": Telling(_l("自动核验未能完成，转工作人员处理"), "law", by=SYSTEM),
    "application.finding_overruled": Telling(_l("改判核验结果"), public=False),
    "application.overrule_withdrawn": Telling(_l("撤回改判"), public=False),
    "application.assigned": Telling(_l("指派经办人"), public=False),
    "application.unassigned": Telling(_l("取消指派"), public=False),
    "application.recheck_requested": Telling(_l("要求重新核验")),
    "application.passed_to_district": Telling(_l("转区级初审"), by=SYSTEM),
    "application.passed_to_city": Telling(_l("区级初审结束，转市级审查"), by=DISTRICT),
    "application.accepted": Telling(_l("形式审查通过，予以受理"), "ok"),
    "application.returned": Telling(_l("退回补正"), "law"),
    "application.rejected": Telling(_l("不予受理"), "law"),
    "application.revocation_proposed": Telling(_l("提请撤销受理"), public=False),
    "application.revocation_refused": Telling(_l("不撤销受理"), public=False),
    "application.acceptance_revoked": Telling(_l("受理后复核不符，撤销受理，不予受理"), "law"),
    "application.reconsideration_asked": Telling(_l("申请复核"), "key", by=OWN),
    "application.rejection_upheld": Telling(_l("复核：维持不予受理"), "law"),
    "application.rejection_found_wrong": Telling(_l("复核：原决定有误，本批次已公示，不能恢复办理"), "law"),
    "application.rejection_taken_back": Telling(_l("撤销不予受理，重新核验"), "ok"),
    "application.withdrawn": Telling(_l("撤回申报"), by=OWN),
    "application.expired": Telling(_l("逾期未提交，申报结束"), by=SYSTEM),
    "application.panel_drawn": Telling(_l("进入专家评审")),
    "application.review_completed": Telling(_l("专家评审完成"), by=_l("评审专家")),
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


def people_in(entries: Sequence[AuditEntry]) -> set[str]:
    """Keys of those who acted, and of officers whom the case was given."""
    given = (_facts(entry).get("officer") for entry in entries if entry.kind == "application.assigned")
    return {entry.actor for entry in entries} | {str(officer) for officer in given if officer}


def timeline_for_office(
    entries: Sequence[AuditEntry], names: Mapping[str, str], *, rounds: int = 1
) -> list[TimelineItem]:
    """Everything the log tells of a case, with who did it; the newest first."""
    return [
        TimelineItem(title, _office_text(entry, names), entry.at, _who(entry, names), TELLINGS[entry.kind].kind)
        for entry, title in reversed(_titled(entries, rounds))
    ]


def timeline_for_enterprise(
    entries: Sequence[AuditEntry], extensions: Sequence[DeadlineExtension] = (), *, rounds: int = 1
) -> list[TimelineItem]:
    """What concerns the enterprise, time that was granted included, without names of the office; the newest first."""
    told = [
        TimelineItem(title, _public_text(entry), entry.at, _office_of(entry), TELLINGS[entry.kind].kind)
        for entry, title in reversed(_titled(entries, rounds))
        if TELLINGS[entry.kind].public
    ]
    begun_at = min((entry.at for entry in entries), default=None)
    granted = [_more_time(extension) for extension in extensions]
    later = [item for item in granted if begun_at is not None and item.at >= begun_at]
    return sorted([*told, *later], key=lambda item: item.at, reverse=True)


def _more_time(extension: DeadlineExtension) -> TimelineItem:
    own = extension.organisation_id is not None
    title = _("获准延期提交") if own else _("因系统故障，受理截止时间顺延")
    text = _(
        "截止时间由 %(former)s 延至 %(until)s。%(reason)s",
        former=local_time(extension.former_close_at),
        until=local_time(extension.until_at),
        reason=extension.reason,
    )
    return TimelineItem(title, text, extension.decided_at or extension.proposed_at, str(OFFICE), "key")


def _titled(entries: Sequence[AuditEntry], rounds: int) -> list[tuple[AuditEntry, str]]:
    """Entries that are told of, each with its title; returns are counted."""
    told: list[tuple[AuditEntry, str]] = []
    returns = 0
    for entry in entries:
        if entry.kind in TELLINGS:
            returns += entry.kind == RETURNED
            told.append((entry, _title(entry, returns, max(rounds, returns))))
    return told


def _title(entry: AuditEntry, returns: int, rounds: int) -> str:
    facts = _facts(entry)
    if entry.kind == RETURNED:
        return _("退回补正（第 %(n)s 次，共 %(m)s 次）", n=returns, m=rounds)
    if entry.kind == "application.submitted" and facts.get("revision") not in (None, "1"):
        return _("提交补正材料")
    if entry.kind == "application.passed_to_city" and facts.get("overdue"):
        return _("区级初审期满，转市级审查")
    if entry.kind == "application.restored" and facts.get("extension"):
        return _("获准延期，草稿恢复")
    return str(TELLINGS[entry.kind].title)


def _office_of(entry: AuditEntry) -> str:
    """Who did it, for the enterprise; what the system did in an office's or the enterprise's place is the system's."""
    return str(SYSTEM if entry.actor == "system" and entry.kind in BY_SYSTEM_TOO else TELLINGS[entry.kind].by)


def _public_text(entry: AuditEntry) -> str:
    facts = _facts(entry)
    if entry.kind == "application.returned":
        return _("%(reason)s（%(day)s前补正）", reason=facts.get("reason", ""), day=_day(facts.get("due_on")))
    if entry.kind in REJECTIONS:
        return _("%(reason)s（依据：%(clause)s）", reason=facts.get("reason", ""), clause=facts.get("clause", ""))
    if entry.kind in GIVES_REASON:
        return str(facts.get("reason", facts.get("statement", "")))
    return ""


def _office_text(entry: AuditEntry, names: Mapping[str, str]) -> str:
    facts = _facts(entry)
    if entry.kind in WORK:
        return _work_text(entry.kind, facts, names)
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


def _work_text(kind: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What officers did among themselves: whom a case was given, which finding was overruled and why."""
    if kind in ("application.assigned", "application.unassigned"):
        return names.get(str(facts.get("officer")), "")
    words = {"pass": _("符合"), "fail": _("不符合"), "not_applicable": _("不适用"), "unknown": _("暂不能判断")}
    return _(
        "%(rule)s %(title)s：系统核验为%(found)s%(verdict)s。%(reason)s",
        rule=facts.get("rule", ""),
        title=facts.get("title", ""),
        found=words.get(str(facts.get("found")), ""),
        verdict=_("，改判为%(words)s", words=words[facts["verdict"]]) if facts.get("verdict") in words else "",
        reason=facts.get("reason", ""),
    )


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
