"""PDF: opened with qpdf, every object looked at for what acts by itself or carries something else.

A destination to open at ("first page, fit width") is harmless and common; only actions are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from grants.documents.errors import RefusedFileError

MAX_OBJECTS = 200_000
MAX_DEPTH = 40
HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/GoToE", "/GoToR", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"}
    | {"/RichMediaExecute", "/SetOCGState", "/Trans", "/GoTo3DView"}
)
CARRIERS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/3D"})
_CONTAINERS = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)


def prove_pdf(path: Path) -> int:
    """The number of pages of a PDF that opens, is not locked, does nothing by itself and carries no other file.

    Raises:
        RefusedFileError: with the code of the first thing found wrong.
    """
    try:
        with pikepdf.open(path) as document:
            return _inspect(document)
    except pikepdf.PasswordError as error:
        raise RefusedFileError("file_encrypted") from error
    except (pikepdf.PdfError, ValueError, KeyError, RecursionError, pikepdf.DataDecodingError) as error:
        raise RefusedFileError("file_broken") from error


def _inspect(document: pikepdf.Pdf) -> int:
    if document.is_encrypted:
        raise RefusedFileError("file_encrypted")
    if len(document.objects) > MAX_OBJECTS:
        raise RefusedFileError("file_too_complex")
    _require_quiet_opening(document.Root)
    for item in document.objects:
        for container in _containers(item, MAX_DEPTH):
            _require_harmless(container)
    pages = len(document.pages)
    if pages == 0:
        raise RefusedFileError("file_without_pages")
    return pages


def _require_quiet_opening(root: Any) -> None:
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name("/GoTo"):
        raise RefusedFileError("file_active")


def _containers(item: Any, depth: int) -> Iterator[Any]:
    """The dictionaries of one object, direct children included; references are objects of their own."""
    if not isinstance(item, _CONTAINERS):
        return
    if depth == 0:
        raise RefusedFileError("file_too_complex")
    if isinstance(item, pikepdf.Array):
        children = [child for child in item if isinstance(child, _CONTAINERS)]
    else:
        keys = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        yield keys
        children = [child for child in keys.as_dict().values() if isinstance(child, _CONTAINERS)]
    for child in children:
        if not child.is_indirect:
            yield from _containers(child, depth - 1)


def _require_harmless(dictionary: Any) -> None:
    if "/JS" in dictionary or "/XFA" in dictionary or str(dictionary.get("/S", "")) in ACTIONS:
        raise RefusedFileError("file_active")
    if "/EF" in dictionary or "/EmbeddedFiles" in dictionary or str(dictionary.get("/Subtype", "")) in CARRIERS:
        raise RefusedFileError("file_carries_files")
    if str(dictionary.get("/Type", "")) == "/EmbeddedFile":
        raise RefusedFileError("file_carries_files")
    for action in _automatic_actions(dictionary):
        if str(action.get("/S", "")) not in HARMLESS_ACTIONS:
            raise RefusedFileError("file_active")


def _automatic_actions(dictionary: Any) -> list[Any]:
    triggers = dictionary.get("/AA")
    if not isinstance(triggers, pikepdf.Dictionary):
        return []
    return [action for action in triggers.as_dict().values() if isinstance(action, pikepdf.Dictionary)]
