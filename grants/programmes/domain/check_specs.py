"""Which named checks there are, the types of their parameters and the evidence each needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

JOINT = "+"  # between the parts of a combined key, as the definition writes it


class ParameterType(StrEnum):
    """What a check's parameter must name or hold.

    ``keys`` are columns of the table or fields, several of them joined to one key by ``+``; ``own_keys`` are some of
    the keys, ``parts`` some of their parts; a ``name`` is new.
    """

    TABLE = "table"
    COLUMN = "column"
    KEYS = "keys"
    OWN_KEYS = "own_keys"
    PARTS = "parts"
    FIELDS = "fields"
    LIST = "list"
    SHARE = "share"
    CHOICE = "choice"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class CheckParameter:
    type: ParameterType
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """``label`` is for screens; ``evidence`` the roots the check reads."""

    label: str
    parameters: Mapping[str, CheckParameter]
    evidence: frozenset[str]


CHECK_SPECS: Mapping[str, CheckSpec] = {
    "sole_application": CheckSpec(
        "同一单位只申报一项",
        {"scope": CheckParameter(ParameterType.CHOICE, ("call", "programme_year"))},
        frozenset({"claims"}),
    ),
    "not_used_elsewhere": CheckSpec(
        "证明材料未在别处使用",
        {
            "table": CheckParameter(ParameterType.TABLE, optional=True),
            "keys": CheckParameter(ParameterType.KEYS),
            "within_organisation": CheckParameter(ParameterType.OWN_KEYS, optional=True),
            "versions": CheckParameter(ParameterType.PARTS, optional=True),
            "what": CheckParameter(ParameterType.NAME, optional=True),
            "programmes": CheckParameter(ParameterType.CHOICE, ("all", "same")),
            "years": CheckParameter(ParameterType.CHOICE, ("all", "same")),
        },
        frozenset({"claims"}),
    ),
    "documents_sound": CheckSpec(
        "附件完整可读",
        {"which": CheckParameter(ParameterType.CHOICE, ("required", "all"))},
        frozenset({"files"}),
    ),
    "near_duplicate": CheckSpec(
        "与既往申报文本相似",
        {
            "fields": CheckParameter(ParameterType.FIELDS),
            "threshold": CheckParameter(ParameterType.SHARE),
            "continues": CheckParameter(ParameterType.FIELDS, optional=True),
        },
        frozenset({"earlier_texts"}),
    ),
    "words_absent": CheckSpec(
        "不含禁用词",
        {
            "table": CheckParameter(ParameterType.TABLE),
            "column": CheckParameter(ParameterType.COLUMN),
            "words": CheckParameter(ParameterType.LIST),
        },
        frozenset(),
    ),
}


@lru_cache(maxsize=256)
def parts_of(entry: str) -> tuple[str, ...]:
    """``product_name + version`` is one key of two parts."""
    return tuple(part.strip() for part in entry.split(JOINT))
