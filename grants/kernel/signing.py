"""The system's own signature: Ed25519 over canonical bytes. docs/canonical-json.md says what is signed and how it is
written."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_BYTES = 64
ID_LENGTH = 16
GROUP = 4
_MISREAD = str.maketrans("018", "OIB")  # base32 has no 0, 1, 8: whoever types one has read a letter


@dataclass(frozen=True)
class PublicKey:
    """What a signature is checked with: 32 bytes. Its name follows from it, so nobody can give it another's."""

    raw: bytes

    @cached_property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the key's SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:ID_LENGTH]

    def confirms(self, signature: bytes, message: bytes) -> bool:
        """Whether the holder of the private half signed these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """The private half; it lives in the environment only. Raises ValueError for anything but 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gets the same ones."""
        return self._private.sign(message)


class _Keys:
    """The key in use and the public halves of all that were; set once by the factory."""

    current: SigningKey | None = None
    known: Mapping[str, PublicKey] = MappingProxyType({})


def use_signing_key(key: SigningKey, *earlier: PublicKey) -> None:
    """Sign with ``key`` in this process; what was signed under ``earlier`` ones can still be checked."""
    _Keys.current = key
    _Keys.known = MappingProxyType({known.id: known for known in (key.public, *earlier)})


def signing_key() -> SigningKey:
    """The key that the factory set; raises RuntimeError before that."""
    if _Keys.current is None:
        raise RuntimeError("no key was chosen: use_signing_key")
    return _Keys.current


def public_keys() -> Mapping[str, PublicKey]:
    """Every key of this process by its id, the one in use first."""
    return _Keys.known


def signature_text(signature: bytes) -> str:
    """A signature as it is printed: 103 letters and digits of base32 (RFC 4648), without padding."""
    return base64.b32encode(signature).decode().rstrip("=")


def read_signature(text: str) -> bytes | None:
    """A signature as it was typed or copied; None for anything that is not one.

    Case, white space and hyphens do not count; 0, 1 and 8, which base32 does not have, are read as O, I and B.
    """
    letters = "".join(text.split()).replace("-", "").upper().translate(_MISREAD)
    try:
        signature = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        return None
    return signature if len(signature) == SIGNATURE_BYTES and signature_text(signature) == letters else None


def grouped(text: str, size: int = GROUP) -> str:
    """``ABCD EFGH IJ``: in groups that an eye can keep."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))
