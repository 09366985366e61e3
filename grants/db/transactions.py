"""Transactions are opened and committed here, at the edge, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.orm import Session

from grants.db.base import db
from grants.db.dialect import read_only

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def writing() -> Iterator[Session]:
    """A writing transaction: committed at the end, rolled back when anything is raised."""
    token = read_only.set(False)
    try:
        yield db.session()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        read_only.reset(token)


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only transaction; a write in it fails on both databases."""
    token = read_only.set(True)
    try:
        yield db.session()
    finally:
        db.session.rollback()
        read_only.reset(token)


def transactional(view: Callable[P, R]) -> Callable[P, R]:
    """One transaction for a request: committed after a writing method, never after a reading one.

    The mode of BEGIN was chosen by the method before the first query (``begin_request``). An exception
    leaves the session to the teardown, which rolls back.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        answer = view(*args, **kwargs)
        if not read_only.get():
            db.session.commit()
        return answer

    wrapper.is_transactional = True  # type: ignore[attr-defined]
    return wrapper


def begin_request(method: str) -> None:
    """Choose the mode of the request's transaction, before its first query (sign-in's load of the person included)."""
    read_only.set(method in {"GET", "HEAD", "OPTIONS"})


def end_request() -> None:
    """Forget the mode, so that nothing of a request reaches the next one on this thread."""
    read_only.set(False)
