"""What a finding asks of the officer, what a person has said against it, and the papers and records beside it: pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from grants.eligibility.domain import HeldFinding, propose
from grants.eligibility.states import Proposal
from grants.programmes.domain import Definition

RECORDS_SHOWN = 20
CELL = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]*)\]\.(?P<column>.+)")


class Ask(StrEnum):
    """What a finding asks for, in the order in which an officer meets them."""

    REJECT = "reject"
    RETURN = "return"
    LOOK = "look"
    UNREACHABLE = "unreachable"  # a register could not be read: never a ground against the enterprise
    HINT = "hint"
    OVERRULED = "overruled"  # by a person, so that it asks for nothing any more
    REST = "rest"


ASKS: Mapping[Proposal, Ask] = {
    Proposal.REJECT: Ask.REJECT,
    Proposal.RETURN: Ask.RETURN,
    Proposal.LOOK: Ask.LOOK,
}


def ask_of(held: Any) -> Ask:
    """What a finding asks for, as it holds."""
    if not held.due:
        return Ask.REST
    if isinstance(held, HeldFinding) and held.verdict != "fail":
        return Ask.OVERRULED
    if held.verdict == "unknown" and held.cause == "evidence":
        return Ask.UNREACHABLE
    if held.verdict not in ("fail", "unknown"):
        return Ask.REST
    return ASKS.get(propose([held]), Ask.HINT)


@dataclass(frozen=True, slots=True)
class PersonsWord:
    """What an officer said against a finding. ``holds``: it speaks of the values the finding read."""

    verdict: str
    reason: str
    clause: str
    officer: str
    given_at: datetime
    holds: bool


class Attached(Protocol):
    """A file of the manifest: its slot, and the id of its row, empty where it belongs to none."""

    @property
    def key(self) -> str: ...
    @property
    def row_id(self) -> str: ...


def papers_beside(definition: Definition, finding: Any, files: Sequence[Attached]) -> tuple[Attached, ...]:
    """The papers that a finding read, that a check found wanting, or that belong to the rows it read."""
    named, rows = _names_read(finding)
    for used in finding.evidence:
        if used["root"] == "files":
            named |= {(row["document"], row["row"] or "") for row in used["record"] or () if row["sound"] is False}
    tables = {slot.key: slot.rows_of for slot in definition.documents}
    return tuple(
        file
        for file in files
        if (file.key, file.row_id) in named or (file.row_id and file.row_id in rows[tables.get(file.key, "")])
    )


def _names_read(finding: Any) -> tuple[set[tuple[str, str]], Mapping[str, set[str]]]:
    """The papers (slot, row) that a finding read by name, and the rows that it read of each table."""
    named: set[tuple[str, str]] = set()
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for entry in finding.read:
        cell = CELL.fullmatch(entry["name"])
        table, row, column = (cell["table"], cell["row"], cell["column"]) if cell else ("", "", entry["name"])
        if column.startswith("documents."):
            named.add((column.removeprefix("documents."), row))
        elif cell:
            rows[table].add(row)
    return named, rows


def records_of(record: Any) -> Sequence[Mapping[str, Any]]:
    """The records of one piece of evidence, RECORDS_SHOWN at most; one record stands alone."""
    found: Iterable[Any] = record if isinstance(record, list) else [record]
    return [one for one in found if isinstance(one, dict)][:RECORDS_SHOWN]
