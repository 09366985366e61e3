"""Workbooks that are read and not kept: their cells as text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from grants.documents.errors import RefusedFileError
from grants.documents.files import BYTES_PER_MB
from grants.documents.names import clean_name
from grants.documents.proof import prove
from grants.documents.store import Readable, TooLargeError, arriving
from grants.sandbox.refusal import Refused
from grants.sandbox.running import run_sandboxed

NumberedLine = tuple[int, tuple[str, ...]]


def read_cells(stream: Readable, *, name: str, max_bytes: int) -> list[NumberedLine]:
    """The filled lines of an XLSX file's first sheet with their numbers; nothing of it is kept. No database.

    Raises:
        RefusedFileError: it is not a workbook, has macros or the like, or is too large; the code says which.
    """
    try:
        with arriving(stream, max_bytes=max_bytes) as arrival:
            if arrival.size_bytes == 0:
                raise RefusedFileError("file_empty")
            prove(arrival.path, name=clean_name(name), accept=("xlsx",), max_pages=None)
            return _cells(arrival.path)
    except TooLargeError as error:
        raise RefusedFileError("file_too_large", limit_mb=max_bytes // BYTES_PER_MB) from error


def _cells(path: Path) -> list[NumberedLine]:
    with tempfile.TemporaryDirectory(prefix="grants-cells-") as folder:
        out = Path(folder) / "cells.json"
        try:
            run_sandboxed("cells", "xlsx", path, out)
        except Refused as refusal:
            raise RefusedFileError(refusal.code) from refusal
        lines = json.loads(out.read_text(encoding="utf-8"))
    return [(number, tuple(cells)) for number, cells in lines]
