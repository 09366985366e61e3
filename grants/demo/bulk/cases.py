"""One application of a large round, from the registration of its enterprise to the end of its check.

Everything that takes thought comes from the stages: what a revision freezes, what it claims, what is kept as profile,
the findings, the letters. What is left here is which row holds what; a test compares it with what the services write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from grants.applications.domain import AttachedFile, Draft, StoredAnswer, StoredRow
from grants.applications.domain.profiles import REGISTRATION
from grants.applications.services import undertakings_of
from grants.db import uuid7
from grants.demo.answers import SBC_FLAWS, Filled
from grants.demo.companies import Company, company
from grants.demo.filling import filled_for, own_rows, section_entries
from grants.demo.papers import Papers
from grants.demo.timetable import Window
from grants.documents import Received
from grants.kernel.actor import Actor
from grants.kernel.clock import local_date
from grants.notifications import Recipient
from grants.programmes.domain import Definition

REGISTERED_BEFORE = timedelta(days=25)
VERIFIED_AFTER = timedelta(days=1)
FILLING = timedelta(minutes=20)
ATTACHING = timedelta(minutes=50)
SUBMITTING = timedelta(hours=2)
CHECKED_AFTER = timedelta(hours=9)  # the day after the close: one reading of the evidence is enough
PREFILLED = ("org.name", "org.uscc")
SETTLED_AFTER = timedelta(hours=10)
QUIET_END = timedelta(days=2)  # of the window, in which nobody begins


@dataclass(frozen=True, slots=True)
class Times:
    """The instants of one case."""

    registered_at: datetime
    verified_at: datetime
    begun_at: datetime
    filled_at: datetime
    attached_at: datetime
    submitted_at: datetime
    checked_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """What all cases of a large round share. ``call`` is the case's ``call`` object; ``papers`` are those of everybody.

    ``registers``: the evidence of the registers as one without entries has it; ``first`` is the number of the first
    enterprise; ``officer`` is the label of whoever verifies papers; ``due_on`` is the last day of the formal check.
    """

    definition: Definition
    definition_id: UUID
    call_id: UUID
    title: str
    call: Mapping[str, Any]
    window: Window
    size: int
    first: int
    officer_id: UUID
    password_hash: str
    licence: Received
    papers: Papers
    registers: Mapping[str, Any]
    due_on: date

    def times(self, place: int) -> Times:
        """When the case at ``place`` (from 0) goes its way; receipt numbers follow the places."""
        opens_at, closes_at = self.window.opens_at, self.window.closes_at
        registered_at = opens_at - REGISTERED_BEFORE + timedelta(seconds=place)
        begun_at = opens_at + (closes_at - opens_at - QUIET_END) * place // self.size
        return Times(
            registered_at=registered_at,
            verified_at=registered_at + VERIFIED_AFTER,
            begun_at=begun_at,
            filled_at=begun_at + FILLING,
            attached_at=begun_at + ATTACHING,
            submitted_at=begun_at + SUBMITTING,
            checked_at=closes_at + CHECKED_AFTER,
            settled_at=closes_at + SETTLED_AFTER,
        )

    def company(self, place: int) -> Company:
        """The enterprise at ``place``."""
        return company(self.first + place)

    def filled(self, place: int) -> Filled:
        """The answers at ``place``, flaws included."""
        number = self.first + place
        flaw = SBC_FLAWS[number % len(SBC_FLAWS)]
        return filled_for("sbc", number, number, self.window, int(self.call["year"]), flaw)


def register_entry(one: Company) -> dict[str, Any]:
    """What the business register says of an enterprise of a large round."""
    return {"in_shanghai": True, "status": "存续", "abnormal": False, "founded_on": one.founded_on.isoformat()}


@dataclass(frozen=True, slots=True)
class BulkCase:
    """One application worked out: its people, its draft as submitted, and the ids of its rows."""

    setting: Setting
    place: int
    one: Company
    times: Times
    filled: Filled
    person_id: UUID
    organisation_id: UUID
    application_id: UUID
    draft: Draft

    @property
    def actor(self) -> Actor:
        """The owner."""
        return Actor(self.person_id, self.one.contact)

    @property
    def recipient(self) -> Recipient:
        """The owner, to be told."""
        return Recipient(self.person_id, self.one.email, self.one.contact)

    @property
    def receipt_no(self) -> int:
        return self.place + 1


def build_case(setting: Setting, place: int) -> BulkCase:
    """Work out the draft of the application at ``place`` as it stands when it is submitted."""
    one, times, filled = setting.company(place), setting.times(place), setting.filled(place)
    person_id = uuid7()
    draft = Draft(
        definition=setting.definition,
        call=setting.call,
        answers=answers_of(setting.definition, filled, person_id, times),
        rows=rows_of(setting.definition, filled),
        files=files_of(setting, filled, times),
    )
    return BulkCase(setting, place, one, times, filled, person_id, uuid7(), uuid7(), draft)


def answers_of(
    definition: Definition, filled: Filled, person_id: UUID, times: Times
) -> dict[tuple[str, str], StoredAnswer]:
    """Name and code as prefilled, the rest as typed, the undertakings as given at the submission."""
    answers = {
        (path, ""): StoredAnswer(filled.answers[path], 1, person_id, times.begun_at, REGISTRATION) for path in PREFILLED
    }
    for section in definition.sections:
        for entry in section_entries(section, filled):
            answers.setdefault((entry.path, entry.row), StoredAnswer(entry.value, 1, person_id, times.filled_at))
    for path in undertakings_of(definition):
        given = filled.answers.get(path) is True
        answers[path, ""] = StoredAnswer(given, 1, person_id, times.submitted_at)
    return answers


def rows_of(definition: Definition, filled: Filled) -> dict[str, tuple[StoredRow, ...]]:
    """The rows people add themselves, in order."""
    rows: dict[str, list[StoredRow]] = {}
    for section in definition.sections:
        for table, row in own_rows(section, filled):
            there = rows.setdefault(table, [])
            there.append(StoredRow(row, len(there) + 1, 1))
    return {table: tuple(found) for table, found in rows.items()}


def files_of(setting: Setting, filled: Filled, times: Times) -> tuple[AttachedFile, ...]:
    """One paper in every slot, in the order in which they are attached."""
    files = []
    copies: Counter[str] = Counter()
    for slot, row in filled.documents:
        copies[slot] += 1
        paper = setting.papers.for_slot(setting.definition.document(slot), copies[slot])
        files.append(
            AttachedFile(
                id=uuid7(),
                slot=slot,
                row=row,
                name=paper.name,
                content_type=paper.content_type,
                size_bytes=paper.size_bytes,
                pages=paper.pages,
                sha256=paper.sha256,
                attached_at=times.attached_at,
            )
        )
    return tuple(files)


def read_on(times: Times) -> date:
    """The day in Shanghai on which the evidence is read."""
    return local_date(times.checked_at)
