"""Sixty fictional enterprises over the sixteen districts, and forty fictional experts; valid codes, names that say
so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from grants.kernel.districts import DISTRICTS
from grants.kernel.uscc import ALPHABET, make_uscc

PREFIXES = ("示例", "演示", "样例", "范例", "虚构", "模拟", "例举", "假设")
WORDS = (
    "云图",
    "智造",
    "数联",
    "信安",
    "启算",
    "仿真",
    "密码",
    "中间",
    "轨交",
    "数控",
    "医工",
    "船舶",
    "电气",
    "排程",
    "编译",
)
KINDS = ("软件", "工业软件", "信息技术", "智能科技", "数据技术", "自动化软件")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何"
INDUSTRIES = ("6513", "6511", "6512", "6519", "6450", "6431", "6531", "6560")
SPECIALTIES = (
    ("technical",),
    ("technical", "security"),
    ("finance",),
    ("technical",),
    ("market", "industry"),
    ("technical", "market"),
    ("finance",),
    ("security",),
)
EMPLOYERS = ("大学", "研究院", "会计师事务所", "测评中心")
FIELDS = ("工业软件", "信息安全", "财务审计", "数据库与中间件", "产业经济", "嵌入式系统", "企业财务", "网络安全")


@dataclass(frozen=True, slots=True)
class Company:
    """A fictional enterprise; amounts in yuan, ``size`` from 0 (micro) to 3 (large)."""

    number: int
    name: str
    uscc: str
    district: str
    industry: str
    founded_on: date
    size: int
    contact: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class FictionalExpert:
    """A fictional member of the pool."""

    number: int
    name: str
    email: str
    employer: str
    employer_uscc: str
    specialties: tuple[str, ...]
    field: str


def company(number: int) -> Company:
    """The enterprise with this number, 0 and up; the same number always gives the same enterprise."""
    district = list(DISTRICTS)[number % len(DISTRICTS)]
    cycle, rest = divmod(number, len(PREFIXES) * len(WORDS))
    name = f"{PREFIXES[rest % len(PREFIXES)]}{WORDS[rest // len(PREFIXES)]}{KINDS[number % len(KINDS)]}"
    return Company(
        number=number,
        name=f"{name}{cycle + 1 if cycle else ''}（上海）有限公司",
        uscc=make_uscc(f"91{district}", f"MA{_base31(number, 6)}"),
        district=district,
        industry=INDUSTRIES[number % len(INDUSTRIES)],
        founded_on=date(2009 + number % 12, 1 + number % 12, 1 + number % 28),
        size=(0, 1, 1, 2, 1, 2, 3)[number % 7],
        contact=person_name(number),
        phone=f"021-5550{number % 10_000:04d}",
        email=f"contact{number:02d}@example.com",
    )


def expert(number: int) -> FictionalExpert:
    """The expert with this number, 0 and up; every eighth pattern of specialties repeats."""
    return FictionalExpert(
        number=number,
        name=person_name(1_000 + number * 7),
        email=f"expert{number + 1:02d}@example.com",
        employer=f"{PREFIXES[number % len(PREFIXES)]}{EMPLOYERS[number % len(EMPLOYERS)]}{number // 4 + 1}",
        employer_uscc=make_uscc("12310000", f"42{_base31(number, 6)}"),
        specialties=SPECIALTIES[number % len(SPECIALTIES)],
        field=FIELDS[number % len(FIELDS)],
    )


def person_name(number: int) -> str:
    """A surname and 某 with a numeral: nobody's name."""
    return f"{SURNAMES[number % len(SURNAMES)]}某{'一二三四五六七八九十'[number // len(SURNAMES) % 10]}"


def _base31(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, rest = divmod(number, 31)
        digits = ALPHABET[rest] + digits
    return digits
