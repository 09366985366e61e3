"""Sections, fields and columns."""

from __future__ import annotations

import re

from grants.kernel.rules import Expression, Kind, Scope
from grants.programmes.domain.computations import COMPUTATIONS
from grants.programmes.domain.kinds import FieldKind, Phase
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.loading.yaml_tree import Mapping, Scalar
from grants.programmes.domain.model import Field, FixedRows, NamedComputation, Section
from grants.programmes.domain.names import ORG

MAX_TABLE_ROWS = 1_000
MONEY_UNITS = ("yuan", "wan_yuan")
_PATTERN_ATOM = r"(?:[A-Za-z0-9_@ -]|\[[A-Za-z0-9_-]+\]|\\[d.])"
_SAFE_PATTERN = re.compile(rf"(?:{_PATTERN_ATOM}(?:\{{\d{{1,3}}(?:,\d{{1,3}})?\}}|\?)?){{1,20}}\Z")


def read_sections(root: Part, compiler: Compiler) -> tuple[Section, ...]:
    """Every section of the file; the one with key ``org`` prefixes its paths."""
    sections = tuple(_read_section(part, compiler) for part in root.parts("sections", required=True))
    _refuse_double(root, [section.key for section in sections], "章节")
    return sections


def _refuse_double(root: Part, keys: list[str], what: str) -> None:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        root.fault(f"{what}“{key}”重复")


def _read_section(part: Part, compiler: Compiler) -> Section:
    key = part.text("key", required=True)
    prefix = f"{ORG}." if key == ORG else ""
    phase = part.member("phase", Phase, default=Phase.APPLICATION)
    section = Section(
        key=key,
        title=part.text("title", required=True),
        help=part.text("help"),
        fields=tuple(_read_field(field, compiler, prefix, phase) for field in part.parts("fields", required=True)),
        phase=phase,
        shown_if=_condition(part, "shown_if", compiler, None),
    )
    part.close()
    return section


def _read_field(part: Part, compiler: Compiler, prefix: str, phase: Phase, table: str = "") -> Field:
    key = part.text("key", required=True)
    path = f"{prefix}{key}"
    kind = part.member("kind", FieldKind)
    scope = compiler.row_scope(table) if table else None
    low, high = part.decimal("minimum"), part.decimal("maximum")
    if low is not None and high is not None and low > high:
        part.fault("最小值大于最大值", key="minimum")
    compute = _read_compute(part, compiler, kind, scope)
    choices, choice_labels = _read_choices(part, kind)
    field = Field(
        key=key,
        path=path,
        label=part.text("label", required=True),
        kind=kind,
        help=part.text("help"),
        example=part.text("example"),
        guidance=part.text("guidance"),
        required=part.yes_no("required"),
        required_if=_condition(part, "required_if", compiler, scope),
        shown_if=_condition(part, "shown_if", compiler, scope),
        minimum=low,
        maximum=high,
        not_before=part.day("not_before"),
        not_after=part.day("not_after"),
        min_length=part.integer("min_length"),
        max_length=part.integer("max_length"),
        unit=_read_unit(part, kind),
        choices=choices,
        choice_labels=choice_labels,
        list_name=_read_list_name(part, compiler, kind),
        columns=_read_columns(part, compiler, path, phase, nested=bool(table)),
        min_rows=part.integer("min_rows"),
        max_rows=_read_max_rows(part, kind),
        rows_of=_read_rows_of(part, compiler),
        fixed_rows=_read_fixed_rows(part),
        row_label=part.text("row_label"),
        compute=compute,
        compute_kind=_compute_kind(compute),
        phase=part.member("phase", Phase, default=phase),
        private=part.yes_no("private"),
        pattern=_read_pattern(part),
        pattern_message=part.text("pattern_message"),
        ensure=_condition(part, "ensure", compiler, scope),
        ensure_message=part.text("ensure_message"),
        precheck=part.yes_no("precheck"),
        statement=_read_statement(part, kind),
    )
    if field.ensure is not None and not field.ensure_message:
        part.fault("有“ensure”时应写明“ensure_message”", key="ensure_message")
    part.close()
    return field


def _condition(part: Part, key: str, compiler: Compiler, scope: Scope | None) -> Expression | None:
    node = part.scalar(key)
    return compiler.expression(node, part.path_of(key), expects=Kind.YES_NO, scope=scope) if node else None


