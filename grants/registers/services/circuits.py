"""The circuits and kept answers of services: the short transactions before and after asking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from grants.db import lock_one
from grants.registers import queries
from grants.registers.domain import REGISTERS, Answer, Circuit, admit, answered, failed
from grants.registers.models import RegisterAnswer, RegisterCircuit
from grants.registers.services.asking import AdmittedQuestion, Outcome
from grants.registers.services.reading import Evidence, Question, answer_evidence

FORGET_AFTER = timedelta(days=90)


def circuit_of(row: RegisterCircuit | None) -> Circuit:
    """A circuit as the pure functions take it; closed where the service was never asked."""
    if row is None:
        return Circuit()
    return Circuit(**{name: getattr(row, name) for name in Circuit.__dataclass_fields__})


def admit_questions(session: Session, questions: Sequence[Question], *, now: datetime) -> tuple[AdmittedQuestion, ...]:
    """Ask the circuits for leave; takes each one's place in its rate, and the probe of one that rests."""
    rows = _held(session, {question.service.register for question in questions})
    admitted = []
    for question in sorted(questions, key=lambda one: one.service.register):
        row = rows[question.service.register]
        circuit, admission = admit(circuit_of(row), question.service, now=now)
        _keep(row, circuit)
        admitted.append(AdmittedQuestion(question, admission))
    return tuple(admitted)


def settle_answers(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> Evidence:
    """Keep what came of the questions and return it as evidence.

    Effects: the circuits; the answers. ``now`` is the moment of the answer. Where there is none, the last one stands in
    with its own time while it is young enough; else the evidence is None, unknown.
    """
    asked = [outcome for outcome in outcomes if outcome.answer or outcome.blames]
    rows = _held(session, {outcome.question.service.register for outcome in asked})
    evidence: Evidence = {}
    for outcome in sorted(outcomes, key=lambda one: one.question.service.register):
        service = outcome.question.service
        evidence[service.register] = outcome.question.fallback
        row = rows.get(service.register)
        if row is not None and outcome.answer is None:
            _keep(row, failed(circuit_of(row), service, outcome.failure, now=now))
        elif row is not None and outcome.answer is not None:
            _keep(row, answered(circuit_of(row), now=now))
            kept = _kept_answer(session, outcome.question, outcome.answer, now=now)
            evidence[service.register] = answer_evidence(REGISTERS[service.register], kept)
    return evidence


def forget_answers(session: Session, *, now: datetime) -> None:
    """Delete answers that no service keeps any more. For a sweep."""
    session.execute(delete(RegisterAnswer).where(RegisterAnswer.answered_at < now - FORGET_AFTER))


def _kept_answer(session: Session, question: Question, answer: Answer, *, now: datetime) -> RegisterAnswer:
    """In place of the last one about this code; the circuit's lock keeps others of this register away."""
    return session.merge(
        RegisterAnswer(
            register=question.service.register,
            uscc=question.uscc,
            source=question.service.source,
            records=[dict(record) for record in answer.records],
            ref=answer.ref,
            answered_at=now,
        )
    )


def _held(session: Session, registers: Collection[str]) -> dict[str, RegisterCircuit]:
    """The rows of these circuits, locked, with one made for a service that is asked for the first time."""
    rows = queries.lock_circuits(session, registers) if registers else {}
    missing = sorted(set(registers) - rows.keys())
    if missing:
        lock_one(session, "register_circuit")
        rows |= queries.lock_circuits(session, missing)
    for register in missing:
        if register not in rows:
            rows[register] = RegisterCircuit(register=register)
            _keep(rows[register], Circuit())
            session.add(rows[register])
    return rows


def _keep(row: RegisterCircuit, circuit: Circuit) -> None:
    for name, value in asdict(circuit).items():
        setattr(row, name, value)
