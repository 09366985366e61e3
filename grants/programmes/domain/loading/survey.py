"""First reading of a definition: which names there are and of which kinds, before any expression is compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from grants.kernel.rules import RESERVED_WORDS, Kind, Name, Scope
from grants.programmes.domain.kinds import FieldKind, ParameterKind, rule_kind
from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence
from grants.programmes.domain.names import DETAIL, EVIDENCE, ORG, PROCESS_NAMES, ROOTS, general_names
from grants.programmes.errors import DefinitionFault

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")
_FORBIDDEN = frozenset(RESERVED_WORDS) | ROOTS | set(EVIDENCE) | set(PROCESS_NAMES) | {DETAIL}


@dataclass(slots=True)
class Deferred:
    """A name whose kind its expression tells; ``table`` where it is a column."""

    name: str
    expression: Scalar
    path: str
    table: str = ""


@dataclass(slots=True)
class Survey:
    """Names with known kinds, names still to be inferred, and what depends on what."""

    names: dict[str, Name] = dataclass_field(default_factory=general_names)
    columns: dict[str, dict[str, Name]] = dataclass_field(default_factory=dict)
    deferred: dict[str, Deferred] = dataclass_field(default_factory=dict)
    lists: dict[str, frozenset[str]] = dataclass_field(default_factory=dict)
    conditions: dict[str, list[Scalar]] = dataclass_field(default_factory=dict)
    parameters: list[str] = dataclass_field(default_factory=list)
    arguments: dict[str, list[Scalar]] = dataclass_field(default_factory=dict)
    column_conditions: list[tuple[Scalar, str]] = dataclass_field(default_factory=list)
    faults: list[DefinitionFault] = dataclass_field(default_factory=list)
    faulty: set[str] = dataclass_field(default_factory=set)
    _seen: dict[str, Scalar] = dataclass_field(default_factory=dict)
    _column_keys: list[tuple[Scalar, str]] = dataclass_field(default_factory=list)

    def scope(self) -> Scope:
        """What is known so far; tables with their columns."""
        tables = {
            name: Name(Kind.TABLE, columns, conditional=name in self.conditions)
            for name, columns in self.columns.items()
        }
        return Scope({**tables, **self.names}, self.lists, frozenset(self.faulty))

    def row_scope(self, table: str) -> Scope:
        """Names inside a row of ``table``."""
        return self.scope().with_names(self.columns.get(table, {}))


def survey(root: Mapping) -> Survey:
    """Collect the names of a definition, noting keys that are malformed, reserved or taken."""
    found = Survey()
    _survey_lists(found, root)
    for part in _mappings(root.entries.get("parameters")):
        _survey_parameter(found, part)
    for section in _mappings(root.entries.get("sections")):
        _survey_section(found, section)
    for part in _mappings(root.entries.get("documents")):
        _survey_document(found, part)
    for part in _mappings(root.entries.get("values")):
        _survey_value(found, part)
    _refuse_shadowing(found)
    return found


def _survey_lists(found: Survey, root: Mapping) -> None:
    for part in _mappings(root.entries.get("lists")):
        key, items = _key(part), part.entries.get("items")
        if key is None or not _claim(found, key, f"lists[{key.text}]"):
            continue
        codes = items.entries.keys() if isinstance(items, Mapping) else _texts(items)
        found.lists[key.text] = frozenset(codes)


def _survey_parameter(found: Survey, part: Mapping) -> None:
    key = _key(part)
    if key is not None and _claim(found, key, f"parameters[{key.text}]"):
        kind = Kind.DATE if _text(part, "kind") == ParameterKind.DATE else Kind.NUMBER
        found.names[key.text] = Name(kind)
        found.parameters.append(key.text)


def _survey_section(found: Survey, section: Mapping) -> None:
    is_org = _text(section, "key") == ORG
    hidden = [node for node in [section.entries.get("shown_if")] if isinstance(node, Scalar)]
    for part in _mappings(section.entries.get("fields")):
        key = _key(part)
        if key is None:
            continue
        where = f"sections[{_text(section, 'key')}].fields[{key.text}]"
        path = f"{ORG}.{key.text}" if is_org else key.text
        free = (
            _well_formed(found, key, where) and _untaken(found, path, key, where)
            if is_org
            else _claim(found, key, where)
        )
        if free:
            _survey_field(found, part, path, where, hidden)


def _survey_field(found: Survey, part: Mapping, path: str, where: str, hidden: list[Scalar]) -> None:
    conditions = hidden + [node for node in [part.entries.get("shown_if")] if isinstance(node, Scalar)]
    if conditions:
        found.conditions[path] = conditions
    kind = _field_kind(part)
    if kind is FieldKind.TABLE:
        found.columns[path] = {}
        for column in _mappings(part.entries.get("columns")):
            _survey_column(found, column, path, where)
    compute = part.entries.get("compute")
    if isinstance(compute, Mapping):
        found.arguments[path] = [node for node in compute.entries.values() if isinstance(node, Scalar)]
    _declare(found, part, path, where, conditional=bool(conditions))


def _survey_column(found: Survey, part: Mapping, table: str, where: str) -> None:
    key = _key(part)
    if key is None or not _well_formed(found, key, f"{where}.columns[{key.text}]"):
        return
    where = f"{where}.columns[{key.text}]"
    if key.text in found.columns[table]:
        found.faults.append(DefinitionFault(where, key.line, key.column, f"列“{key.text}”重复"))
        return
    found._column_keys.append((key, where))
    compute = part.entries.get("compute")
    if isinstance(compute, Scalar):
        found.deferred[f"{table}.{key.text}"] = Deferred(f"{table}.{key.text}", compute, where, table)
    shown_if = part.entries.get("shown_if")
    if isinstance(shown_if, Scalar):
        found.column_conditions.append((shown_if, table))
    found.columns[table][key.text] = Name(rule_kind(_field_kind(part)), conditional=isinstance(shown_if, Scalar))


def _declare(found: Survey, part: Mapping, path: str, where: str, *, conditional: bool) -> None:
    compute = part.entries.get("compute")
    if isinstance(compute, Scalar):
        found.deferred[path] = Deferred(path, compute, where)
    elif path not in found.columns:
        found.names[path] = Name(rule_kind(_field_kind(part)), conditional=conditional)


def _survey_document(found: Survey, part: Mapping) -> None:
    key, table = _key(part), _text(part, "rows_of")
    if key is None or not _well_formed(found, key, f"documents[{key.text}]"):
        return
    name = f"documents.{key.text}"
    if not _untaken(found, name, key, name):
        return
    if not table:
        found.names[name] = Name(Kind.DOCUMENT)
    elif table in found.columns:
        found.columns[table][name] = Name(Kind.DOCUMENT)


def _survey_value(found: Survey, part: Mapping) -> None:
    key, expression = _key(part), part.entries.get("expression")
    if key is not None and _claim(found, key, f"values[{key.text}]") and isinstance(expression, Scalar):
        found.deferred[key.text] = Deferred(key.text, expression, f"values[{key.text}]")


def _refuse_shadowing(found: Survey) -> None:
    for key, where in found._column_keys:
        if key.text in found._seen:
            message = f"列名“{key.text}”已是另一名称（第{found._seen[key.text].line}行），请改名"
            found.faults.append(DefinitionFault(where, key.line, key.column, message))


def _claim(found: Survey, key: Scalar, where: str) -> bool:
    if not _well_formed(found, key, where) or not _untaken(found, key.text, key, where):
        return False
    for root, shape in EVIDENCE.items():
        if key.text in shape.columns and not shape.single:
            message = f"“{key.text}”是登记信息 {root} 的列名，不能用作名称"
            found.faults.append(DefinitionFault(where, key.line, key.column, message))
            return False
    return True


def _untaken(found: Survey, name: str, key: Scalar, where: str) -> bool:
    if name in found._seen:
        message = f"名称“{name}”重复（首次出现在第{found._seen[name].line}行）"
        found.faults.append(DefinitionFault(where, key.line, key.column, message))
        return False
    found._seen[name] = key
    return True


def _well_formed(found: Survey, key: Scalar, where: str) -> bool:
    if not KEY.match(key.text):
        message = f"键“{key.text}”应以英文字母开头，只含字母、数字与下划线，不超过 40 个字符"
    elif key.text in _FORBIDDEN:
        message = f"“{key.text}”是保留字，不能用作键"
    else:
        return True
    found.faults.append(DefinitionFault(where, key.line, key.column, message))
    return False


def _field_kind(part: Mapping) -> FieldKind:
    try:
        return FieldKind(_text(part, "kind"))
    except ValueError:
        return FieldKind.TEXT


def _key(part: Mapping) -> Scalar | None:
    node = part.entries.get("key")
    return node if isinstance(node, Scalar) else None


def _text(part: Mapping, key: str) -> str:
    node = part.entries.get(key)
    return node.text.strip() if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> list[str]:
    items = node.items if isinstance(node, Sequence) else []
    return [item.text.strip() for item in items if isinstance(item, Scalar)]


def _mappings(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Mapping):
                yield item
