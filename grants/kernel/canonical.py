"""Canonical JSON and fingerprints; docs/canonical-json.md specifies the bytes."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def canonical_json(content: object) -> bytes:
    """UTF-8 bytes with sorted keys, no spaces, strings in NFC, numbers as strings.

    Raises TypeError for anything that has no canonical form (floats among them).
    """
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(content: object) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def _plain(content: object) -> Any:
    match content:
        case None | bool():
            return content
        case str():
            return unicodedata.normalize("NFC", content)
        case int() | Decimal():
            return f"{content:f}" if isinstance(content, Decimal) else str(content)
        case datetime() | date():
            return content.isoformat()
        case UUID():
            return str(content)
        case Mapping():
            return {unicodedata.normalize("NFC", str(key)): _plain(value) for key, value in content.items()}
        case list() | tuple():
            return [_plain(item) for item in content]
    raise TypeError(f"{type(content).__name__} has no canonical form")
