"""JSON Schema of the definition format."""

from __future__ import annotations

from grants.programmes.domain.kinds import FieldKind, ParameterKind, Phase, RuleStage, Severity, StageKey, TieKind
from grants.programmes.domain.loading.documents import FILE_TYPES
from grants.programmes.domain.loading.process import PUBLIC_COLUMNS
from grants.programmes.domain.loading.scoring import SPECIALTIES
from grants.programmes.domain.schema.parts import (
    DAY,
    DIALECT,
    EXPRESSION,
    KEY,
    NUMBER,
    TEXT,
    TEXTS,
    YES_NO,
    Schema,
    list_of,
    object_of,
    one_of,
)


def definition_schema() -> Schema:
    """The schema of a definition file. It holds the shape; names, kinds and bounds across parts are the loader's."""
    track = object_of(
        {"key": KEY, "label": TEXT, **dict.fromkeys(("when", "ratio_bp", "cap"), EXPRESSION)},
        required=["key", "label", "ratio_bp", "cap"],
    )
    properties = {
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,19}$"},
        "title": TEXT,
        "summary": TEXT,
        "version": {"type": "string", "pattern": r"^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$"},
        "basis": list_of(_basis()),
        "values": list_of(object_of({"key": KEY, "label": TEXT, "expression": EXPRESSION})),
        "lists": list_of(_named_list()),
        "parameters": list_of(_parameter()),
        "sections": list_of(_section()),
        "documents": list_of(_document()),
        "rules": list_of(_rule()),
        "rubric": _rubric(),
        "funding": object_of(
            {
                **dict.fromkeys(("base", "requested", "rounding", "minimum"), EXPRESSION),
                "base_label": TEXT,
                "tracks": list_of(track),
                "instalments": list_of(
                    object_of({"key": KEY, "label": TEXT, "share_bp": NUMBER, "after": one_of(StageKey)})
                ),
            }
        ),
        "stages": list_of(_stage()),
        "publication": _publication(),
    }
    optional = {"values", "lists", "parameters"}
    return {
        "$schema": DIALECT,
        "title": "项目定义",
        **object_of(properties, required=[key for key in properties if key not in optional]),
    }


def _basis() -> Schema:
    properties = {"id": KEY, "title": TEXT, "number": TEXT, "in_force_from": DAY, "in_force_to": DAY}
    return object_of(properties, required=["id", "title"])


def _named_list() -> Schema:
    items = {"anyOf": [TEXTS, {"type": "object", "additionalProperties": TEXT}]}
    return object_of({"key": KEY, "label": TEXT, "items": items})


def _parameter() -> Schema:
    bound = {"type": ["string", "number"]}
    properties = {
        "key": KEY,
        "kind": one_of(ParameterKind),
        **dict.fromkeys(("label", "unit", "help"), TEXT),
        **dict.fromkeys(("default", "minimum", "maximum"), bound),
    }
    return object_of(properties, required=["key", "kind", "label"])


def _section() -> Schema:
    properties = {
        "key": KEY,
        **dict.fromkeys(("title", "help"), TEXT),
        "phase": one_of(Phase),
        "shown_if": EXPRESSION,
        "fields": list_of(_field(_field(None))),
    }
    return object_of(properties, required=["key", "title", "fields"])


def _field(column: Schema | None) -> Schema:
    texts = (
        "label",
        "help",
        "example",
        "guidance",
        "list",
        "row_label",
        "pattern",
        "pattern_message",
        "ensure_message",
        "statement",
    )
    fixed = {"column": KEY, "last_years": NUMBER, "labels": TEXTS}
    properties = {
        "key": KEY,
        "kind": one_of(FieldKind),
        **dict.fromkeys(texts, TEXT),
        **dict.fromkeys(("required", "private", "precheck"), YES_NO),
        **dict.fromkeys(("required_if", "shown_if", "ensure"), EXPRESSION),
        **dict.fromkeys(("minimum", "maximum", "min_length", "max_length", "min_rows", "max_rows"), NUMBER),
        **dict.fromkeys(("not_before", "not_after"), DAY),
        "unit": TEXT,
        "choices": {"anyOf": [TEXTS, {"type": "object", "additionalProperties": TEXT}]},
        "rows_of": TEXT,
        "fixed_rows": object_of(fixed, required=["column"]),
        "compute": {"anyOf": [EXPRESSION, {"type": "object", "required": ["named"]}]},
        "phase": one_of(Phase),
    }
    if column is not None:
        properties["columns"] = list_of(column)
    return object_of(properties, required=["key", "label", "kind"])


