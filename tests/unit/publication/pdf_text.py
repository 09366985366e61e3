"""Reading the words of a PDF back by way of its fonts' ToUnicode maps, page by page."""

from __future__ import annotations

import io
import re

import pikepdf

HEX = re.compile(rb"<([0-9a-fA-F]+)>")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in the order of its content stream, white space left out."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return ["".join(_words(page).split()) for page in document.pages]


def _words(page: pikepdf.Page) -> str:
    maps = {name: _unicode_map(font) for name, font in page.resources.get("/Font", {}).items()}
    current: dict[int, str] = {}
    words = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            words += [_decoded(bytes(part), current) for part in parts if isinstance(part, pikepdf.String)]
    return "".join(words)


def _decoded(codes: bytes, known: dict[int, str]) -> str:
    return "".join(known.get(int.from_bytes(codes[at : at + 2], "big"), "?") for at in range(0, len(codes), 2))


def _unicode_map(font: pikepdf.Object) -> dict[int, str]:
    known: dict[int, str] = {}
    for kind, body in re.findall(rb"begin(bfchar|bfrange)(.*?)endbf", font["/ToUnicode"].read_bytes(), re.DOTALL):
        values = [bytes.fromhex(found.decode()) for found in HEX.findall(body)]
        step = 2 if kind == b"bfchar" else 3
        for at in range(0, len(values), step):
            first, last, text = values[at], values[at + step - 2], values[at + step - 1].decode("utf-16-be")
            for offset in range(int.from_bytes(last, "big") - int.from_bytes(first, "big") + 1):
                known[int.from_bytes(first, "big") + offset] = text[:-1] + chr(ord(text[-1]) + offset)
    return known
