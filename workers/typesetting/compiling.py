"""From a template and JSON to a PDF: byte by byte the same whenever it is made again by the same release."""

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn as fonts
import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
EPOCH = 0  # no instant within the file: identity is promised


def compile_pdf(template: str, document: Mapping[str, object]) -> bytes:
    """A PDF tagged as PDF/UA-1. Raises typst.TypstError where the template does not hold."""
    pdf = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=EPOCH,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
    )
    return bytes(pdf)


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
