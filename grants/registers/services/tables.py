"""Reading an uploaded table: opened in the sandbox, like every stranger's file. No database."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from grants import documents
from grants.kernel.errors import InvalidError
from grants.registers.domain import NumberedLine
from grants.sandbox.refusal import Refused
from grants.sandbox.running import run_sandboxed

ACCEPTED = ("csv", "xlsx")
CONTENT_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MAX_BYTES = 20 * 1024 * 1024
Lines = list[NumberedLine]


def kind_of(name: str) -> str:
    """csv or xlsx, by the ending of a file's name; raises InvalidError."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().removeprefix(".")
    kind = "csv" if ending in ("txt", "tsv") else ending
    if kind not in ACCEPTED:
        raise InvalidError("table_kind")
    return kind


def keep_table(content: bytes, *, name: str) -> documents.Received:
    """Keep the bytes of an upload; nobody ever opens them but the sandbox. Raises InvalidError."""
    kind = kind_of(name)
    if not content:
        raise InvalidError("file_empty")
    if len(content) > MAX_BYTES:
        raise InvalidError("file_too_large", limit_mb=MAX_BYTES // 1024 // 1024)
    return documents.keep_bytes(content, name=documents.clean_name(name), content_type=CONTENT_TYPES[kind])


def read_kept(sha256: str, *, name: str) -> Lines:
    """The filled lines of a kept table with their numbers; raises InvalidError with the code of what is wrong."""
    with suppress(FileNotFoundError), documents.current_store().on_disk(sha256) as path:
        return read_table(path, kind=kind_of(name))
    raise InvalidError("file_gone")


def read_table(path: Path, *, kind: str) -> Lines:
    """The filled lines of a table (of a workbook its first sheet) with their numbers; raises InvalidError."""
    with tempfile.TemporaryDirectory(prefix="grants-table-") as folder:
        out = Path(folder) / "lines.json"
        try:
            run_sandboxed("lines", kind, path, out)
        except Refused as refusal:
            raise InvalidError(refusal.code) from refusal
        with out.open(encoding="utf-8") as file:
            return [(number, cells) for number, cells in map(json.loads, file)]
