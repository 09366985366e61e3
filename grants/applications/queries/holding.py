"""Locking an application, once in a transaction: no step locks again what an earlier one has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session, SessionTransaction, joinedload
from sqlalchemy.orm.util import identity_key

from grants.applications.models import Application
from grants.calls.models import Call
from grants.kernel.errors import NotFoundError

_held: WeakKeyDictionary[SessionTransaction, set[UUID]] = WeakKeyDictionary()


def lock_application(session: Session, application_id: UUID) -> Application:
    """The application as it is now, its row locked until the transaction ends; NotFoundError.

    Its columns are read anew, once in a transaction: nobody else changes them after that. Call and organisation, where
    they were loaded before, stay.
    """
    known: Application | None = session.identity_map.get(identity_key(Application, application_id))
    if known is not None and is_held(session, known):
        return known
    if known is not None:
        session.refresh(known, _COLUMNS, with_for_update={"of": Application})
        return hold(session, known)
    query = select(Application).where(Application.id == application_id).with_for_update(of=Application)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError(application=str(application_id))
    return hold(session, found)


def lock_with_call(session: Session, application_id: UUID) -> Application:
    """As ``lock_application``, with call and definition in the same query: for steps that move the application on."""
    found: Application | None = session.scalars(_locked_with_call(), {"application_id": application_id}).one_or_none()
    if found is None:
        raise NotFoundError(application=str(application_id))
    return hold(session, found)


@cache  # every check runs it
def _locked_with_call() -> Any:
    return (
        select(Application)
        .where(Application.id == bindparam("application_id"))
        .options(joinedload(Application.call, innerjoin=True).joinedload(Call.definition, innerjoin=True))
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )


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


_COLUMNS = tuple(column.key for column in inspect(Application).column_attrs)
