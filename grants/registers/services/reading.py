"""What the database knows of an enterprise: newest snapshots, and the last answers of services that are asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from grants.kernel.clock import SHANGHAI, local_date
from grants.registers import queries
from grants.registers.domain import REGISTERS, Register, RegisterService, readable
from grants.registers.models import RegisterAnswer
from grants.registers.services.directory import current_services

Evidence = dict[str, dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Question:
    """What a service has to be asked; ``fallback`` is its last answer, where that is young enough to stand in."""

    service: RegisterService
    uscc: str
    fallback: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Evidence as the database has it, and what is still to be asked; until then that is None, unknown."""

    evidence: Evidence
    questions: tuple[Question, ...] = ()


def collect(session: Session, uscc: str, *, registers: frozenset[str], authorised: bool, now: datetime) -> Evidence:
    """What is known of ``uscc`` without asking anybody, in the JSON form of a case's evidence; see ``read``."""
    return read(session, uscc, registers=registers, authorised=authorised, now=now).evidence


def read(
    session: Session,
    uscc: str,
    *,
    registers: frozenset[str],
    authorised: bool,
    now: datetime,
    not_before: datetime | None = None,
) -> Reading:
    """What the newest snapshot of each register says of ``uscc``, and what its service last answered.

    A register without a snapshot is ``None``, that is unknown, and so is a code that the business register does not
    have. Of a register of rows no rows are a finding. The credit and penalty registers are left out altogether unless
    the enterprise has authorised the query (decision 12): their services are not even asked. ``now`` is the moment of
    reading: neither a snapshot as of a later day nor a later answer is taken. An answer from before ``not_before``
    counts for nothing.
    """
    wanted = readable(registers, authorised=authorised)
    services = {key: service for key, service in current_services().items() if key in wanted}
    evidence = _imported(session, wanted - services.keys(), uscc, now=now)
    if not services:
        return Reading(evidence)
    answers = {answer.register: answer for answer in queries.list_answers(session, services, uscc)}
    questions = []
    for key, service in sorted(services.items()):
        answer = _usable(answers.get(key), service, now=now, not_before=not_before)
        known = answer_evidence(REGISTERS[key], answer) if answer else None
        fresh = answer is not None and now - answer.answered_at < service.fresh
        evidence[key] = known if fresh else None
        if not fresh:
            questions.append(Question(service, uscc.upper(), known))
    return Reading(evidence, tuple(questions))


def answer_evidence(register: Register, answer: RegisterAnswer) -> dict[str, Any] | None:
    """An answer as evidence, with the instant at which it was given; None of a code that the service does not have."""
    asof = answer.answered_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return _evidence(register, answer.source, asof, answer.ref, answer.records)


def _imported(session: Session, wanted: Collection[str], uscc: str, *, now: datetime) -> Evidence:
    if not wanted:
        return {}
    told: dict[str, tuple[str, str, str, list[Mapping[str, Any]]]] = {}
    for register, source, asof_on, snapshot_id, record in queries.list_told(session, wanted, uscc, by=local_date(now)):
        known = told.setdefault(register, (source, asof_on.isoformat(), str(snapshot_id), []))
        if record is not None:
            known[-1].append(record)
    return {key: _evidence(REGISTERS[key], *told[key]) if key in told else None for key in sorted(wanted)}


def _usable(
    answer: RegisterAnswer | None, service: RegisterService, *, now: datetime, not_before: datetime | None
) -> RegisterAnswer | None:
    if answer is None or answer.answered_at > now or (not_before is not None and answer.answered_at < not_before):
        return None
    return answer if now - answer.answered_at <= max(service.keep, service.fresh) else None


def _evidence(
    register: Register, source: str, asof: str, ref: str, records: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    head = {"source": source, "asof": asof, **({"ref": ref} if ref else {})}
    if not register.single:
        return {**head, "rows": [dict(record) for record in records]}
    return {**head, "record": dict(records[0])} if records else None
