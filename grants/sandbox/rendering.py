"""The first page of a PDF as a picture, by pdfium."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from grants.sandbox.pictures import PREVIEW_PIXELS, shrink
from grants.sandbox.refusal import Refused


def preview(path: Path, kind: str, out: Path) -> dict[str, object]:
    """A JPEG of the first page at ``out``, neither side longer than PREVIEW_PIXELS; raises Refused."""
    try:
        document = pypdfium2.PdfDocument(path)
        page = document[0]
        scale = PREVIEW_PIXELS / max(*page.get_size(), 1)
        return shrink(page.render(scale=scale, may_draw_forms=False).to_pil(), out)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("file_broken") from error
