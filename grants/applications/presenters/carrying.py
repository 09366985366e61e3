"""Earlier applications to begin from, and what stayed behind, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from grants.applications.domain import Left
from grants.applications.models import Application
from grants.programmes.domain import Definition, Rule
from grants.web.filters import local_date
from grants.web.wording import state_label

SOLE = "sole_application"


@dataclass(frozen=True, slots=True)
class StayedBehind:
    """One thing that could not be taken over, and why."""

    label: str
    why: str


def source_options(sources: Iterable[Application], *, with_unit: bool) -> dict[str, str]:
    """Earlier applications by key, each told apart by call, title, number and state."""
    return {
        str(source.id): _("，").join(
            part
            for part in (
                source.organisation.name if with_unit else "",
                source.title or _("未命名的申报"),
                source.call.title,
                source.ref or _("%(day)s 新建", day=local_date(source.created_at)),
                str(state_label(f"application.{source.state}")),
            )
            if part
        )
        for source in sources
    }


def stayed_behind(left: Iterable[dict[str, Any]]) -> list[StayedBehind]:
    """What stayed behind, with the reason in words."""
    words = {
        Left.FIELD_GONE: _("新的申报表没有这一项。"),
        Left.KIND_DIFFERS: _("新的申报表中这一项的填写方式不同。"),
        Left.OUT_OF_BOUNDS: _("原来的内容不在现在允许的范围内。"),
        Left.ROW_GONE: _("新的申报表没有对应的一行。"),
        Left.TABLE_FULL: _("超过新的申报表允许的行数。"),
        Left.SLOT_GONE: _("新的申报不需要这份材料。"),
        Left.TYPE_DIFFERS: _("文件类型不符合新的要求。"),
        Left.TOO_LARGE: _("文件大小超过新的上限。"),
        Left.TOO_MANY_PAGES: _("文件页数超过新的上限。"),
        Left.SLOT_FULL: _("超过允许的文件数量。"),
        Left.NOT_CLEAN: _("文件没有通过安全检查。"),
    }
    return [StayedBehind(one["label"], one["detail"] or str(words[Left(one["reason"])])) for one in left]


def sole_rule(definition: Definition) -> Rule | None:
    """The rule by which an organisation may apply only once, with its scope among its parameters."""
    return next((rule for rule in definition.rules if rule.check is not None and rule.check.name == SOLE), None)
