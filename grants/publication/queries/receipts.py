"""Checking presented receipts: against the keys, and against what this system signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from grants.applications.domain.receipts import (
    Authenticity,
    Statement,
    authenticity_of,
    read_copied,
    read_statement,
)
from grants.applications.queries import find_signed
from grants.kernel.signing import PublicKey


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What became of a presented receipt. ``statement`` is there only where the signature is genuine: a check tells
    nobody more than the receipt does. ``kept``: whether this system still holds the same statement. ``authenticity``
    None: no receipt to check was found, or nothing that is a statement was given.
    """

    authenticity: Authenticity | None
    statement: Statement | None = None
    kept: bool = True
    pasted: bool = False


def check_receipt(
    session: Session, ref: str, sha256: str, signature: str, *, keys: Mapping[str, PublicKey]
) -> CheckedReceipt:
    """Check a signature over the statement that this system holds under that number and fingerprint."""
    found = find_signed(session, ref, sha256)
    statement = read_statement(found.statement) if found is not None else None
    if statement is None:
        return CheckedReceipt(None)
    return _checked(statement, signature, keys, kept=True, pasted=False)


def check_statement(session: Session, copied: str, signature: str, *, keys: Mapping[str, PublicKey]) -> CheckedReceipt:
    """Check a statement as it was copied; the signature, unless given, is the one copied with it."""
    statement, beside = read_copied(copied)
    if statement is None:
        return CheckedReceipt(None, pasted=True)
    held = find_signed(session, statement.ref, statement.content)
    kept = held is not None and held.statement == statement.text
    return _checked(statement, signature or beside, keys, kept=kept, pasted=True)


def _checked(
    statement: Statement, signature: str, keys: Mapping[str, PublicKey], *, kept: bool, pasted: bool
) -> CheckedReceipt:
    found = authenticity_of(statement, signature, keys)
    return CheckedReceipt(found, statement if found is Authenticity.GENUINE else None, kept, pasted)
