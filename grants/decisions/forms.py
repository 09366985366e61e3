"""Forms of the ranking: another policy, one line, the approver's word."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from grants.calls.states import Shortfall
from grants.decisions.presenters import SHORTFALLS
from grants.web.fields import MoneyField, RadioChoiceField
from grants.web.forms import StageForm

WORDS = 1_000


class PrepareForm(StageForm):
    """The next version: policy at the line and why. ``version`` is the one the officer saw, 0 for none."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    shortfall = RadioChoiceField(
        _l("资金不足时"),
        [InputRequired(_l("请选择资金不足时的办法。"))],
        options={str(key): title for key, (title, _text) in SHORTFALLS.items()},
    )
    note = TextAreaField(
        _l("本版说明"),
        [Optional(), Length(max=WORDS, message=_l("不超过 1000 字。"))],
        description=_l("为什么这样调整；审批人能看到。"),
    )

    @property
    def policy(self) -> Shortfall:
        return Shortfall(self.shortfall.data)


class LineForm(StageForm):
    """One line: a lower amount with its reason; empty gives the computed amount again."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    amount = MoneyField(
        _l("核减后的金额"),
        [Optional()],
        unit="wan_yuan",
        minimum_fen=0,
        description=_l("整万元，低于核算金额；填 0 为不予支持；留空恢复为核算金额。"),
    )
    reason = TextAreaField(
        _l("理由"),
        [Optional(), Length(max=WORDS, message=_l("不超过 1000 字。"))],
        description=_l("核减或不予支持时必填，会写进方案并告知申报单位。"),
    )


class ApproveForm(StageForm):
    """The approver's yes, citing the fingerprint that was shown."""

    sha256 = HiddenField(validators=[InputRequired()])


class ReturnForm(StageForm):
    """The approver's no, with its reason."""

    reason = TextAreaField(
        _l("退回理由"),
        [InputRequired(_l("退回须写明理由。")), Length(max=WORDS, message=_l("不超过 1000 字。"))],
        description=_l("经办人据此拟定下一版。"),
    )
