"""Blank forms that a definition names as the template of a document: files that the installation keeps in a folder.

``<folder>/<code of the programme>/<name>``. A definition says the name only, and what is not there is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from grants.programmes.domain import Definition, DocumentSlot

TYPES: Mapping[str, str] = {
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Folder:
    path: Path | None = None


def use_templates(folder: Path) -> None:
    """Take blank forms from this folder; it need not exist."""
    _Folder.path = folder


def find_template(definition: Definition, slot: DocumentSlot) -> Path | None:
    """The blank form of a document; None where none is named or it is not there.

    The name is a file's alone, of one of TYPES; nothing outside the programme's own folder is ever found.
    """
    name = PurePosixPath(slot.template)
    if _Folder.path is None or name.name != slot.template or name.suffix.lower() not in TYPES:
        return None
    folder = (_Folder.path / definition.code).resolve()
    file = (folder / slot.template).resolve()
    return file if file.parent == folder and file.is_file() else None


def type_of(template: Path) -> str:
    """The content type of a blank form."""
    return TYPES[template.suffix.lower()]
