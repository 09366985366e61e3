"""When a service that fails is left alone: closed, open for a while, then one caller to see whether it is back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grants.registers.domain.asking import RegisterService
from grants.registers.states import CircuitState

LONGEST_REST = timedelta(minutes=30)
PROBE_MARGIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a service has been doing: see ``models.RegisterCircuit``. ``next_slot_at`` is when the next question of all
    processes may be put."""

    failures: int = 0
    openings: int = 0
    opened_at: datetime | None = None
    retry_at: datetime | None = None
    probing_until: datetime | None = None
    next_slot_at: datetime | None = None
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""

    def state(self, now: datetime) -> CircuitState:
        """Open until ``retry_at``. A circuit opened later than now - the clock was put back - is half open."""
        if self.opened_at is None or self.retry_at is None:
            return CircuitState.CLOSED
        return CircuitState.OPEN if self.opened_at <= now < self.retry_at else CircuitState.HALF_OPEN

    def is_probed(self, now: datetime) -> bool:
        """Whether somebody is finding out just now."""
        return self.probing_until is not None and self.opened_at is not None and now < self.probing_until <= _far(now)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a question may be put: after ``wait_s``, in at most ``attempts``; 0 attempts: not now."""

    attempts: int
    wait_s: float = 0.0

    def __bool__(self) -> bool:
        return self.attempts > 0


REFUSED = Admission(0)


def admit(circuit: Circuit, service: RegisterService, *, now: datetime) -> tuple[Circuit, Admission]:
    """Ask for leave to put one question; the circuit afterwards, with its place in the rate taken.

    A half-open circuit admits one caller, who tries once. A question that would have to wait longer for its turn than
    ``total_s`` is not put.
    """
    state = circuit.state(now)
    if state is CircuitState.OPEN or (state is CircuitState.HALF_OPEN and circuit.is_probed(now)):
        return circuit, REFUSED
    circuit, wait_s = _take_slot(circuit, service, now)
    if wait_s > service.total_s:
        return circuit, REFUSED
    if state is CircuitState.CLOSED:
        return circuit, Admission(service.attempts, wait_s)
    until = now + timedelta(seconds=wait_s + service.total_s) + PROBE_MARGIN
    return replace(circuit, probing_until=until), Admission(1, wait_s)


def answered(circuit: Circuit, *, now: datetime) -> Circuit:
    """The circuit after an answer: closed."""
    return Circuit(
        next_slot_at=circuit.next_slot_at, answered_at=now, failed_at=circuit.failed_at, failure=circuit.failure
    )


def failed(circuit: Circuit, service: RegisterService, reason: str, *, now: datetime) -> Circuit:
    """The circuit after a failure; opened by the one too many, and again by every failed probe, for twice as long.

    A failure that comes in while it is open anyway - of a question put before - changes nothing but what is told.
    """
    told = replace(circuit, failures=circuit.failures + 1, failed_at=now, failure=reason)
    state = circuit.state(now)
    if state is CircuitState.OPEN or (state is CircuitState.CLOSED and told.failures < service.trip_after):
        return told
    rest = min(timedelta(seconds=service.rest_s) * 2 ** min(circuit.openings, 12), LONGEST_REST)
    rest = max(rest, timedelta(seconds=service.rest_s))
    return replace(told, openings=circuit.openings + 1, opened_at=now, retry_at=now + rest, probing_until=None)


def _take_slot(circuit: Circuit, service: RegisterService, now: datetime) -> tuple[Circuit, float]:
    if not service.per_second:
        return circuit, 0.0
    step = timedelta(seconds=1 / service.per_second)
    turn = circuit.next_slot_at
    if turn is None or turn < now or turn > now + timedelta(seconds=service.total_s) + step:
        turn = now  # nobody waits, or the clock was put back
    wait_s = (turn - now).total_seconds()
    if wait_s > service.total_s:
        return circuit, wait_s
    return replace(circuit, next_slot_at=turn + step), wait_s


def _far(now: datetime) -> datetime:
    return now + timedelta(minutes=5)
