"""Forms of operators: the demonstration clock, an outage."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

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


class OutageForm(StageForm):
    """An outage that the server did not notice itself."""

    began_on = DatePartsField(_l("开始日期"), [InputRequired(_l("请填写日期。"))])
    began_time = TimeField(_l("开始时间"), [InputRequired(_l("请填写时间。"))], description=_l("上海时间，时和分。"))
    ended_on = DatePartsField(_l("结束日期"), [InputRequired(_l("请填写日期。"))])
    ended_time = TimeField(_l("结束时间"), [InputRequired(_l("请填写时间。"))])
    note = TextAreaField(
        _l("情况说明"),
        [InputRequired(_l("请写明中断的情况。")), Length(max=1_000, message=_l("不超过 1000 字。"))],
        description=_l("将写进延期的理由，申报单位会读到。"),
    )

    def times(self) -> dict[str, datetime]:
        """``began_at`` and ``ended_at`` as typed; the form must have been validated."""
        given: dict[str, Any] = self.data
        return {
            "began_at": _instant(given["began_on"], given["began_time"]),
            "ended_at": _instant(given["ended_on"], given["ended_time"]),
        }


def _instant(day: date, clock: time) -> datetime:
    return local_instant(day, clock.hour, clock.minute)
