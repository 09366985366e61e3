"""Whether one given answer keeps to its field's bounds; the sentence that says which it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from grants.kernel.districts import DISTRICTS
from grants.kernel.money import YUAN_PER_WAN
from grants.kernel.rules import Value, format_value
from grants.programmes.domain.kinds import FieldKind
from grants.programmes.domain.model import Definition, Field

_PHONE = re.compile(r"\+?[0-9 ()-]{7,20}\Z")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}\Z")


def fault_of(definition: Definition, field: Field, value: Value) -> str:
    """The Chinese sentence about a bound that ``value`` breaks, or nothing."""
    if isinstance(value, Decimal):
        return _number_fault(field, value)
    if isinstance(value, date):
        return _day_fault(field, value)
    if isinstance(value, tuple):
        return _list_fault(field, value)
    if isinstance(value, str):
        return _text_fault(definition, field, value)
    return ""


def amount_text(field: Field, number: Decimal) -> str:
    """A bound in the field's unit of entry: ``50 万元``, ``100%``, ``12``."""
    if field.kind is FieldKind.MONEY:
        wan = field.unit == "wan_yuan"
        return f"{format_value(number / YUAN_PER_WAN if wan else number)} {'万元' if wan else '元'}"
    return f"{format_value(number)}{'%' if field.kind is FieldKind.PERCENT else ''}"


def _number_fault(field: Field, number: Decimal) -> str:
    if field.minimum is not None and number < field.minimum:
        return f"“{field.label}”不得小于 {amount_text(field, field.minimum)}"
    if field.maximum is not None and number > field.maximum:
        return f"“{field.label}”不得大于 {amount_text(field, field.maximum)}"
    return ""


def _day_fault(field: Field, day: date) -> str:
    if field.not_before is not None and day < field.not_before:
        return f"“{field.label}”不得早于 {format_value(field.not_before)}"
    if field.not_after is not None and day > field.not_after:
        return f"“{field.label}”不得晚于 {format_value(field.not_after)}"
    return ""


def _list_fault(field: Field, items: tuple[str, ...]) -> str:
    strange = [item for item in items if field.choices and item not in field.choices]
    if strange:
        return f"“{field.label}”没有选项“{strange[0]}”"
    if field.min_length is not None and len(items) < field.min_length:
        return f"“{field.label}”至少 {field.min_length} 项"
    if field.max_length is not None and len(items) > field.max_length:
        return f"“{field.label}”至多 {field.max_length} 项"
    return ""


def _text_fault(definition: Definition, field: Field, text: str) -> str:
    length = len(text.strip())
    if field.min_length is not None and length < field.min_length:
        return f"“{field.label}”至少 {field.min_length} 字，现有 {length} 字"
    if field.max_length is not None and length > field.max_length:
        return f"“{field.label}”至多 {field.max_length} 字，现有 {length} 字"
    if field.pattern and not _compiled(field.pattern).fullmatch(text.strip()):
        return field.pattern_message or f"“{field.label}”的格式不正确"
    special = _KIND_FAULTS.get(field.kind)
    return special(definition, field, text.strip()) if special else ""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _choice_fault(definition: Definition, field: Field, text: str) -> str:
    return "" if text in field.choices else f"“{field.label}”没有选项“{text}”"


def _code_fault(definition: Definition, field: Field, text: str) -> str:
    return "" if text in definition.named_list(field.list_name).codes else f"“{field.label}”没有代码“{text}”"


def _district_fault(definition: Definition, field: Field, text: str) -> str:
    return "" if text in DISTRICTS else f"“{field.label}”应为本市的区"


def _phone_fault(definition: Definition, field: Field, text: str) -> str:
    return "" if _PHONE.match(text) else f"“{field.label}”应为电话号码（如 021-55550100）"


def _email_fault(definition: Definition, field: Field, text: str) -> str:
    return "" if _EMAIL.match(text) else f"“{field.label}”应为电子邮箱地址（如 name@example.com）"


_KIND_FAULTS: dict[FieldKind, Callable[[Definition, Field, str], str]] = {
    FieldKind.CHOICE: _choice_fault,
    FieldKind.CODE: _code_fault,
    FieldKind.DISTRICT: _district_fault,
    FieldKind.PHONE: _phone_fault,
    FieldKind.EMAIL: _email_fault,
}
