"""Money typed in yuan or 万元, kept as int fen."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

import cn2an
from flask_babel import gettext as _

from grants.kernel.money import FEN_PER_YUAN, YUAN_PER_WAN, to_yuan, wan_text, yuan_text
from grants.web.fields.numbers import TypedField, decimal_text
from grants.web.fields.typed import EXACT, plain_number, without_spaces

MoneyUnit = Literal["yuan", "wan_yuan"]
MAX_FEN = 10**15  # ten trillion yuan: far above any sum of these programmes, far below what the database holds

_FEN_PER_UNIT: dict[str, int] = {"yuan": FEN_PER_YUAN, "wan_yuan": FEN_PER_YUAN * YUAN_PER_WAN}
_AMOUNT = re.compile(r"\d+(\.\d*)?|\.\d+")
_NEGATIVE = re.compile(r"[-−]")


def capitals(fen: int) -> str:
    """An amount in fen (>= 0) in the capital figures of Chinese bookkeeping: ``人民币壹佰贰拾万元整``."""
    return "人民币" + str(cn2an.an2cn(str(to_yuan(fen)), "rmb"))


class MoneyField(TypedField):
    """An amount entered in ``unit`` and kept as int fen (1 yuan = 100 fen); None when left empty.

    Takes thousands separators, full-width digits, a leading ¥ and a trailing 元 or 万元. Refuses negative amounts,
    parts of a fen and more than 10^15 fen. ``maximum_fen`` and ``minimum_fen`` are bounds of the field itself.
    """

    control = "money"

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        unit: MoneyUnit = "yuan",
        minimum_fen: int = 0,
        maximum_fen: int = MAX_FEN,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.unit = unit
        self.minimum_fen, self.maximum_fen = minimum_fen, min(maximum_fen, MAX_FEN)

    @property
    def unit_label(self) -> str:
        """The unit as it stands beside the input."""
        return str(_("万元")) if self.unit == "wan_yuan" else str(_("元"))

    @property
    def capitals(self) -> str:
        """The amount in capital figures; empty while there is none."""
        return "" if self.data is None else capitals(self.data)

    @property
    def counterpart(self) -> str:
        """The same amount in the other unit, for reading: ``142 万元`` beside yuan, ``1,420,000 元`` beside 万元."""
        if self.data is None:
            return ""
        if self.unit == "wan_yuan":
            return str(_("%(amount)s 元", amount=yuan_text(self.data)))
        return str(_("%(amount)s 万元", amount=wan_text(self.data)))

    def read(self, typed: str) -> int:
        text = plain_number(self._without_unit(without_spaces(typed).lstrip("¥")))
        if _NEGATIVE.match(text):
            raise ValueError(_("金额不能为负数。"))
        if not _AMOUNT.fullmatch(text):
            raise ValueError(
                _("请填写金额数字，例如 %(figure)s。", figure="120" if self.unit == "wan_yuan" else "1,200,000")
            )
        fen = EXACT.multiply(Decimal(text), Decimal(_FEN_PER_UNIT[self.unit]))
        self._check(fen)
        return int(fen)

    def write(self, value: Any) -> str:
        return decimal_text(Decimal(value) / _FEN_PER_UNIT[self.unit])

    def _without_unit(self, number: str) -> str:
        """The figures alone. Yuan written into a field of 万元 are refused: taken as they stand they are 10,000 times
        as much."""
        if self.unit == "yuan":
            return number.removesuffix("元")
        if number.endswith("元") and not number.endswith("万元"):
            raise ValueError(_("这里以万元填写，请把元换算成万元，例如 50000 元填 5。"))
        return number.removesuffix("元").removesuffix("万")

    def _check(self, fen: Decimal) -> None:
        if fen > MAX_FEN:
            raise ValueError(_("金额超出可以填写的范围，请核对单位是否为%(unit)s。", unit=self.unit_label))
        if fen != fen.to_integral_value():
            raise ValueError(_("金额最小到分：以元计最多两位小数，以万元计最多六位小数。"))
        if fen > self.maximum_fen:
            raise ValueError(_("不能超过 %(amount)s 元。", amount=yuan_text(self.maximum_fen)))
        if fen < self.minimum_fen:
            raise ValueError(_("不能少于 %(amount)s 元。", amount=yuan_text(self.minimum_fen)))
