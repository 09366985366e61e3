"""A cell as people write it, brought to the JSON form of its column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from grants.kernel.uscc import valid_uscc
from grants.registers.domain.registers import Column

JsonValue = str | bool | int | None
MAX_TEXT = 300
EARLIEST, LATEST = 1900, 2100  # years
LARGEST = 10**15

BLANK = frozenset({"", "-", "--", "—", "——", "/", "\\", "n/a", "na", "null", "none", "nil", "未知", "不详", "暂无"})
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "t", "1", "已", "真", "对"})
NO = frozenset({"否", "无", "没有", "×", "x", "n", "no", "false", "f", "0", "未", "假", "不是"})

_QUOTED = re.compile(r'="(?P<text>[^"]*)"')  # how exports keep Excel from taking a code for a number
_DAY = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?(?:[ T].*)?")
_PLAIN_DAY = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_WHOLE = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.0+)?|[+-]?\d+(?:\.0+)?")


class CellError(ValueError):
    """A cell that cannot be read as its column; the text says why, in a clause."""


def clean(cell: str) -> str:
    """A cell without what cannot be seen and without blanks around it; ``="…"`` without its guard."""
    text = " ".join((cell if cell.isprintable() else _visible(cell)).split())
    quoted = _QUOTED.fullmatch(text)
    return quoted["text"].strip() if quoted else text


def _visible(cell: str) -> str:
    return "".join(sign for sign in cell if sign in "\t\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))


def read_code(cell: str) -> str:
    """A unified social credit code in capitals; raises CellError."""
    text = unicodedata.normalize("NFKC", clean(cell)).replace(" ", "").upper()
    if not text:
        raise CellError("没有填写统一社会信用代码")
    if not valid_uscc(text):
        raise CellError(f"“{_short(text)}”不是有效的统一社会信用代码")
    return text


def read_cell(column: Column, cell: str) -> JsonValue:
    """The value of a cell; None where it is blank or says that it is not known. Raises CellError."""
    text = clean(cell)
    plain = unicodedata.normalize("NFKC", text)
    if plain.casefold() in BLANK or (column is Column.DAY and plain in {"无", "长期", "永久"}):
        return None
    if plain.startswith("="):
        raise CellError("是公式，请改为数值后再导入")
    return _READERS[column](text if column is Column.TEXT else plain)


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise CellError(f"超过 {MAX_TEXT} 字")
    return text


def _yes_no(text: str) -> bool:
    word = text.casefold()
    if word in YES or word.startswith("已"):
        return True
    if word in NO or word.startswith(("未", "尚未")):
        return False
    raise CellError(f"“{_short(text)}”应为“是”或“否”")


def _day(text: str) -> str:
    found = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    if found is None:
        raise CellError(f"“{_short(text)}”不是日期，应如 2026-03-05")
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise CellError(f"“{_short(text)}”这一天不存在") from error
    if not EARLIEST <= day.year <= LATEST:
        raise CellError(f"“{_short(text)}”不在 {EARLIEST} 年到 {LATEST} 年之间")
    return day.isoformat()


def _whole(text: str) -> int:
    number = text.removesuffix("年").strip()
    if not _WHOLE.fullmatch(number):
        raise CellError(f"“{_short(text)}”不是整数")
    value = int(number.replace(",", "").partition(".")[0])
    if abs(value) > LARGEST:
        raise CellError(f"“{_short(text)}”太大")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


_READERS: Mapping[Column, Callable[[str], JsonValue]] = {
    Column.TEXT: _text,
    Column.YES_NO: _yes_no,
    Column.DAY: _day,
    Column.WHOLE: _whole,
}
