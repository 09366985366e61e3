"""Handing out sections, remarking on an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from grants.applications.services import COMMENT_LENGTH
from grants.web.fields import ChoiceField
from grants.web.forms import StageForm

SECTION, WAS = "s-", "was-"


class CommentForm(StageForm):
    """One remark."""

    body = TextAreaField(
        _l("意见"),
        validators=[
            Length(
                min=1,
                max=COMMENT_LENGTH,
                message=_l("请写下要说的内容，不超过 %(limit)s 字。", limit=COMMENT_LENGTH),
            )
        ],
        description=_l("只有本单位的人员能看到，不随申报提交。"),
    )


def build_assignment_form(titles: Mapping[str, str], people: Mapping[str, str]) -> type[StageForm]:
    """A choice of people for each section, ``s-<section>``; ``was-<section>`` says whose it was when it was shown."""
    inputs: dict[str, Any] = {}
    for key, title in titles.items():
        inputs[f"{SECTION}{key}"] = ChoiceField(title, options=people, validators=[Optional()], blank=_("未指定"))
        inputs[f"{WAS}{key}"] = HiddenField()
    return type("BuiltAssignmentForm", (StageForm,), inputs)
