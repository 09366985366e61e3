"""Transactions are opened and committed here, at the edge, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g
from sqlalchemy.orm import Session

from grants.db.base import db
from grants.db.dialect import read_only

P = ParamSpec("P")
R = TypeVar("R")
_OPEN = "transaction_at_the_edge"


@contextmanager
def writing() -> Iterator[Session]:
    """A writing transaction: committed at the end, rolled back when anything is raised."""
    with _alone(db.session(), reads=False) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only transaction; a write in it fails on both databases."""
    with _alone(db.session(), reads=True) as session:
        try:
            yield session
        finally:
            session.rollback()


@contextmanager
def _alone(session: Session, *, reads: bool) -> Iterator[Session]:
    """Set the mode of the session's next transaction.

    Raises:
        RuntimeError: one of these is open already: the inner one would commit or undo the work of the outer one.
    """
    if session.info.get(_OPEN):
        raise RuntimeError("a transaction is opened within another one of the same session")
    token = read_only.set(reads)
    session.info[_OPEN] = True
    try:
        yield session
    finally:
        del session.info[_OPEN]
        read_only.reset(token)


def transactional(view: Callable[P, R]) -> Callable[P, R]:
    """One transaction for a request: committed after a writing method, never after a reading one.

    The mode of BEGIN was chosen by the method before the first query (``begin_request``). An exception
    leaves the session to the teardown, which rolls back; a refusal that the view shows undoes everything too.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        answer = view(*args, **kwargs)
        if g.pop("refused", False):
            db.session.rollback()
        elif not read_only.get():
            db.session.commit()
        return answer

    wrapper.is_transactional = True  # type: ignore[attr-defined]
    return wrapper


def reads_only(view: Callable[P, R]) -> Callable[P, R]:
    """A view that takes a body and writes nothing: its transaction reads, whatever the method; put it above
    ``transactional``."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def begin_request(method: str, view: object = None) -> None:
    """Choose the mode of the request's transaction, before its first query (sign-in's load of the person included)."""
    read_only.set(method in {"GET", "HEAD", "OPTIONS"} or getattr(view, "only_reads", False))


def refuse() -> None:
    """Let nothing of this request be committed: a service refused, and may have done half of its work before."""
    g.refused = True


def undo_and_read() -> None:
    """Undo what a request did and let it read only from now on: an error page needs no writer's place."""
    db.session.rollback()
    read_only.set(True)


def end_request() -> None:
    """Forget the mode, so that nothing of a request reaches the next one on this thread."""
    read_only.set(False)
