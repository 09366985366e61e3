"""Reading what is kept of services that are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.registers.models import RegisterAnswer, RegisterCircuit


def list_answers(session: Session, registers: Collection[str], uscc: str) -> Sequence[RegisterAnswer]:
    """The last answers about one credit code."""
    query = (
        select(RegisterAnswer)
        .where(RegisterAnswer.register.in_(sorted(registers)), RegisterAnswer.uscc == uscc.upper())
        .order_by(RegisterAnswer.register)
    )
    return session.scalars(query).all()


def circuits_by_register(session: Session) -> dict[str, RegisterCircuit]:
    """How every service that was ever asked has been doing."""
    return {row.register: row for row in session.scalars(select(RegisterCircuit))}


def lock_circuits(session: Session, registers: Collection[str]) -> dict[str, RegisterCircuit]:
    """The circuits of these services, held until the transaction ends; one that was never asked has no row."""
    query = (
        select(RegisterCircuit)
        .where(RegisterCircuit.register.in_(sorted(registers)))
        .order_by(RegisterCircuit.register)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.register: row for row in session.scalars(query)}
