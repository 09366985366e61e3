"""What a case uses that nobody else may use, by a key that does not depend on how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import product

from grants.kernel.rules import Cause, Table, Unknown, Value, essence, format_value, version_essence
from grants.programmes.domain.check_specs import JOINT, parts_of
from grants.programmes.domain.checks.results import Parameters
from grants.programmes.domain.view import CaseView

OWNER = "org.uscc"  # whose a number is that an enterprise gives itself
STROKE = "/"  # between the parts of a key: no essence holds one
MAX_KEY = 160  # characters; a longer key is its beginning and a fingerprint
MAX_WRITTEN = 200
NOTHING = frozenset(
    {"无", "暂无", "没有", "无编号", "不适用", "不详", "待定", "空", "na", "none", "null", "nil", "tbd"}
)


@dataclass(frozen=True, slots=True)
class Use:
    """One thing used: ``what`` it is, its ``key``, and each of its parts: the field, the place, the text in it.

    ``owner`` stands before the key of a number that an enterprise gives itself; ``row`` is the id of the table's row.
    """

    what: str
    owner: str
    key: str
    fields: tuple[str, ...]
    places: tuple[str, ...]
    texts: tuple[str, ...]
    row: str

    @property
    def written(self) -> str:
        """The parts as they were written."""
        return " ".join(self.texts)[:MAX_WRITTEN]


def uses_of(parameters: Parameters, view: CaseView) -> Iterator[Use]:
    """Everything that the check's keys name and the case uses, row by row; what is missing is not used."""
    for row, cells in _rows(parameters, view):
        for entry in names_of(parameters["keys"]):
            yield from _uses(parameters, view, entry, row, cells)


def missing_of(parameters: Parameters, view: CaseView) -> tuple[tuple[str, Unknown], ...]:
    """What the keys name and is not known: the table, cells that must be filled in, or plain fields; and whose the
    numbers are that an enterprise gives itself."""
    owner = [OWNER] if names_of(parameters.get("within_organisation")) else []
    if "table" not in parameters:
        names = [name for entry in names_of(parameters["keys"]) for name in parts_of(entry)]
        return tuple(_unknown([*names, *owner], view))
    name = str(parameters["table"])
    if isinstance(view[name], Unknown):
        return tuple(_unknown([name], view))
    return (*_missing_cells(name, parameters, view), *_unknown(owner, view))


def _unknown(names: Iterable[str], view: CaseView) -> Iterator[tuple[str, Unknown]]:
    for name in names:
        value = view[name]
        if isinstance(value, Unknown):
            yield name, value


def _missing_cells(table: str, parameters: Parameters, view: CaseView) -> Iterator[tuple[str, Unknown]]:
    """What is unknown in columns that are required, by its place; a cell that is not shown is not missing."""
    names = dict.fromkeys(part for entry in names_of(parameters["keys"]) for part in parts_of(entry))
    for row, cells in _rows(parameters, view):
        for name in names:
            value = cells.get(name)
            if not isinstance(value, Unknown) or value.cause is Cause.HIDDEN:
                continue
            if view.definition.field(f"{table}.{name}").required:
                yield f"{table}[{row}].{name}", value


def names_of(given: object) -> tuple[str, ...]:
    """A parameter that lists names; none where it is absent."""
    return given if isinstance(given, tuple) else ()


def _rows(parameters: Parameters, view: CaseView) -> Iterator[tuple[str, Mapping[str, Value]]]:
    if "table" not in parameters:
        yield "", {}
        return
    table = view[str(parameters["table"])]
    for row in table.rows if isinstance(table, Table) else ():
        yield row.id, row.cells


def _uses(parameters: Parameters, view: CaseView, entry: str, row: str, cells: Mapping[str, Value]) -> Iterator[Use]:
    parts, versions = parts_of(entry), names_of(parameters.get("versions"))
    owner = f"{view[OWNER]}{STROKE}" if entry in names_of(parameters.get("within_organisation")) else ""
    if owner and isinstance(view[OWNER], Unknown):
        return
    what = str(parameters.get("what") or JOINT.join(parts))
    table = parameters.get("table", "")
    fields = tuple(f"{table}.{part}" if part in cells else part for part in parts)
    places = tuple(f"{table}[{row}].{part}" if part in cells else part for part in parts)
    values = (_texts(cells[part] if part in cells else view[part]) for part in parts)
    for texts in product(*values):
        keys = [_key(text, version=part in versions) for part, text in zip(parts, texts, strict=True)]
        if all(keys):
            yield Use(what, owner, owner + _bounded(STROKE.join(keys)), fields, places, texts, row)


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (value,)
    if isinstance(value, date):
        return (value.isoformat(),)
    return (format_value(value),) if isinstance(value, Decimal) else ()


def _key(text: str, *, version: bool) -> str:
    """What the text is compared by, as ``same_text`` and ``same_version`` do; empty where it says there is none."""
    key = version_essence(text).replace(STROKE, "") if version else essence(text)
    return key if key not in NOTHING and any(character.isalnum() for character in key) else ""


def _bounded(key: str) -> str:
    if len(key) <= MAX_KEY:
        return key
    return f"{key[: MAX_KEY - 33]}{STROKE}{sha256(key.encode()).hexdigest()[:32]}"
