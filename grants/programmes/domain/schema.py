"""JSON Schemas (2020-12): of the definition format, and of a case of one definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from grants.kernel.districts import DISTRICTS
from grants.kernel.rules import Kind
from grants.programmes.domain.kinds import FieldKind, ParameterKind, Phase, RuleStage, Severity, StageKey, TieKind
from grants.programmes.domain.loading.documents import FILE_TYPES
from grants.programmes.domain.loading.fields import MONEY_UNITS
from grants.programmes.domain.loading.process import PUBLIC_COLUMNS
from grants.programmes.domain.loading.scoring import SPECIALTIES
from grants.programmes.domain.model import Definition, Field
from grants.programmes.domain.names import EVIDENCE, ORG, EvidenceShape

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": ["number", "string"]}
_YES_NO: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "format": "date"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_EXPRESSION: Schema = {"type": ["string", "number", "boolean"], "description": "规则语言的表达式"}
_COUNT: Schema = {"type": ["integer", "null"]}
_KEY: Schema = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,39}$"}


def definition_schema() -> Schema:
    """The schema of a definition file. It holds the shape; names, kinds and bounds across parts are the loader's."""
    track = _object(
        {"key": _KEY, "label": _TEXT, **dict.fromkeys(("when", "ratio_bp", "cap"), _EXPRESSION)},
        required=["key", "label", "ratio_bp", "cap"],
    )
    properties = {
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,19}$"},
        "title": _TEXT,
        "summary": _TEXT,
        "version": {"type": "string", "pattern": r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$"},
        "basis": _list(_basis()),
        "values": _list(_object({"key": _KEY, "label": _TEXT, "expression": _EXPRESSION})),
        "lists": _list(_named_list()),
        "parameters": _list(_parameter()),
        "sections": _list(_section()),
        "documents": _list(_document()),
        "rules": _list(_rule()),
        "rubric": _rubric(),
        "funding": _object(
            {
                **dict.fromkeys(("base", "requested", "rounding", "minimum"), _EXPRESSION),
                "base_label": _TEXT,
                "tracks": _list(track),
                "instalments": _list(
                    _object({"key": _KEY, "label": _TEXT, "share_bp": _NUMBER, "after": _one_of(StageKey)})
                ),
            }
        ),
        "stages": _list(_stage()),
        "publication": _publication(),
    }
    optional = {"values", "lists", "parameters"}
    return {
        "$schema": DIALECT,
        "title": "项目定义",
        **_object(properties, required=[key for key in properties if key not in optional]),
    }


def case_schema(definition: Definition) -> Schema:
    """The schema of a case of this definition, as ``case_from_json`` reads it."""
    org: Schema = {}
    answers: Schema = {}
    for path, section in definition.section_of.items():
        field = definition.field(path)
        if field.kind is not FieldKind.COMPUTED:
            (org if section.key == ORG else answers)[field.key] = _answer(definition, field)
    document = {
        "key": {"enum": [slot.key for slot in definition.documents]},
        "row": {"type": ["string", "null"]},
        "pages": _COUNT,
        "size": _COUNT,
        **dict.fromkeys(("sha256", "name"), _TEXT),
    }
    properties = {
        "definition": {"const": definition.code},
        "call": _call(definition),
        "submitted_at": {"type": ["string", "null"], "format": "date-time"},
        "application": _TEXT,
        "receipt_no": {"type": ["integer", "null"]},
        ORG: _object(org, required=[]),
        "answers": _object(answers, required=[]),
        "documents": _list(_object(document, required=["key"])),
        "evidence": _object({root: _evidence(shape) for root, shape in EVIDENCE.items()}, required=[]),
        "district": _object({"recommended": {"type": ["boolean", "null"]}}, required=[]),
    }
    return {"$schema": DIALECT, "title": f"{definition.title}案例", **_object(properties, required=["call"])}


def _object(properties: Mapping[str, Any], *, required: Iterable[str] | None = None) -> Schema:
    wanted = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": wanted, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(members: type[StrEnum]) -> Schema:
    return {"enum": [member.value for member in members]}


def _basis() -> Schema:
    properties = {"id": _KEY, "title": _TEXT, "number": _TEXT, "in_force_from": _DAY, "in_force_to": _DAY}
    return _object(properties, required=["id", "title"])


