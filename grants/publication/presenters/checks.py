"""What becomes of a presented receipt, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.domain.receipts import Authenticity, Statement
from grants.publication.queries import CheckedReceipt

ANSWERS: Mapping[Authenticity, tuple[str, object, object]] = {
    Authenticity.GENUINE: (
        "ok",
        _l("签名有效，这份回执由本系统签发"),
        _l("请与回执上印的内容逐项核对，以下列内容为准。"),
    ),
    Authenticity.UNREADABLE: (
        "caution",
        _l("签名不完整"),
        _l("签名由 103 个字母和数字组成，请从回执上完整抄录或复制后重新输入。"),
    ),
    Authenticity.UNKNOWN_KEY: (
        "law",
        _l("无效：不是本系统的密钥"),
        _l("回执上的密钥编号不在本系统公布的密钥之中。请核对陈述是否完整；内容无误的，这份回执不是本系统签发的。"),
    ),
    Authenticity.FORGED: (
        "law",
        _l("无效：签名与内容不符"),
        _l("内容或签名与签发时不同。请核对抄录是否有误；抄录无误的，这份回执的内容被改动过，或者不是本系统签发的。"),
    ),
}


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One answer: its kind, a title, a sentence, and what was signed."""

    kind: str
    title: str
    text: str
    facts: tuple[Mapping[str, object], ...] = ()
    kept: bool = True


def shown_check(checked: CheckedReceipt) -> ShownCheck:
    """The answer in words; what was signed only where the signature is genuine."""
    if checked.authenticity is None:
        return _not_found(checked)
    kind, title, text = ANSWERS[checked.authenticity]
    facts = _facts(checked.statement) if checked.statement else ()
    return ShownCheck(kind, str(title), str(text), facts, checked.kept)


def _not_found(checked: CheckedReceipt) -> ShownCheck:
    if checked.pasted:
        return ShownCheck(
            "caution", str(_("没有读到陈述")), str(_("陈述从“{”开始到“}”结束，请从回执上完整复制后重新粘贴。"))
        )
    return ShownCheck(
        "caution",
        str(_("没有找到")),
        str(_("没有这个受理编号和内容指纹的回执。请核对是否抄录有误，或者改为粘贴回执上的陈述。")),
    )


def _facts(statement: Statement) -> tuple[Mapping[str, object], ...]:
    facts: list[tuple[object, str]] = [
        (_("受理编号"), statement.ref),
        (_("申报单位"), statement.org),
        (_("统一社会信用代码"), statement.uscc),
        (_("批次"), statement.call),
        (_("提交时间"), _instant(statement.revision_at)),
        (_("版次"), _("第 %(n)s 次提交", n=statement.revision)),
    ]
    if statement.submitted_at != statement.revision_at:
        facts.append((_("首次提交"), _instant(statement.submitted_at)))
    codes = (
        (_("内容指纹"), statement.content),
        (_("材料清单指纹"), statement.papers),
        (_("密钥编号"), statement.key),
    )
    return (
        *({"label": label, "value": value} for label, value in facts),
        *({"label": label, "value": value, "mono": True} for label, value in codes),
    )


def _instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}"
