"""Forms of experts and of the office around panels."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from grants.programmes.domain import Rubric, SubCriterion
from grants.reviews.domain import SheetFault
from grants.reviews.models import Assignment
from grants.reviews.presenters import RELATIONS, SPECIALTIES, fault_text, seat_words
from grants.reviews.services.sheets import COMMENT_LENGTH, OPINION_LENGTH
from grants.web.fields import (
    ChoicesField,
    DecimalTextField,
    RadioChoiceField,
    UndertakingField,
    UsccField,
)
from grants.web.forms import StageForm

HUNDRED = 100


class AcceptForm(StageForm):
    """The undertaking that opens a file."""

    impartial = UndertakingField(
        _l("回避承诺"),
        statement=_l("本人与申报单位、合作单位及其负责人没有任职、持股、合作、亲属等可能影响公正评审的关系。"),
        validators=[InputRequired(_l("请确认回避承诺；如有利害关系，请选择回避。"))],
    )
    discreet = UndertakingField(
        _l("保密承诺"),
        statement=_l("本人对申报材料、评分和专家组组成保密，不复制、不外传，评审后不保留材料。"),
        validators=[InputRequired(_l("请确认保密承诺。"))],
    )


class DeclineForm(StageForm):
    """Stepping back."""

    relation = RadioChoiceField(
        _l("与申报单位的关系"),
        options=[*RELATIONS.items(), ("none", _l("没有利害关系，但不能参加（时间、专业不符等）"))],
        validators=[InputRequired(_l("请选择原因。"))],
    )
    reason = TextAreaField(
        _l("说明"), validators=[InputRequired(_l("请写明情况。")), Length(max=500, message=_l("不超过 500 字。"))]
    )


class DeclareConflictForm(StageForm):
    """A relation declared ahead of any invitation."""

    uscc = UsccField(_l("单位的统一社会信用代码"), validators=[InputRequired(_l("请填写统一社会信用代码。"))])
    relation = RadioChoiceField(_l("关系"), options=RELATIONS, validators=[InputRequired(_l("请选择关系。"))])
    note = TextAreaField(_l("说明"), validators=[Length(max=500, message=_l("不超过 500 字。"))])


class DrawForm(StageForm):
    """A draw; a redraw says why. ``seen``: the number of the panel on the page, so that nobody draws over a colleague.

    ``build_draw_form`` adds the seats that may be given to others.
    """

    seen = HiddenField(validators=[Optional(), Regexp(r"\d{1,4}\Z", message=_l("页面已过期，请重新打开。"))])
    reason = TextAreaField(
        _l("补抽理由"),
        validators=[Length(max=500, message=_l("不超过 500 字。"))],
        description=_l("记入办理经过。其他专家和已提交的评分表不变。"),
    )

    @property
    def released(self) -> tuple[UUID, ...]:
        """The experts whom the officer gives up waiting for."""
        return tuple(UUID(value) for value in (self["release"].data or ())) if "release" in self else ()


def build_draw_form(seen: int, waiting: Sequence[Assignment]) -> DrawForm:
    """The form for the panel of this number (0: none yet); ``waiting``: its seats without a sheet."""
    fields: dict[str, Any] = {}
    if waiting:
        options = [(str(seat.expert_id), seat_words(seat)) for seat in waiting]
        fields["release"] = ChoicesField(
            _l("一并更换未提交的专家"),
            options=options,
            description=_l("长时间没有答复或没有提交评分表的，可以更换；不勾选则继续等待。"),
        )
    form: DrawForm = type("DrawFormWithSeats", (DrawForm,), fields)(data={"seen": str(seen)})
    return form


class AddExpertForm(StageForm):
    """A person who has an account joins the pool."""

    email = StringField(
        _l("账号邮箱"),
        description=_l("须已有账号，且不是任何申报单位或管理部门的人员。"),
        validators=[InputRequired(_l("请填写邮箱。")), Email(_l("邮箱格式不正确。")), Length(max=254)],
    )
    employer = StringField(
        _l("任职单位"),
        validators=[InputRequired(_l("请填写任职单位。")), Length(max=120, message=_l("不超过 120 字。"))],
    )
    employer_uscc = UsccField(_l("任职单位统一社会信用代码"), validators=[InputRequired(_l("请填写代码。"))])
    strata = ChoicesField(_l("专业类别"), options=SPECIALTIES, validators=[InputRequired(_l("请至少选择一类。"))])
    field = StringField(_l("专业领域"), validators=[Length(max=80, message=_l("不超过 80 字。"))])


class SheetForm(StageForm):
    """The base of a rubric's sheet; ``build_sheet_form`` adds a score and a comment per sub-criterion."""

    opinion = TextAreaField(
        _l("总体意见"),
        validators=[Length(max=OPINION_LENGTH, message=_l("不超过 2000 字。"))],
    )

    def points(self) -> dict[str, int | None]:
        """Points in hundredths by sub-criterion; None where nothing was given."""
        return {
            name.removeprefix("s_"): None if field.data is None else int(field.data * HUNDRED)
            for name, field in self._fields.items()
            if name.startswith("s_")
        }

    def comments(self) -> dict[str, str]:
        """Comments by sub-criterion."""
        return {
            name.removeprefix("c_"): field.data or "" for name, field in self._fields.items() if name.startswith("c_")
        }

    def show_faults(self, faults: tuple[SheetFault, ...]) -> None:
        """Put every fault beside the score or comment it speaks of."""
        for fault in faults:
            field = self["c_" + fault.key if fault.code == "comment_missing" else "s_" + fault.key]
            field.errors = [*field.errors, fault_text(fault)]


def build_sheet_form(rubric: Rubric) -> type[SheetForm]:
    """The form of one rubric, in its order."""
    fields = {
        name: field
        for criterion in rubric.criteria
        for sub in criterion.subs
        for name, field in ((f"s_{sub.key}", _score(sub)), (f"c_{sub.key}", _comment()))
    }
    return type("RubricSheetForm", (SheetForm,), fields)


def _score(sub: SubCriterion) -> DecimalTextField:
    return DecimalTextField(sub.label, digits=6, places=2, minimum=Decimal(0), maximum=sub.maximum)


def _comment() -> TextAreaField:
    return TextAreaField(_l("评语"), validators=[Length(max=COMMENT_LENGTH, message=_l("不超过 1000 字。"))])