def _named_list() -> Schema:
    items = {"anyOf": [_TEXTS, {"type": "object", "additionalProperties": _TEXT}]}
    return _object({"key": _KEY, "label": _TEXT, "items": items})


def _parameter() -> Schema:
    bound = {"type": ["string", "number"]}
    properties = {
        "key": _KEY,
        "kind": _one_of(ParameterKind),
        **dict.fromkeys(("label", "unit", "help"), _TEXT),
        **dict.fromkeys(("default", "minimum", "maximum"), bound),
    }
    return _object(properties, required=["key", "kind", "label"])


def _section() -> Schema:
    properties = {
        "key": _KEY,
        **dict.fromkeys(("title", "help"), _TEXT),
        "phase": _one_of(Phase),
        "shown_if": _EXPRESSION,
        "fields": _list(_field(_field(None))),
    }
    return _object(properties, required=["key", "title", "fields"])


def _field(column: Schema | None) -> Schema:
    texts = (
        "label",
        "help",
        "example",
        "list",
        "row_label",
        "pattern",
        "pattern_message",
        "ensure_message",
        "statement",
    )
    fixed = {"column": _KEY, "last_years": _NUMBER, "labels": _TEXTS}
    properties = {
        "key": _KEY,
        "kind": _one_of(FieldKind),
        **dict.fromkeys(texts, _TEXT),
        **dict.fromkeys(("required", "private", "precheck"), _YES_NO),
        **dict.fromkeys(("required_if", "shown_if", "ensure"), _EXPRESSION),
        **dict.fromkeys(("minimum", "maximum", "min_length", "max_length", "min_rows", "max_rows"), _NUMBER),
        **dict.fromkeys(("not_before", "not_after"), _DAY),
        "unit": {"enum": list(MONEY_UNITS)},
        "choices": _TEXTS,
        "rows_of": _TEXT,
        "fixed_rows": _object(fixed, required=["column"]),
        "compute": {"anyOf": [_EXPRESSION, {"type": "object", "required": ["named"]}]},
        "phase": _one_of(Phase),
    }
    if column is not None:
        properties["columns"] = _list(column)
    return _object(properties, required=["key", "label", "kind"])


def _document() -> Schema:
    properties = {
        "key": _KEY,
        **dict.fromkeys(("label", "help", "rows_of", "template"), _TEXT),
        "accept": {"type": "array", "items": {"enum": list(FILE_TYPES)}},
        **dict.fromkeys(("max_mb", "max_pages", "max_files"), _NUMBER),
        "required": _YES_NO,
        "required_if": _EXPRESSION,
        "phase": _one_of(Phase),
    }
    return _object(properties, required=["key", "label", "accept", "max_mb"])


def _rule() -> Schema:
    properties = {
        "key": _TEXT,
        "title": _TEXT,
        "clause": _object({"basis": _TEXT, "article": _TEXT}),
        "severity": _one_of(Severity),
        "at": _one_of(RuleStage),
        **dict.fromkeys(("when", "require"), _EXPRESSION),
        "check": {"type": "object", "required": ["named"]},
        **dict.fromkeys(("message", "remedy", "sentence"), _TEXT),
    }
    required = ["key", "title", "clause", "severity", "message", "remedy", "sentence"]
    return {**_object(properties, required=required), "oneOf": [{"required": ["require"]}, {"required": ["check"]}]}


