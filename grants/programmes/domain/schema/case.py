"""JSON Schema of a case of one definition."""

from __future__ import annotations

from collections.abc import Mapping

from grants.kernel.districts import DISTRICTS
from grants.kernel.rules import Kind
from grants.programmes.domain.kinds import FieldKind, ParameterKind
from grants.programmes.domain.model import Definition, Field
from grants.programmes.domain.names import EVIDENCE, ORG, EvidenceShape
from grants.programmes.domain.schema.parts import (
    COUNT,
    DAY,
    DIALECT,
    INSTANT,
    NUMBER,
    TEXT,
    TEXTS,
    YES_NO,
    Schema,
    list_of,
    object_of,
)


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
        "pages": COUNT,
        "size": COUNT,
        **dict.fromkeys(("sha256", "name"), TEXT),
    }
    properties = {
        "definition": {"const": definition.code},
        "call": _call(definition),
        "submitted_at": {"type": ["string", "null"], "format": "date-time"},
        "application": TEXT,
        "receipt_no": {"type": ["integer", "null"]},
        ORG: object_of(org, required=[]),
        "answers": object_of(answers, required=[]),
        "documents": list_of(object_of(document, required=["key"])),
        "evidence": object_of({root: _evidence(shape) for root, shape in EVIDENCE.items()}, required=[]),
        "district": object_of({"recommended": {"type": ["boolean", "null"]}}, required=[]),
    }
    return {"$schema": DIALECT, "title": f"{definition.title}案例", **object_of(properties, required=["call"])}


def _call(definition: Definition) -> Schema:
    kinds = {parameter.key: parameter.kind for parameter in definition.parameters}
    parameters = {key: DAY if kind is ParameterKind.DATE else NUMBER for key, kind in kinds.items()}
    properties = {
        "ref": TEXT,
        "year": {"type": "integer"},
        "asof": DAY,
        **dict.fromkeys(("opens_at", "effective_close"), INSTANT),
        "funds": TEXTS,
        "parameters": object_of(parameters, required=[]),
    }
    return object_of(properties, required=["asof", "opens_at", "effective_close"])


def _answer(definition: Definition, field: Field) -> Schema:
    if field.kind is FieldKind.TABLE:
        columns = [column for column in field.columns if column.kind is not FieldKind.COMPUTED]
        cells = {"id": TEXT, **{column.key: _answer(definition, column) for column in columns}}
        return _described(field, list_of(object_of(cells, required=[])))
    return _described(field, {"anyOf": [_scalar(definition, field), {"type": "null"}]})


def _described(field: Field, schema: Schema) -> Schema:
    unit = "（元）" if field.kind is FieldKind.MONEY else ""
    return {"title": f"{field.label}{unit}", **schema}


def _scalar(definition: Definition, field: Field) -> Schema:
    options = {
        FieldKind.CHOICES: {"type": "array", "items": {"enum": list(field.choices)}},
        FieldKind.LIST: TEXTS,
        FieldKind.DISTRICT: {"enum": list(DISTRICTS)},
        FieldKind.DATE: DAY,
        **dict.fromkeys((FieldKind.YES_NO, FieldKind.UNDERTAKING), YES_NO),
        **dict.fromkeys((FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.PERCENT), NUMBER),
    }
    return options.get(field.kind, TEXT)


def _evidence(shape: EvidenceShape) -> Schema:
    kinds: Mapping[Kind, Schema] = {
        Kind.NUMBER: NUMBER,
        Kind.YES_NO: YES_NO,
        Kind.DATE: DAY,
        Kind.INSTANT: INSTANT,
    }
    columns = {**shape.columns, **shape.told}
    cells = {key: {"anyOf": [kinds.get(kind, TEXT), {"type": "null"}]} for key, kind in columns.items()}
    row = {**object_of({"id": TEXT, **cells}, required=[])}
    told: dict[str, Schema] = {"source": TEXT, "asof": TEXT}
    content = {"record": {"anyOf": [row, {"type": "null"}]}} if shape.single else {"rows": list_of(row)}
    return {
        "title": shape.label,
        "anyOf": [object_of({**told, **content, "ref": TEXT}, required=[*told, *content]), {"type": "null"}],
    }
