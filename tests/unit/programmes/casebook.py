"""Reads ``cases/*.yaml``: a base case, and under each rule the cases that change a few of its places."""

from __future__ import annotations

import copy
import re
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
CODES = tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))

VERDICTS = {"通过": "pass", "不通过": "fail", "无法判断": "unknown", "不适用": "not_applicable"}
CAUSES = {"未填写": "answer", "缺材料": "document", "查不到": "evidence", "时间未到": "not_yet"}
PARTS = {"因", "改", "加", "删", "话"}
UNREACHABLE = "读不到"
LIKE = "同"
OUTSIDE_ANSWERS = {"call", "org", "documents", "district", "submitted_at", "application", "receipt_no"}
SINGLE = {"reg"}
REGISTERS = {"credits", "penalties", "funded", "projects", "bans", "claims", "earlier_texts", "files"}
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class WrittenCase:
    """One case as a policy officer wrote it: under which rule, with which verdict, and what differs from the base."""

    rule: str
    title: str
    verdict: str
    name: str
    cause: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    additions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    deletions: tuple[str, ...] = ()
    says: str = ""


@cache
def shipped_text(code: str) -> str:
    return (SHIPPED / f"{code}.yaml").read_text(encoding="utf-8")


@cache
def shipped(code: str) -> Definition:
    return parse_definition(shipped_text(code))


@cache
def casebook(code: str) -> tuple[dict[str, Any], tuple[WrittenCase, ...]]:
    """The base case and the written cases of a shipped definition."""
    book = as_json(yaml.safe_load((HERE / "cases" / f"{code}.yaml").read_text(encoding="utf-8")))
    cases = [read_case(rule, entry) for rule, entries in book["rules"].items() for entry in entries]
    return {"definition": code, **book["base"]}, tuple(cases)


def read_case(rule: str, entry: dict[str, Any]) -> WrittenCase:
    """One entry under a rule's heading, ``KEY title``."""
    key, title = rule.split(" ", 1)
    (verdict,) = entry.keys() - PARTS
    gone = entry.get("删", [])
    return WrittenCase(
        rule=key,
        title=title,
        verdict=VERDICTS[verdict],
        name=entry[verdict],
        cause=CAUSES[entry["因"]] if "因" in entry else None,
        changes=entry.get("改", {}),
        additions=entry.get("加", {}),
        deletions=tuple(gone) if isinstance(gone, list) else (gone,),
        says=entry.get("话", ""),
    )


def base_case(code: str) -> dict[str, Any]:
    """A fresh copy of the base case."""
    return copy.deepcopy(casebook(code)[0])


def changed_case(code: str, written: WrittenCase) -> dict[str, Any]:
    """The base case with the changes, then the additions, then the deletions of one written case."""
    given = base_case(code)
    for path, value in written.changes.items():
        change(given, path, value)
    for path, rows in written.additions.items():
        place = step_along(given, way_of(path))
        place.extend(like(place, row) for row in rows)
    for path in written.deletions:
        remove(given, ".".join(way_of(path)))
    return given


def way_of(path: str) -> list[str]:
    """The steps from the top of a case to a place: ``contracts[r1].software``, ``reg.status``, ``documents.a8[r2]``."""
    way: list[str] = _STEP.findall(path)
    if way[0] in SINGLE:
        return ["evidence", way[0], "record", *way[1:]]
    if way[0] in REGISTERS:
        return ["evidence", way[0], "rows", *way[1:]]
    return way if way[0] in OUTSIDE_ANSWERS else ["answers", *way]


def change(given: dict[str, Any], path: str, value: Any) -> None:
    """Set the place at ``path``; a register may become one that cannot be read."""
    if value == UNREACHABLE:
        given["evidence"][path] = None
        return
    *way, last = way_of(path)
    place = step_along(given, way)
    place[index_of(place, last) if isinstance(place, list) else last] = value


def like(rows: list[dict[str, Any]], row: dict[str, Any]) -> dict[str, Any]:
    """A new row, the rest of its cells those of the row it is like."""
    if LIKE not in row:
        return row
    model = rows[index_of(rows, row[LIKE])]
    return {**model, **{key: value for key, value in row.items() if key != LIKE}}


def remove(given: dict[str, Any], path: str) -> None:
    """Delete the place at the dotted ``path``; ``documents.a8.r2`` is one file of a row. Nothing there is an error."""
    *way, last = path.split(".")
    if way[:1] == ["documents"]:
        wanted = (way[1], last) if len(way) > 1 else (last, None)
        kept = [file for file in given["documents"] if (file["key"], file.get("row")) != wanted]
        assert len(kept) < len(given["documents"]), path
        given["documents"] = kept
        return
    place = step_along(given, way)
    del place[index_of(place, last) if isinstance(place, list) else last]


def step_along(place: Any, way: list[str]) -> Any:
    for step in way:
        place = place[index_of(place, step)] if isinstance(place, list) else place[step]
    return place


def index_of(rows: list[Any], step: str) -> int:
    """Position of a row by its id, or of a file by its slot (``a1``, ``a7/r2``)."""
    for position, row in enumerate(rows):
        if step in (row.get("id"), file_name(row)):
            return position
    raise KeyError(step)


def file_name(row: dict[str, Any]) -> str | None:
    if "document" not in row:
        return None
    return f"{row['document']}/{row['row']}" if row.get("row") else str(row["document"])


def as_json(value: Any) -> Any:
    """Days that YAML recognised, back to text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def written_cases() -> Iterator[tuple[str, WrittenCase]]:
    for code in CODES:
        for written in casebook(code)[1]:
            yield code, written
