"""The statement that a receipt's signature is over, and what a presented receipt turns out to be.

docs/canonical-json.md specifies both. No value of a statement holds white space, so text that was copied from a PDF,
broken into lines anywhere, is the statement again once all white space is gone.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from grants.applications.domain.revisions import instant_text
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.signing import PublicKey, read_signature

RECEIPT_FORMAT = "receipt-1"
SIGNATURE = re.compile(r"[A-Z0-8]{103}")  # base32, with the digits that eyes take for letters
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})  # white space, control and direction signs, halves of pairs


@dataclass(frozen=True, slots=True)
class Statement:
    """What the system signs: who handed what in, when, under which number. Every value is text as it is printed.

    ``content`` is the fingerprint of the revision, ``papers`` that of the fingerprints of its files in order, ``key``
    the id of the signing key. ``submitted_at`` is the first submission's instant, ``revision_at`` this one's.
    """

    ref: str
    revision: str
    submitted_at: str
    revision_at: str
    call: str
    org: str
    uscc: str
    content: str
    papers: str
    key: str
    format: str = RECEIPT_FORMAT

    @property
    def text(self) -> str:
        """Its canonical JSON; the UTF-8 bytes are what is signed."""
        return canonical_json(self._members()).decode()

    def _members(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in MEMBERS}


MEMBERS = tuple(Statement.__dataclass_fields__)


def to_the_second(instant: datetime) -> str:
    """``2026-03-02T14:03:05+08:00``: in Shanghai, what is left of a second cut off, so never later than it was."""
    return instant_text(instant.replace(microsecond=0))


def papers_fingerprint(documents: Sequence[Mapping[str, Any]]) -> str:
    """The fingerprint of the list of the files' fingerprints, in the order of the manifest."""
    return fingerprint([document["sha256"] for document in documents])


def statement_facts(
    *,
    ref: str,
    revision: int,
    submitted_at: datetime,
    revision_at: datetime,
    call: str,
    org: str,
    uscc: str,
    content: str,
    documents: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """The members of a statement but for its key, as it writes them."""
    return {
        "ref": ref,
        "revision": str(revision),
        "submitted_at": to_the_second(submitted_at),
        "revision_at": to_the_second(revision_at),
        "call": call,
        "org": squeezed(org),
        "uscc": uscc,
        "content": content,
        "papers": papers_fingerprint(documents),
    }


def squeezed(text: str) -> str:
    """Text in NFC without anything invisible."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in INVISIBLE)


def read_statement(text: str) -> Statement | None:
    """A statement as it was copied, white space anywhere; None for anything that is not one, whole and of this
    format."""
    return read_copied(text)[0]


def read_copied(text: str) -> tuple[Statement | None, str]:
    """The statement in whatever was copied around it, and the signature after it; empty where there is none."""
    copied = squeezed(text)
    start = copied.find('{"')
    try:
        members, end = json.JSONDecoder().raw_decode(copied, max(start, 0))
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(members, dict) or set(members) != set(MEMBERS) or members["format"] != RECEIPT_FORMAT:
        return None, ""
    if not all(isinstance(value, str) and squeezed(value) == value for value in members.values()):
        return None, ""
    found = SIGNATURE.search(copied[end:].replace("-", "").upper())
    return Statement(**members), found.group() if found else ""


class Authenticity(StrEnum):
    """What a signature says of a statement."""

    GENUINE = "genuine"
    UNREADABLE = "unreadable"  # this is no signature: something is missing or mistyped
    UNKNOWN_KEY = "unknown_key"  # nobody here ever signed under that key
    FORGED = "forged"  # a signature, but not over this statement


def authenticity_of(statement: Statement, signature: str, keys: Mapping[str, PublicKey]) -> Authenticity:
    """Check a signature as it was typed or copied against the key that the statement names."""
    read = read_signature(signature)
    if read is None:
        return Authenticity.UNREADABLE
    key = keys.get(statement.key)
    if key is None:
        return Authenticity.UNKNOWN_KEY
    return Authenticity.GENUINE if key.confirms(read, statement.text.encode()) else Authenticity.FORGED
