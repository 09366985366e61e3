"""The small schemas that the large ones are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": ["number", "string"]}
YES_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
TEXTS: Schema = {"type": "array", "items": TEXT}
EXPRESSION: Schema = {"type": ["string", "number", "boolean"], "description": "规则语言的表达式"}
COUNT: Schema = {"type": ["integer", "null"]}
KEY: Schema = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,39}$"}


def object_of(properties: Mapping[str, Any], *, required: Iterable[str] | None = None) -> Schema:
    """An object with these properties and no others; all are required unless ``required`` says which."""
    wanted = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": wanted, "additionalProperties": False}


def list_of(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def one_of(members: type[StrEnum]) -> Schema:
    """One of the members' values."""
    return {"enum": [member.value for member in members]}
