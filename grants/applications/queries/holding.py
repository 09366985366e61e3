"""Which applications the transaction at hand has locked, so that no step locks one again that an earlier one has."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import inspect
from sqlalchemy.orm import Session, SessionTransaction

from grants.applications.models import Application

_held: WeakKeyDictionary[SessionTransaction, set[UUID]] = WeakKeyDictionary()


def hold(session: Session, application: Application) -> Application:
    """Note that its row has just been locked and read."""
    for transaction in _transactions(session):
        _held.setdefault(transaction, set()).add(application.id)
        break  # a savepoint that is undone lets go of it
    return application


def is_held(session: Session, application: Application) -> bool:
    """Whether its row is locked since it was last read, by this transaction or one that it is a savepoint of."""
    if inspect(application).expired_attributes:
        return False
    return any(application.id in _held.get(transaction, ()) for transaction in _transactions(session))


def _transactions(session: Session) -> Iterator[SessionTransaction]:
    """The innermost savepoint first, the transaction itself last."""
    transaction = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        yield transaction
        transaction = transaction.parent
