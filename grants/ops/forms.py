"""The form that sets the demonstration clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from grants.kernel.clock import local_instant
from grants.web.fields import DatePartsField, TimeField
from grants.web.forms import StageForm


class SetClockForm(StageForm):
    """A given instant."""

    day = DatePartsField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    clock = TimeField(_l("时间"), [InputRequired(_l("请填写时间。"))], description=_l("上海时间，时和分，例如 16:59。"))

    def instant(self) -> datetime:
        """The instant as typed; the form must have been validated."""
        given: dict[str, Any] = self.data
        return local_instant(given["day"], given["clock"].hour, given["clock"].minute)
