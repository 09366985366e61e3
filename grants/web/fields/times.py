"""A time of day: hour and minute."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from flask_babel import gettext as _

from grants.web.fields.numbers import TypedField
from grants.web.fields.typed import without_spaces

_CLOCK = re.compile(r"(\d{1,2})(?::|时|点)(\d{2})分?")


class TimeField(TypedField):
    """Hour and minute as ``time``, without a zone: ``9:00``, ``１７：００``, ``17时30分``; None when left empty."""

    control = "code"

    def read(self, typed: str) -> time:
        found = _CLOCK.fullmatch(without_spaces(typed))
        if found is None:
            raise ValueError(_("请填写时和分，例如 17:00。"))
        try:
            return time(int(found[1]), int(found[2]))
        except ValueError:
            raise ValueError(_("没有 %(clock)s 这个时间，请核对。", clock=found[0])) from None

    def write(self, value: Any) -> str:
        return f"{value:%H:%M}"
