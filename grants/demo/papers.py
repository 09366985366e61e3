"""Small real PDFs for the slots of a definition: one page that names the paper and says it is 模拟材料."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from grants import documents
from grants.documents import Received
from grants.programmes.domain import DocumentSlot

FONTS = typst.Fonts(include_system_fonts=False, font_paths=[Path(pylopdf_fonts_zh_cn.__file__).parent])
SHEET = """
#set document(title: sys.inputs.label, date: none)
#set page(width: 210mm, height: 297mm, margin: 30mm, fill: none)
#set text(font: "Noto Serif SC", lang: "zh", size: 11pt)
#align(center)[
  #v(60mm)
  #text(size: 22pt)[#sys.inputs.label]
  #v(8mm)
  #text(size: 14pt)[模拟材料]
  #v(30mm)
  #box(stroke: 0.6pt, inset: 8pt)[本页仅用于演示，不含真实信息]
]
"""


@lru_cache(maxsize=128)
def paper(label: str) -> bytes:
    """A one-page PDF with ``label`` as its heading; the same bytes for the same label."""
    return typst.compile(SHEET.encode(), font_paths=FONTS, format="pdf", sys_inputs={"label": label})


class Papers:
    """Papers kept by the store in use, once per label; being the system's own, without proof and scan."""

    def __init__(self) -> None:
        self._received: dict[str, Received] = {}
        self._is_complete = False

    def complete(self) -> None:
        """From now on nothing is typeset: Typst's threads do not live on in a forked process, which would wait for them
        for ever."""
        self._is_complete = True

    def of(self, label: str) -> Received:
        """The paper of this label as a received file; no database.

        Raises:
            LookupError: there is none, and no more are made.
        """
        if label not in self._received:
            if self._is_complete:
                raise LookupError(label)
            self._received[label] = documents.keep_bytes(
                paper(label), name=f"{label}.pdf", content_type="application/pdf", pages=1
            )
        return self._received[label]

    def for_slot(self, slot: DocumentSlot, copy: int = 1) -> Received:
        """The paper of a document slot; further copies, for further rows, are files of their own."""
        return self.of(slot.label if copy == 1 else f"{slot.label} {copy}")
