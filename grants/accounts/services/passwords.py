"""Hashing passwords: argon2id, at most two at a time (64 MiB and a tenth of a second each).

Slow on purpose, so edges call these functions outside any transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from grants.accounts.domain import normal_password
from grants.accounts.errors import HashingBusyError

AT_ONCE = 2
PATIENCE_S = 10.0


class _Hashing:
    """The parameters in use and the places for those who hash; set once per process."""

    current = PasswordHash((Argon2Hasher(),))
    places = BoundedSemaphore(AT_ONCE)


def use_cheap_parameters() -> None:
    """Hash in microseconds from now on; for tests, where nothing is protected."""
    _Hashing.current = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    _decoy.cache_clear()


def hash_password(password: str) -> str:
    """The hash of a new password, with its parameters and salt; HashingBusyError after ten seconds of waiting."""
    with _place():
        return _Hashing.current.hash(normal_password(password))


def check_password(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Whether the password fits, and a better hash where the parameters have been raised since.

    Without a hash (no such person) the same work is done for nothing, so that the answer takes as long.
    """
    with _place():
        fits, better = _Hashing.current.verify_and_update(normal_password(password), password_hash or _decoy())
    return (fits, better) if password_hash else (False, None)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _Hashing.current.hash("nobody's password")


@contextmanager
def _place() -> Iterator[None]:
    if not _Hashing.places.acquire(timeout=PATIENCE_S):
        raise HashingBusyError
    try:
        yield
    finally:
        _Hashing.places.release()
