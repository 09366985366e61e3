"""Notices and award lists as official documents (decision 28)."""

from grants.kernel.money import wan_text
from grants.publication.domain import AWARD_LIST, NUMERIC, Published, day_text, rows_of, status_of
from workers.typesetting.compiling import compile_pdf
from workers.typesetting.glyphs import Printer

WIDE = frozenset({"project_name", "org_name"})


def typeset(published: Published, *, sha256: str) -> bytes:
    """The PDF of a notice or an award list, with its fingerprint and the log's head printed on it.

    Raises typst.TypstError where the template does not hold.
    """
    return compile_pdf("pdf/official.typ", Printer().whole(_document(published, sha256)))


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