def _document() -> Schema:
    properties = {
        "key": KEY,
        **dict.fromkeys(("label", "help", "rows_of", "template"), TEXT),
        "accept": {"type": "array", "items": {"enum": list(FILE_TYPES)}},
        **dict.fromkeys(("max_mb", "max_pages", "max_files"), NUMBER),
        "required": YES_NO,
        "required_if": EXPRESSION,
        "phase": one_of(Phase),
    }
    return object_of(properties, required=["key", "label", "accept", "max_mb"])


def _rule() -> Schema:
    properties = {
        "key": TEXT,
        "title": TEXT,
        "clause": object_of({"basis": TEXT, "article": TEXT}),
        "severity": one_of(Severity),
        "at": one_of(RuleStage),
        **dict.fromkeys(("when", "require"), EXPRESSION),
        "check": {"type": "object", "required": ["named"]},
        **dict.fromkeys(("message", "remedy", "sentence"), TEXT),
    }
    required = ["key", "title", "clause", "severity", "message", "remedy", "sentence"]
    return {**object_of(properties, required=required), "oneOf": [{"required": ["require"]}, {"required": ["check"]}]}


def _rubric() -> Schema:
    sub = {"key": KEY, "label": TEXT, "maximum": NUMBER, "step": NUMBER, "help": TEXT}
    anchor = {"level": TEXT, "from_share": NUMBER, "to_share": NUMBER, "text": TEXT}
    stratum = {"key": KEY, "label": TEXT, "specialties": list_of({"enum": list(SPECIALTIES)}), "minimum": NUMBER}
    criterion = {
        "key": KEY,
        "label": TEXT,
        "help": TEXT,
        "subs": list_of(object_of(sub, required=["key", "label", "maximum", "step"])),
        "anchors": list_of(object_of(anchor, required=["level", "text"])),
    }
    tie = {"by": one_of(TieKind), "label": TEXT, "criterion": TEXT, "condition": EXPRESSION}
    properties = {
        "comment": object_of({"below_share": NUMBER, "min_length": NUMBER}, required=[]),
        "criteria": list_of(object_of(criterion, required=["key", "label", "subs", "anchors"])),
        "panel": object_of({"size": EXPRESSION, "strata": list_of(object_of(stratum))}),
        **dict.fromkeys(("trim", "decimals", "spread_flag"), NUMBER),
        "pass_mark": EXPRESSION,
        "criterion_minimums": list_of(object_of({"criterion": TEXT, "share": NUMBER})),
        "ties": list_of(object_of(tie, required=["by", "label"])),
    }
    return object_of(properties, required=["criteria", "panel", "pass_mark", "ties"])


def _stage() -> Schema:
    properties = {
        "key": one_of(StageKey),
        **dict.fromkeys(("label", "note"), TEXT),
        **dict.fromkeys(("enabled", "calendar"), YES_NO),
        "days": NUMBER,
        "rounds": NUMBER,
    }
    return object_of(properties, required=["key", "label"])


def _publication() -> Schema:
    column = object_of({"key": {"enum": list(PUBLIC_COLUMNS)}, "label": TEXT})
    properties = {
        "notice_days": NUMBER,
        **dict.fromkeys(("project_name", "version", "category"), EXPRESSION),
        **dict.fromkeys(("notice", "awards", "open_data"), list_of(column)),
        "dataset": {"type": "object", "additionalProperties": TEXT},
    }
    return object_of(properties, required=["notice_days", "project_name", "notice", "awards", "open_data"])
