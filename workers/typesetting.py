"""Typesetting what has been published, with Typst: byte by byte the same whenever it is made again (decision 28)."""

import json
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
import typst

from grants.kernel.money import wan_text
from grants.publication.domain import AWARD_LIST, NUMERIC, Published, day_text, rows_of, status_of

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WIDE = frozenset({"project_name", "org_name"})
EPOCH = 0  # no instant within the file: identity is promised


def typeset(published: Published, *, sha256: str) -> bytes:
    """The PDF of a notice or an award list, tagged as PDF/UA-1, with its fingerprint and the log's head printed on it.

    Raises typst.TypstError where the template does not hold.
    """
    pdf = typst.compile(
        str(TEMPLATES / "pdf/official.typ"),
        root=str(TEMPLATES),
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=EPOCH,
        sys_inputs={"document": json.dumps(_document(published, sha256), ensure_ascii=False)},
    )
    return bytes(pdf)


def _document(published: Published, sha256: str) -> dict[str, object]:
    is_list = published.kind == AWARD_LIST
    columns = published.columns
    return {
        "title": published.title,
        "unit": published.unit,
        "number": published.doc_no if is_list else f"编号 {published.ref}",
        "preamble": published.preamble,
        "changes": published.changes,
        "columns": [
            {"label": column.label.replace("（", "\n（"), "number": column.key in NUMERIC, "wide": column.key in WIDE}
            for column in columns
        ],
        "rows": rows_of(published, columns, status=status_of(published)),
        "total": f"合计 {len(published.items)} 项，{wan_text(published.total_fen)} 万元",
        "sections": [{"heading": heading, "text": text} for heading, text in published.sections],
        "closing": published.closing,
        "issued_on": day_text(published.issued_on),
        "version": published.version,
        "sha256": sha256,
        "audit_head": published.audit_head,
    }
