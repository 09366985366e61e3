"""Proof of type: a file is what it says only when it opens as that (decision 29), in a process of its own."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grants.documents.errors import RefusedFileError
from grants.documents.names import claimed_kind, require_taken
from grants.sandbox.refusal import Refused
from grants.sandbox.running import run_sandboxed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, tuple[bytes, str]] = {  # how its bytes begin, and its content type
    "pdf": (b"%PDF-", "application/pdf"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "xlsx": (b"PK\x03\x04", XLSX),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Excel wrote before 2007, and what it wraps a locked workbook in
LOCKED = "EncryptedPackage".encode("utf-16-le")
EARLY_BYTES = 1024  # where readers look for the beginning of a PDF


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file has been proved to be; ``pages`` is None for what has none."""

    content_type: str
    pages: int | None = None


def prove(path: Path, *, name: str, accept: Collection[str], max_pages: int | None, clean: Path | None = None) -> Proof:
    """Open the file as what its name claims and return what that proves.

    Args:
        accept: kinds that are taken here: pdf, jpg, png, xlsx.
        max_pages: bound for files with pages; None is without bound.
        clean: where a picture is written anew, without anything but its pixels; other kinds write nothing there.

    Raises:
        RefusedFileError: the kind is not taken, the content is something else, broken, locked, active or too large.
        SandboxError: it could not be opened at all, for a reason that is ours.
    """
    kind = require_taken(name, [taken for taken in accept if claimed_kind(f".{taken}") in KINDS])
    start, content_type = KINDS[kind]
    with path.open("rb") as file:
        begins = file.read(EARLY_BYTES)
    if not begins.startswith(start):
        raise RefusedFileError(_other_kind(kind, begins, path), claimed=kind.upper())
    with tempfile.TemporaryDirectory(prefix="grants-proof-") as folder:
        try:
            found = run_sandboxed("prove", kind, path, clean or Path(folder) / "clean")
        except Refused as refusal:
            raise RefusedFileError(refusal.code) from refusal
    if max_pages is not None and found["pages"] is not None and found["pages"] > max_pages:
        raise RefusedFileError("file_too_many_pages", pages=found["pages"], limit=max_pages)
    return Proof(content_type, found["pages"])


def _other_kind(kind: str, begins: bytes, path: Path) -> str:
    """The code for content that does not begin as its kind does."""
    if kind == "pdf" and KINDS["pdf"][0] in begins:
        return "file_polyglot"
    if kind == "xlsx" and begins.startswith(OLE):
        return "file_encrypted" if _contains(path, LOCKED) else "file_old_workbook"
    return "file_not_what_it_says"


def _contains(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(mark) >= 0
