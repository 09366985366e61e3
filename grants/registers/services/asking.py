"""Asking services over the network: several at once, each with a few attempts within its time. No database here."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from grants.registers.domain import (
    REGISTERS,
    Admission,
    Answer,
    MalformedAnswerError,
    pause_s,
    read_answer,
)
from grants.registers.services.reading import Question
from grants.registers.services.transport import AskingError, Wire

MARGIN_S = 0.5  # between the end of a service's time and giving up on its thread

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdmittedQuestion:
    """A question with the leave to put it, or without."""

    question: Question
    admission: Admission


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. ``failure`` is empty of an answer; ``blames``: it counts against the service."""

    question: Question
    answer: Answer | None = None
    failure: str = ""
    blames: bool = False


@dataclass(slots=True)
class _Call:
    """A question while it is put, in a thread of its own; ``wire`` is the attempt under way."""

    question: Question
    admission: Admission
    deadline: float
    ended: queue.SimpleQueue[tuple[_Call, Outcome]]
    wire: Wire | None = field(default=None)

    def run(self) -> None:
        """Put the question; whatever happens, say so."""
        try:
            outcome = Outcome(self.question, answer=self._answer())
        except AskingError as error:
            outcome = Outcome(self.question, failure=error.reason, blames=error.blames)
        except Exception:  # a fault of ours is no reason to let the case hang
            log.exception("a question to a register failed", register=self.question.service.register)
            outcome = Outcome(self.question, failure="unexpected", blames=True)
        self.ended.put((self, outcome))

    def _answer(self) -> Answer:
        time.sleep(self.admission.wait_s)
        attempt = 1
        while True:
            try:
                return self._attempt()
            except AskingError as error:
                pause = max(pause_s(attempt, random.random()), error.pause_s)
                last = attempt >= self.admission.attempts or not error.may_pass
                if last or time.monotonic() + pause >= self.deadline:
                    raise
            time.sleep(pause)
            attempt += 1

    def _attempt(self) -> Answer:
        service = self.question.service
        self.wire = Wire(service, self.deadline)
        content = self.wire.fetch(self.question.uscc)
        try:
            return read_answer(REGISTERS[service.register], content)
        except MalformedAnswerError as error:
            log.warning("a register answered in another form", register=service.register, fault=str(error))
            raise AskingError("malformed") from error


def put_questions(admitted: Sequence[AdmittedQuestion]) -> tuple[Outcome, ...]:
    """Put all admitted questions at once and wait for their ends, at most as long as the slowest service may take.

    Never raises for anything that a service does. Belongs outside any transaction.
    """
    refused = tuple(Outcome(one.question, failure="resting") for one in admitted if not one.admission)
    ended: queue.SimpleQueue[tuple[_Call, Outcome]] = queue.SimpleQueue()
    started = time.monotonic()
    calls = [
        _Call(one.question, one.admission, started + one.question.service.total_s, ended)
        for one in admitted
        if one.admission
    ]
    for call in calls:
        threading.Thread(target=call.run, daemon=True, name=f"register-{call.question.service.register}").start()
    return (*refused, *_wait(calls, ended))


def _wait(calls: Sequence[_Call], ended: queue.SimpleQueue[tuple[_Call, Outcome]]) -> tuple[Outcome, ...]:
    outcomes: dict[int, Outcome] = {}
    last = max((call.deadline for call in calls), default=0.0) + MARGIN_S
    while len(outcomes) < len(calls):
        try:
            call, outcome = ended.get(timeout=max(last - time.monotonic(), 0.0))
        except queue.Empty:
            break
        outcomes[id(call)] = outcome
    for call in calls:
        if id(call) not in outcomes and call.wire is not None:
            call.wire.cut()
    late = "timed_out"
    return tuple(outcomes.get(id(call)) or Outcome(call.question, failure=late, blames=True) for call in calls)
