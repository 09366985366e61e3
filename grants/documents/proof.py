"""Proof of type: a file is what it says only when it opens as that (decision 29)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from grants.documents.errors import RefusedFileError
from grants.documents.names import claimed_kind
from grants.documents.pdf import prove_pdf
from grants.documents.pictures import prove_picture
from grants.documents.sheets import prove_workbook


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file has been proved to be; ``pages`` is None for what has none."""

    content_type: str
    pages: int | None = None


def _pdf(path: Path) -> Proof:
    return Proof("application/pdf", prove_pdf(path))


def _jpg(path: Path) -> Proof:
    prove_picture(path, "JPEG")
    return Proof("image/jpeg")


def _png(path: Path) -> Proof:
    prove_picture(path, "PNG")
    return Proof("image/png")


def _xlsx(path: Path) -> Proof:
    prove_workbook(path)
    return Proof("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


PROOFS: dict[str, tuple[bytes, Callable[[Path], Proof]]] = {
    "pdf": (b"%PDF-", _pdf),
    "jpg": (b"\xff\xd8\xff", _jpg),
    "png": (b"\x89PNG\r\n\x1a\n", _png),
    "xlsx": (b"PK\x03\x04", _xlsx),
}


def prove(path: Path, *, name: str, accept: Collection[str], max_pages: int | None) -> Proof:
    """Open the file as what its name claims and return what that proves.

    Args:
        accept: kinds that are taken here: pdf, jpg, png, xlsx.
        max_pages: bound for files with pages; None is without bound.

    Raises:
        RefusedFileError: the kind is not taken, the content is something else, broken, locked, active or too large.
    """
    kind = claimed_kind(name)
    if kind not in {claimed_kind(f".{taken}") for taken in accept} or kind not in PROOFS:
        raise RefusedFileError("file_type_refused", accepted="、".join(taken.upper() for taken in accept))
    start, opened = PROOFS[kind]
    with path.open("rb") as file:
        if file.read(len(start)) != start:
            raise RefusedFileError("file_not_what_it_says", claimed=kind.upper())
    proof = opened(path)
    if max_pages is not None and proof.pages is not None and proof.pages > max_pages:
        raise RefusedFileError("file_too_many_pages", pages=proof.pages, limit=max_pages)
    return proof
