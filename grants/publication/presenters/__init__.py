"""Words of publication, and what its pages and files show of frozen content."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from grants.kernel.money import wan_text
from grants.publication.domain import Figures, Published, status_of
from grants.publication.models import AwardList, Notice
from grants.publication.presenters.checks import shown_check
from grants.publication.presenters.workbook import workbook_bytes
from grants.publication.states import NoticeState

__all__ = [
    "DATASET_LABELS",
    "REASONS",
    "STATES",
    "category_bars",
    "filtered",
    "notice_phase",
    "share_text",
    "shown_check",
    "status_words",
    "workbook_bytes",
]

STATES: dict[str, tuple[str, object]] = {
    "notice.published": ("pub", _l("公示中")),
    "notice.upcoming": ("pub", _l("即将公示")),
    "notice.ended": ("run", _l("公示期满")),
    "notice.superseded": ("end", _l("已被更正版替代")),
    "notice.released": ("ok", _l("已公告")),
    "objection.filed": ("act", _l("待处理")),
    "objection.rejected": ("end", _l("异议不成立")),
    "objection.upheld": ("law", _l("异议成立")),
    "award_list.prepared": ("act", _l("待发布")),
    "award_list.released": ("ok", _l("已公告")),
    "award_list.discarded": ("end", _l("已作废")),
}

REASONS: dict[str, object] = {
    "objection_undecided": _l("还有异议没有处理，涉及 %(items)s，名单不能发布。"),
    "notice_still_runs": _l("公示期还没有结束（至 %(ends_on)s），不能编制名单。"),
    "notice_superseded": _l("这是旧版公示，已被更正版替代，请对现行版本提出异议。"),
    "notice_over": _l("公示期已经结束，不再受理异议。"),
    "notice_not_begun": _l("公示期还没有开始，请在公示期内提出异议。"),
    "notice_not_in_force": _l("这份公示已经不是现行版本，操作没有执行。"),
    "notice_starts_in_the_past": _l("公示不能从过去的日期开始。"),
    "nothing_approved": _l("本批还没有批准的方案，不能公示。"),
    "nothing_funded": _l("批准的方案中没有拟支持的项目，不需要公示。"),
    "nothing_to_release": _l("公示中已没有项目，不能编制名单。"),
    "objection_decided": _l("这件异议已经处理过了。"),
    "objection_needs_reply": _l("处理异议须写明答复。"),
    "objection_too_long": _l("异议内容过长，请不超过 %(limit)s 字，其余作为附件另行提交。"),
    "too_many_objections": _l("同一联系电话一天内对一份公示最多提出 %(limit)s 件异议，请明天再提或联系受理部门。"),
    "list_waits_for_release": _l("按这份公示编制的名单正在等待发布，请先作废名单，再处理这件异议。"),
    "list_not_prepared": _l("这份名单不在待发布状态。"),
    "own_list": _l("名单由您编制，须由另一人核对后发布。"),
    "doc_no_missing": _l("请填写文号，不超过 60 字。"),
    "announced_too_early": _l("公告日期应在公示期结束之后。"),
    "announced_in_the_past": _l("公告日期不能早于今天。"),
    "list_not_due": _l("名单的公告日期是 %(announced_on)s，到那一天才能发布；要提前发布，请作废后重新编制。"),
    "pdf_not_ready": _l("PDF 正在生成，通常几秒钟后可以下载。"),
}

DATASET_LABELS: dict[str, object] = {
    "title": _l("标题"),
    "summary": _l("摘要"),
    "provider": _l("提供方"),
    "field": _l("数据领域"),
    "update_frequency": _l("更新频率"),
    "security_level": _l("安全等级"),
    "sharing": _l("共享属性"),
    "openness": _l("开放类型"),
    "conditions": _l("开放条件"),
    "formats": _l("格式"),
    "encoding": _l("编码"),
}


def notice_phase(notice: Notice, today: date) -> str:
    """The state key of a notice as the day makes it."""
    if notice.state is not NoticeState.PUBLISHED:
        return f"notice.{notice.state}"
    if today < notice.starts_on:
        return "notice.upcoming"
    return "notice.published" if today <= notice.ends_on else "notice.ended"


def status_words(issued: Notice | AwardList, published: Published) -> str:
    """What the open data say of a document as it stands now; frozen content does not know what came after it."""
    superseded, followed = issued.state == NoticeState.SUPERSEDED, issued.state == NoticeState.RELEASED
    return status_of(published, revoked=superseded, announced=followed)


def filtered(
    published: Published, rows: list[list[str]], *, words: str, district: str, category: str
) -> list[list[str]]:
    """The rows whose item has the words in its names, numbers or code, and lies in that district and category."""
    wanted = words.strip().casefold()
    kept = []
    for item, row in zip(published.items, rows, strict=True):
        text = " ".join((item.project_name, item.version, item.org_name, item.uscc, item.project_no)).casefold()
        if wanted in text and district in ("", item.district_code) and category in ("", item.category):
            kept.append(row)
    return kept


def category_bars(figures: Figures) -> list[tuple[str, Decimal]]:
    """Categories with their 万元, the largest first."""
    return [(label, Decimal(wan_text(fen).replace(",", ""))) for label, fen in figures.by_category]


def share_text(part: int, whole: int) -> str:
    """``25.0%``; empty where there is no whole."""
    return f"{Decimal(part) * 100 / Decimal(whole):.1f}%" if whole else ""