def _read_compute(
    part: Part, compiler: Compiler, kind: FieldKind, scope: Scope | None
) -> Expression | NamedComputation | None:
    node = part.node_of("compute")
    if (node is not None) != (kind is FieldKind.COMPUTED):
        part.fault("“compute”与类型 computed 应同时出现", node, key="compute")
    if isinstance(node, Mapping):
        return _read_computation(Part(node, part.path_of("compute"), part.faults), compiler, scope)
    scalar = part.scalar("compute")
    return compiler.expression(scalar, part.path_of("compute"), scope=scope) if scalar else None


def _read_computation(part: Part, compiler: Compiler, scope: Scope | None) -> NamedComputation | None:
    name = part.text("named", required=True)
    computation = COMPUTATIONS.get(name)
    if computation is None:
        part.fault(f"没有名为“{name}”的计算{nearest(name, COMPUTATIONS)}", key="named")
        return None
    arguments = {}
    for key, kind in computation.arguments.items():
        node = part.scalar(key, required=True)
        if node is not None:
            arguments[key] = compiler.expression(node, part.path_of(key), expects=kind, scope=scope)
    part.close()
    return NamedComputation(name, arguments)


def _compute_kind(compute: Expression | NamedComputation | None) -> Kind | None:
    if isinstance(compute, NamedComputation):
        return COMPUTATIONS[compute.name].kind
    return compute.kind if compute is not None else None


def _read_unit(part: Part, kind: FieldKind) -> str:
    unit = part.text("unit", default="yuan" if kind is FieldKind.MONEY else "")
    if kind is FieldKind.MONEY and unit not in MONEY_UNITS:
        part.fault("金额的填报单位应为 yuan（元）或 wan_yuan（万元）", key="unit")
    return unit


def _read_choices(part: Part, kind: FieldKind) -> tuple[tuple[str, ...], dict[str, str]]:
    """The options and their words: a list of texts speaks for itself, a mapping gives each code its words."""
    node = part.node_of("choices")
    if isinstance(node, Mapping):
        words = {code: item.text.strip() for code, item in node.entries.items() if isinstance(item, Scalar)}
    else:
        texts = part.texts("choices")
        words = {text: text for text in texts}
        if len(words) != len(texts):
            part.fault("选项重复", key="choices")
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES) and not words:
        part.fault("选择题应列出“choices”", key="choices")
    return tuple(words), words


def _read_list_name(part: Part, compiler: Compiler, kind: FieldKind) -> str:
    name = part.text("list")
    if kind is FieldKind.CODE and not name:
        part.fault("代码题应指明“list”", key="list")
    if name and name not in compiler.survey.lists:
        part.fault(f"没有名为“{name}”的列表{nearest(name, compiler.survey.lists)}", key="list")
    return name


def _read_columns(part: Part, compiler: Compiler, path: str, phase: Phase, *, nested: bool) -> tuple[Field, ...]:
    if not part.has("columns"):
        return ()
    if nested:
        part.fault("表格的列不能再是表格", key="columns")
        return ()
    return tuple(_read_field(column, compiler, f"{path}.", phase, path) for column in part.parts("columns"))


def _read_max_rows(part: Part, kind: FieldKind) -> int | None:
    rows = part.integer("max_rows")
    if kind is not FieldKind.TABLE:
        return rows
    if not part.has("columns"):
        part.fault("表格应列出“columns”", key="columns")
    if rows is not None and rows > MAX_TABLE_ROWS:
        part.fault(f"行数上限不得超过 {MAX_TABLE_ROWS}", key="max_rows")
    return rows if rows is not None else 100


def _read_rows_of(part: Part, compiler: Compiler) -> str:
    table = part.text("rows_of")
    if table and table not in compiler.survey.columns:
        part.fault(f"没有名为“{table}”的表格{nearest(table, compiler.survey.columns)}", key="rows_of")
    return table


def _read_fixed_rows(part: Part) -> FixedRows | None:
    fixed = part.part("fixed_rows")
    if fixed is None:
        return None
    rows = FixedRows(fixed.text("column", required=True), fixed.integer("last_years") or 0, fixed.texts("labels"))
    if bool(rows.last_years) == bool(rows.labels):
        fixed.fault("固定行应写明“last_years”或“labels”之一")
    fixed.close()
    return rows


def _read_pattern(part: Part) -> str:
    pattern = part.text("pattern")
    if pattern and not _SAFE_PATTERN.match(pattern):
        part.fault("格式只允许字符、[字符组]、\\d 与有限重复 {m,n}、?", key="pattern")
        return ""
    return pattern


def _read_statement(part: Part, kind: FieldKind) -> str:
    return part.text("statement", required=kind is FieldKind.UNDERTAKING)
