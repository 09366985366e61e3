"""大型, 中型, 小型, 微型: the statistical size classes of software and information firms.

Source: domain.md 1.4; 统计上大中小微型企业划分办法: large, medium and small need both floors, else one class down.
"""

from __future__ import annotations

from decimal import Decimal

_SOFTWARE = (("大型", 300, 100_000_000), ("中型", 100, 10_000_000), ("小型", 10, 500_000))
_TRANSMISSION = (("大型", 2_000, 1_000_000_000), ("中型", 100, 10_000_000), ("小型", 10, 1_000_000))
_FLOORS = {"63": _TRANSMISSION, "64": _TRANSMISSION, "65": _SOFTWARE}


def size_class(industry_code: str, employees: int | Decimal, revenue_yuan: Decimal) -> str:
    """The highest class whose both floors are met.

    Args:
        industry_code: GB/T 4754 code; 65 is judged as software and IT services, 63 and 64 as information transmission,
            anything else as software (the programmes here are for software, and the class decides nothing).
        employees: 从业人员, persons.
        revenue_yuan: 营业收入 of the last year, yuan.
    """
    for label, persons, floor_yuan in _FLOORS.get(industry_code[:2], _SOFTWARE):
        if employees >= persons and revenue_yuan >= floor_yuan:
            return label
    return "微型"
