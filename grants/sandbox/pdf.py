"""PDF: opened with qpdf, every object looked at for what acts by itself or carries something else.

Nothing is repaired: where two readers could make two documents of one file, it is refused. A destination to open at
("first page, fit width") is harmless and common; only actions are refused.
"""

from __future__ import annotations

import mmap
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from grants.sandbox.refusal import Refused

MAX_OBJECTS = 200_000
MAX_DEPTH = 40
HEAD_BYTES = 1024
BLANKS = b"\0\t\n\f\r "
END = b"%%EOF"
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe)", re.IGNORECASE)
OBJECT = re.compile(rb"\d+ +\d+ +obj|xref|trailer|startxref")
HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
ACTIONS = frozenset(
    {"/Launch", "/GoToE", "/GoToR", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"}
    | {"/RichMediaExecute", "/SetOCGState", "/Trans", "/GoTo3DView"}
)
CARRIERS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/3D"})
LEFT_OUT = (  # signs in warnings, and what they mean
    ("bad_alloc", "file_too_complex"),
    ("limits error", "file_too_complex"),
    ("error decoding stream data", "file_broken"),
)
_CONTAINERS = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)


def prove(path: Path, kind: str, out: Path) -> dict[str, object]:
    """The pages of a PDF that opens, is whole and not locked, does nothing by itself and carries no other file.

    Raises:
        Refused: with the code of the first thing found wrong.
    """
    _require_alone(path)
    try:
        with pikepdf.open(path, attempt_recovery=False) as document:
            return {"pages": _inspect(document)}
    except pikepdf.PasswordError as error:
        raise Refused("file_encrypted") from error
    except RecursionError as error:
        raise Refused("file_too_complex") from error


def _require_alone(path: Path) -> None:
    """Nothing before, beside or behind the document, and its end is there."""
    if zipfile.is_zipfile(path) and _has_members(path):
        raise Refused("file_polyglot")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if MARKUP.search(content[:HEAD_BYTES]):
            raise Refused("file_polyglot")
        end = content.rfind(END)
        if end < 0:
            raise Refused("file_truncated")
        rest = content[end + len(END) : end + len(END) + HEAD_BYTES].strip(BLANKS)
        if rest:
            raise Refused("file_truncated" if OBJECT.match(rest) else "file_polyglot")


def _has_members(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return bool(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _inspect(document: pikepdf.Pdf) -> int:
    if document.is_encrypted:
        raise Refused("file_restricted")
    if len(document.objects) > MAX_OBJECTS:
        raise Refused("file_too_complex")
    _require_quiet_opening(document.Root)
    for item in document.objects:
        for container in _containers(item, MAX_DEPTH):
            _require_harmless(container)
    pages = len(document.pages)
    _require_all_read(document)
    if pages == 0:
        raise Refused("file_without_pages")
    return pages


def _require_all_read(document: pikepdf.Pdf) -> None:
    """qpdf leaves out what it cannot read and only warns; what was left out has not been looked at."""
    for warning in map(str, document.get_warnings()):
        for sign, code in LEFT_OUT:
            if sign in warning:
                raise Refused(code)


def _require_quiet_opening(root: Any) -> None:
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary):
        _require_quiet(opening, allowed=frozenset({"/GoTo"}))


def _containers(item: Any, depth: int) -> Iterator[Any]:
    """The dictionaries of one object, direct children included; references are objects of their own."""
    if not isinstance(item, _CONTAINERS):
        return
    if depth == 0:
        raise Refused("file_too_complex")
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
    if "/JS" in dictionary or str(dictionary.get("/S", "")) == "/JavaScript":
        raise Refused("file_scripted")
    if "/XFA" in dictionary:
        raise Refused("file_dynamic_form")
    if str(dictionary.get("/S", "")) in ACTIONS:
        raise Refused("file_active")
    if "/EF" in dictionary or "/EmbeddedFiles" in dictionary or str(dictionary.get("/Subtype", "")) in CARRIERS:
        raise Refused("file_carries_files")
    if str(dictionary.get("/Type", "")) == "/EmbeddedFile":
        raise Refused("file_carries_files")
    for action in _automatic_actions(dictionary):
        _require_quiet(action, allowed=HARMLESS_ACTIONS)


def _automatic_actions(dictionary: Any) -> list[Any]:
    triggers = dictionary.get("/AA")
    if not isinstance(triggers, pikepdf.Dictionary):
        return []
    return [action for action in triggers.as_dict().values() if isinstance(action, pikepdf.Dictionary)]


def _require_quiet(action: Any, *, allowed: frozenset[str]) -> None:
    name = str(action.get("/S", ""))
    if name == "/JavaScript":
        raise Refused("file_scripted")
    if name not in allowed:
        raise Refused("file_active")
