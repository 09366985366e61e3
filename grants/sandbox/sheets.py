"""XLSX: opened with calamine; bounded in what it unfolds to, without anything that acts, reaches out or is hidden."""

from __future__ import annotations

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from grants.sandbox.refusal import Refused

MAX_UNFOLDED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000
ENCRYPTED = 0x1  # of a part's flags

FOUND_IN_NAMES = (  # part of a member's name, code; the first that is found
    ("vbaproject.bin", "file_has_macros"),
    ("/macrosheets/", "file_has_macros"),
    ("/embeddings/", "file_carries_files"),
    ("/activex/", "file_active"),
    ("/externallinks/", "file_links_out"),
    ("xl/connections.xml", "file_links_out"),
    ("/querytables/", "file_links_out"),
)


def prove(path: Path, kind: str, out: Path) -> dict[str, object]:
    """Return when the file is a readable workbook with at least one sheet and nothing else in it.

    Raises:
        Refused: with the code of the first thing found wrong.
    """
    try:
        with zipfile.ZipFile(path) as package:
            _require_bounded(package.infolist())
            _require_plain_names(package.namelist())
            if package.testzip() is not None:
                raise Refused("file_broken")
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = workbook.sheet_names
    except zipfile.BadZipFile as error:
        raise Refused("file_truncated" if "not a zip file" in str(error) else "file_broken") from error
    except PasswordError as error:
        raise Refused("file_encrypted") from error
    except (CalamineError, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Refused("file_broken") from error
    if not sheets:
        raise Refused("file_without_pages")
    return {"pages": None}


def _require_bounded(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED_BYTES:
        raise Refused("file_too_complex")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Refused("file_encrypted")


def _require_plain_names(names: list[str]) -> None:
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower) or any(_leads_out(name) for name in lower):
        raise Refused("file_polyglot")
    for part, code in FOUND_IN_NAMES:
        if any(part in f"/{name}" or name == part for name in lower):
            raise Refused(code)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or ":" in name
