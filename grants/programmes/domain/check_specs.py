"""Which named checks there are, the types of their parameters and the evidence each needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ParameterType(StrEnum):
    """What a check's parameter must name or hold."""

    TABLE = "table"
    COLUMN = "column"
    COLUMNS = "columns"
    FIELDS = "fields"
    LIST = "list"
    SHARE = "share"
    CHOICE = "choice"


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
            "table": CheckParameter(ParameterType.TABLE),
            "keys": CheckParameter(ParameterType.COLUMNS),
            "within_organisation": CheckParameter(ParameterType.COLUMNS, optional=True),
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
        {"fields": CheckParameter(ParameterType.FIELDS), "threshold": CheckParameter(ParameterType.SHARE)},
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
