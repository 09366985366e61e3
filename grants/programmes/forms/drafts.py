"""Editing a draft: one rule, the lines of a part; proposing it, deciding about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from grants.programmes.domain import RuleStage, Severity
from grants.programmes.domain.editing import Edited, Raw, emit_entry
from grants.programmes.presenters import SEVERITIES, STAGES
from grants.web.fields import ChoiceField, RadioChoiceField, choices
from grants.web.forms import StageForm

REQUIRE, CHECK = "require", "check"
LONGEST = 500_000  # characters: the service counts the bytes of the whole
_REQUIRED = InputRequired(_l("请填写这一项。"))
_LINE = Length(max=120, message=_l("不超过 120 字。"))
_LONG = Length(max=2_000, message=_l("不超过 2000 字。"))


class RuleForm(StageForm):
    """One rule. ``seen`` is the fingerprint of its lines as they were when the page was made."""

    seen = HiddenField()
    key = StringField(
        _l("编号"),
        [_REQUIRED, Regexp(r"[A-Za-z0-9_-]{1,32}\Z", message=_l("只用字母、数字与连字符，不超过 32 个字符。"))],
        description=_l("在本专项内不重复；发布后保持不变，以便与往年对照。"),
    )
    title = StringField(_l("名称"), [_REQUIRED, _LINE])
    basis = ChoiceField(_l("依据"), [_REQUIRED])
    article = StringField(_l("条款"), [_REQUIRED, _LINE], description=_l("如 二(8)、第四条。"))
    severity = ChoiceField(
        _l("后果"), [_REQUIRED], options=[(str(key), words) for key, (_tone, words) in SEVERITIES.items()]
    )
    at = ChoiceField(_l("何时核查"), [_REQUIRED], options=[(str(key), words) for key, words in STAGES.items()])
    when = TextAreaField(_l("适用情形"), [_LONG], description=_l("不写就总是适用；不成立时，这条规则不适用于该申报。"))
    mode = RadioChoiceField(_l("怎样判断"), [_REQUIRED], options={REQUIRE: _l("写判断式"), CHECK: _l("用内置检查")})
    require = TextAreaField(_l("判断式"), [_LONG], description=_l("成立为符合，不成立为不符合，缺少数据为暂不能判断。"))
    check = TextAreaField(
        _l("内置检查"), [_LONG], description=_l("每行一项，如 named: near_duplicate；参数见定义格式说明。")
    )
    message = TextAreaField(
        _l("不符合时告知"), [_REQUIRED, _LONG], description=_l("可用大括号引用数值，如 {org.name}。")
    )
    remedy = TextAreaField(_l("怎样处理"), [_REQUIRED, _LONG], description=_l("告诉申报单位怎样改正，或不能改正。"))
    sentence = TextAreaField(
        _l("条件说明"), [_REQUIRED, _LONG], description=_l("写进指南的一句话；可引用批次参数，如 {min_sales}。")
    )


class SourceForm(StageForm):
    """The lines of a part, or the whole text."""

    seen = HiddenField()
    text = TextAreaField(_l("内容"), [Length(max=LONGEST, message=_l("内容过长，没有保存。"))])


class ProposeDraftForm(StageForm):
    """Why the new version is needed."""

    summary = TextAreaField(
        _l("修改说明"), [_REQUIRED, _LONG], description=_l("改了什么、为什么改；审批人据此判断，并长期留存。")
    )


def rule_form(rule: Mapping[str, Any], bases: Sequence[tuple[str, str]], *, seen: str) -> RuleForm:
    """The form of a rule as the draft says it; of a new one where ``rule`` is empty. What was sent comes first."""
    clause = rule.get("clause")
    clause = clause if isinstance(clause, dict) else {}
    check = rule.get("check")
    form = RuleForm(
        data={
            "seen": seen,
            **{name: _text(rule.get(name)) for name in ("key", "title", "when", "require", "message", "remedy")},
            "sentence": _text(rule.get("sentence")),
            "severity": _text(rule.get("severity")) or str(Severity.REJECT),
            "at": _text(rule.get("at")) or str(RuleStage.SUBMIT),
            "basis": _text(clause.get("basis")),
            "article": _text(clause.get("article")),
            "mode": CHECK if check else REQUIRE,
            "check": check_lines(check),
        }
    )
    form.basis.choices = choices(bases, blank=str(_("请选择")))
    return form


def rule_changes(form: RuleForm, rule: Mapping[str, Any]) -> dict[str, Edited]:
    """What the form says otherwise than the rule, entry by entry; None takes an entry away."""
    given = {name: text.replace("\r\n", "\n").strip() for name, text in _texts(form).items()}
    by_check = form.mode.data == CHECK
    wanted: dict[str, Edited] = {
        "key": given["key"],
        "title": given["title"],
        "clause": {"basis": given["basis"], "article": given["article"]},
        "severity": given["severity"],
        "at": given["at"] if given["at"] != RuleStage.SUBMIT or "at" in rule else None,
        "when": given.get("when") or None,
        "require": None if by_check else given.get("require", ""),
        "check": Raw(given.get("check", "")) if by_check else None,
        "message": given["message"],
        "remedy": given["remedy"],
        "sentence": given["sentence"],
    }
    return {name: value for name, value in wanted.items() if not _same(name, value, rule)}


def check_lines(check: object) -> str:
    """A named check's entries, one to a line."""
    entries = check.items() if isinstance(check, dict) else ()
    return "".join(emit_entry(key, value, 0) for key, value in entries if isinstance(value, str | list)).strip()


def _same(name: str, value: Edited, rule: Mapping[str, Any]) -> bool:
    former = rule.get(name)
    if isinstance(value, Raw):
        return former is not None and value.text == check_lines(former)
    return (former.strip() if isinstance(former, str) else former) == value


def _texts(form: RuleForm) -> dict[str, str]:
    return {field.name: field.data for field in form if isinstance(field.data, str)}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
