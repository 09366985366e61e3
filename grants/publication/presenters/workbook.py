"""Public columns as an Excel workbook: texts as texts, never as formulas; the same bytes for the same content."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from grants.publication.domain import NUMERIC, Published, rows_of

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no zone; one fixed value makes equal files of equal content
WIDTHS = {"project_name": 32, "org_name": 34, "uscc": 22, "project_no": 20, "doc_no": 24}


def workbook_bytes(published: Published, *, status: str) -> bytes:
    """The open data set with a frozen head; amounts and numbers as numbers."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": published.title, "author": published.unit, "created": CREATED})
    sheet = workbook.add_worksheet("名单")
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    whole = workbook.add_format({"num_format": "#,##0.##"})
    columns = published.open_columns
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.label, head)
        sheet.set_column(place, place, WIDTHS.get(column.key, 14))
    for line, row in enumerate(rows_of(published, columns, status=status), 1):
        for place, (column, text) in enumerate(zip(columns, row, strict=True)):
            if column.key in NUMERIC:
                sheet.write_number(line, place, float(text.replace(",", "")), whole)  # Excel itself knows only doubles
            else:
                sheet.write_string(line, place, text)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return out.getvalue()
