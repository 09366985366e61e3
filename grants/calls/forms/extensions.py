"""More time: who, until when, why; and the answer of the second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from grants.kernel.clock import local_instant
from grants.web.fields import DatePartsField, RadioChoiceField, TimeField, UsccField
from grants.web.forms import StageForm

_REQUIRED = InputRequired(_l("请填写这一项。"))
_LONG = Length(max=2_000, message=_l("不超过 2000 字。"))


class ProposeExtensionForm(StageForm):
    """One unit's own extension."""

    uscc = UsccField(_l("统一社会信用代码"), [_REQUIRED], description=_l("只为这一家单位延期。"))
    until_on = DatePartsField(_l("延至日期"), [_REQUIRED])
    until_time = TimeField(_l("延至时间"), [_REQUIRED], description=_l("上海时间，时和分。到这一分钟整为止。"))
    reason = TextAreaField(
        _l("理由"), [_REQUIRED, _LONG], description=_l("申报单位会读到；审批人据此决定，并长期留存。")
    )

    def until_at(self) -> datetime:
        """The new close as typed; the form must have been validated."""
        given: dict[str, Any] = self.data
        return local_instant(given["until_on"], given["until_time"].hour, given["until_time"].minute)


class DecideExtensionForm(StageForm):
    """Granted, or refused with a reason."""

    decision = RadioChoiceField(_l("决定"), [_REQUIRED], options={"approve": _l("同意延期"), "refuse": _l("不同意")})
    note = TextAreaField(_l("意见"), [_LONG], description=_l("不同意的，请写明理由。"))