def _rubric() -> Schema:
    sub = {"key": _KEY, "label": _TEXT, "maximum": _NUMBER, "step": _NUMBER, "help": _TEXT}
    anchor = {"level": _TEXT, "from_share": _NUMBER, "to_share": _NUMBER, "text": _TEXT}
    stratum = {"key": _KEY, "label": _TEXT, "specialties": _list({"enum": list(SPECIALTIES)}), "minimum": _NUMBER}
    criterion = {
        "key": _KEY,
        "label": _TEXT,
        "help": _TEXT,
        "subs": _list(_object(sub, required=["key", "label", "maximum", "step"])),
        "anchors": _list(_object(anchor, required=["level", "text"])),
    }
    tie = {"by": _one_of(TieKind), "label": _TEXT, "criterion": _TEXT, "condition": _EXPRESSION}
    properties = {
        "comment": _object({"below_share": _NUMBER, "min_length": _NUMBER}, required=[]),
        "criteria": _list(_object(criterion, required=["key", "label", "subs", "anchors"])),
        "panel": _object({"size": _EXPRESSION, "strata": _list(_object(stratum))}),
        **dict.fromkeys(("trim", "decimals", "spread_flag"), _NUMBER),
        "pass_mark": _EXPRESSION,
        "criterion_minimums": _list(_object({"criterion": _TEXT, "share": _NUMBER})),
        "ties": _list(_object(tie, required=["by", "label"])),
    }
    return _object(properties, required=["criteria", "panel", "pass_mark", "ties"])


def _stage() -> Schema:
    properties = {
        "key": _one_of(StageKey),
        **dict.fromkeys(("label", "note"), _TEXT),
        **dict.fromkeys(("enabled", "calendar"), _YES_NO),
        "days": _NUMBER,
    }
    return _object(properties, required=["key", "label"])


def _publication() -> Schema:
    column = _object({"key": {"enum": list(PUBLIC_COLUMNS)}, "label": _TEXT})
    properties = {
        "notice_days": _NUMBER,
        **dict.fromkeys(("project_name", "version", "category"), _EXPRESSION),
        **dict.fromkeys(("notice", "awards", "open_data"), _list(column)),
        "dataset": {"type": "object", "additionalProperties": _TEXT},
    }
    return _object(properties, required=["notice_days", "project_name", "notice", "awards", "open_data"])


def _call(definition: Definition) -> Schema:
    kinds = {parameter.key: parameter.kind for parameter in definition.parameters}
    parameters = {key: _DAY if kind is ParameterKind.DATE else _NUMBER for key, kind in kinds.items()}
    properties = {
        "ref": _TEXT,
        "year": {"type": "integer"},
        "asof": _DAY,
        **dict.fromkeys(("opens_at", "effective_close"), _INSTANT),
        "funds": _TEXTS,
        "parameters": _object(parameters, required=[]),
    }
    return _object(properties, required=["asof", "opens_at", "effective_close"])


def _answer(definition: Definition, field: Field) -> Schema:
    if field.kind is FieldKind.TABLE:
        columns = [column for column in field.columns if column.kind is not FieldKind.COMPUTED]
        cells = {"id": _TEXT, **{column.key: _answer(definition, column) for column in columns}}
        return _described(field, _list(_object(cells, required=[])))
    return _described(field, {"anyOf": [_scalar(definition, field), {"type": "null"}]})


def _described(field: Field, schema: Schema) -> Schema:
    unit = "（元）" if field.kind is FieldKind.MONEY else ""
    return {"title": f"{field.label}{unit}", **schema}


def _scalar(definition: Definition, field: Field) -> Schema:
    options = {
        FieldKind.CHOICES: {"type": "array", "items": {"enum": list(field.choices)}},
        FieldKind.LIST: _TEXTS,
        FieldKind.DISTRICT: {"enum": list(DISTRICTS)},
        FieldKind.DATE: _DAY,
        **dict.fromkeys((FieldKind.YES_NO, FieldKind.UNDERTAKING), _YES_NO),
        **dict.fromkeys((FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.PERCENT), _NUMBER),
    }
    return options.get(field.kind, _TEXT)


def _evidence(shape: EvidenceShape) -> Schema:
    kinds: Mapping[Kind, Schema] = {
        Kind.NUMBER: _NUMBER,
        Kind.YES_NO: _YES_NO,
        Kind.DATE: _DAY,
        Kind.INSTANT: _INSTANT,
    }
    cells = {key: {"anyOf": [kinds.get(kind, _TEXT), {"type": "null"}]} for key, kind in shape.columns.items()}
    row = {**_object({"id": _TEXT, **cells}, required=[])}
    content = {"record": {"anyOf": [row, {"type": "null"}]}} if shape.single else {"rows": _list(row)}
    return {
        "title": shape.label,
        "anyOf": [_object({"source": _TEXT, "asof": _TEXT, **content}), {"type": "null"}],
    }
