"""Reads ``cases/*.yaml``: a base case and cases that change a few of its places."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from grants.programmes.domain import Definition, parse_definition

HERE = Path(__file__).parent
SHIPPED = Path(__file__).parents[3] / "grants" / "programmes" / "definitions"


@dataclass(frozen=True)
class WrittenCase:
    """One case as a policy officer wrote it."""

    rule: str
    expect: str
    why: str
    cause: str | None = None
    change: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()


@cache
def shipped_text(code: str) -> str:
    return (SHIPPED / f"{code}.yaml").read_text(encoding="utf-8")


@cache
def shipped(code: str) -> Definition:
    return parse_definition(shipped_text(code))


@cache
def casebook(code: str) -> tuple[dict[str, Any], tuple[WrittenCase, ...]]:
    """The base case and the written cases of a shipped definition."""
    book = yaml.safe_load((HERE / "cases" / f"{code}.yaml").read_text(encoding="utf-8"))
    cases = tuple(WrittenCase(**{**entry, "without": tuple(entry.get("without", ()))}) for entry in book["cases"])
    return {"definition": code, **as_json(book["base"])}, cases


def base_case(code: str) -> dict[str, Any]:
    """A fresh copy of the base case."""
    return copy.deepcopy(casebook(code)[0])


def changed_case(code: str, written: WrittenCase) -> dict[str, Any]:
    """The base case with the changes of one written case."""
    given = base_case(code)
    for path, value in written.change.items():
        change(given, path, as_json(value))
    for path in written.without:
        remove(given, path)
    return given


def change(given: dict[str, Any], path: str, value: Any) -> None:
    """Set the place at ``path``; a path ending in ``+`` appends to a list."""
    *way, last = path.removesuffix("+").split(".")
    place = step_along(given, way)
    if path.endswith("+"):
        place[last].extend(value)
    elif isinstance(place, list):
        place[index_of(place, last)] = value
    else:
        place[last] = value


def remove(given: dict[str, Any], path: str) -> None:
    """Delete the place at ``path``; ``documents.a8.r2`` is one file of a row."""
    *way, last = path.split(".")
    if way[:1] == ["documents"]:
        wanted = (way[1], last) if len(way) > 1 else (last, None)
        given["documents"] = [file for file in given["documents"] if (file["key"], file.get("row")) != wanted]
        return
    place = step_along(given, way)
    del place[index_of(place, last) if isinstance(place, list) else last]


def step_along(place: Any, way: list[str]) -> Any:
    for step in way:
        place = place[index_of(place, step)] if isinstance(place, list) else place[step]
    return place


def index_of(rows: list[Any], step: str) -> int:
    """Position of a row by its id, or by number from 1."""
    for position, row in enumerate(rows):
        if row.get("id") == step:
            return position
    return int(step) - 1


def as_json(value: Any) -> Any:
    """Days that YAML recognised, back to text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def written_cases() -> Iterator[tuple[str, WrittenCase]]:
    for code in ("sbc", "hlw"):
        for written in casebook(code)[1]:
            yield code, written
