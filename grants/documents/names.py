"""File names as people give them: kept for reading and for downloads, never used as a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from grants.documents.errors import RefusedFileError

MAX_LENGTH = 255
_SEPARATORS = re.compile(r"[/\\]")
_KINDS = {"jpeg": "jpg"}


def clean_name(given: str) -> str:
    """The last part of a given path in NFC, without control and direction characters, at most 255 characters."""
    last = _SEPARATORS.split(unicodedata.normalize("NFC", given))[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, extension = visible.rpartition(".")
    if not dot or len(visible) <= MAX_LENGTH:
        return visible[:MAX_LENGTH] or "未命名"
    ending = dot + extension[:16]
    return stem[: MAX_LENGTH - len(ending)] + ending


def claimed_kind(name: str) -> str:
    """The kind that a name's extension claims (``pdf``, ``jpg``, whatever it is), in lower case; empty without one."""
    _, dot, extension = name.rpartition(".")
    lower = extension.lower() if dot else ""
    return _KINDS.get(lower, lower)


def require_taken(name: str, accept: Collection[str]) -> str:
    """The kind that a name claims, when it is one of ``accept``; raises RefusedFileError ``file_type_refused``."""
    kind = claimed_kind(name)
    if kind not in {claimed_kind(f".{taken}") for taken in accept}:
        raise RefusedFileError("file_type_refused", accepted="、".join(taken.upper() for taken in accept))
    return kind
