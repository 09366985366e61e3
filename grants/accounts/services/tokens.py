"""Single-use tokens that travel by mail: the database keeps their SHA-256 alone."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32
TOKEN_LENGTH = 43  # of that many bytes in the alphabet of addresses


def make_token() -> tuple[str, str]:
    """A new token and its fingerprint. It is as random as a key, so a plain hash without salt is enough."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """The fingerprint by which a token is found again."""
    return hashlib.sha256(token.encode()).hexdigest()
