"""XLSX: opened with calamine; bounded in what it unfolds to, without macros."""

from __future__ import annotations

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from grants.documents.errors import RefusedFileError

MAX_UNFOLDED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000


def prove_workbook(path: Path) -> None:
    """Return when the file is a readable workbook with at least one sheet and without macros.

    Raises:
        RefusedFileError: it is something else, damaged, unfolds too large, or carries macros or other files.
    """
    try:
        with zipfile.ZipFile(path) as package:
            _require_bounded(package.infolist())
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = workbook.sheet_names
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, NotImplementedError) as error:
        raise RefusedFileError("file_broken") from error
    if not sheets:
        raise RefusedFileError("file_without_pages")


def _require_bounded(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED_BYTES:
        raise RefusedFileError("file_too_complex")
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise RefusedFileError("file_has_macros")
    if any("/embeddings/" in name for name in names):
        raise RefusedFileError("file_carries_files")
