"""The prepared workbook of a table: downloaded, filled in, uploaded, and looked at like a pasted block."""

from __future__ import annotations

import io
from uuid import UUID

from flask import Response, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants import documents as files
from grants.applications import forms, presenters
from grants.applications.domain.blocks import BlockTooLargeError, Line, read_block, write_block
from grants.applications.domain.cell_texts import filled_columns
from grants.applications.domain.columns import MARK_HEAD
from grants.applications.views.page import bp, load_page
from grants.applications.views.pasting import importable, read, show_paste
from grants.applications.views.tables import show_table
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError
from grants.web.guards import requires
from grants.web.incoming import readable
from grants.web.wording import reason_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/apply/<uuid:application_id>/tables/<table>/workbook.xlsx")
@requires(Role.ENTERPRISE)
@transactional
def workbook(application_id: UUID, table: str) -> ResponseReturnValue:
    """The workbook, with the rows that stand."""
    page = load_page(application_id)
    field = importable(page, table)
    columns = filled_columns(field)
    content = presenters.workbook_bytes(page.draft, field, columns, application=str(application_id))
    name = files.clean_name(str(_("%(table)s填报表.xlsx", table=field.label)))
    answer: Response = send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/apply/<uuid:application_id>/tables/<table>/workbook", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def upload_workbook(application_id: UUID, table: str) -> ResponseReturnValue:
    """Read a filled-in workbook and show what it would do; it is stored by the page that shows it."""
    importable(load_page(application_id), table)
    db.session.rollback()  # no file work within a transaction (decision 16)
    form = forms.WorkbookForm()
    try:
        block = _read_upload(form)
    except InvalidError as error:
        form.file.errors = form.file.errors or [reason_text(error.code, error.facts)]
        page = load_page(application_id)
        return show_table(page, importable(page, table), form=form), 422
    page = load_page(application_id)
    field = importable(page, table)
    paste = forms.PasteForm(formdata=None)
    return show_paste(page, field, paste, read(page, field, block, forms.fresh_intent()))


def _read_upload(form: forms.WorkbookForm) -> tuple[Line, ...]:
    if not form.validate() or form.file.data is None:
        raise InvalidError("file_missing")
    lines = files.read_cells(
        form.file.data.stream, name=form.file.data.filename or "", max_bytes=forms.MAX_WORKBOOK_BYTES
    )
    try:
        block = read_block(write_block(_with_origin(lines)))
    except BlockTooLargeError as error:
        raise InvalidError(error.code, limit=error.limit) from error
    if not block:
        raise InvalidError("workbook_without_sheet")
    return block


def _with_origin(lines: list[files.NumberedLine]) -> list[Line]:
    """Every line says which of the workbook it is: in the column of its marks, else in one more behind the others.

    What cannot be seen is left out, as of everything typed (``grants.web.incoming``).
    """
    lines = [(number, tuple(readable(cell) for cell in cells)) for number, cells in lines]
    marked = bool(lines) and lines[0][1][0].startswith(MARK_HEAD)
    if marked:
        return [lines[0][1], *((f"@{number} {cells[0]}".strip(), *cells[1:]) for number, cells in lines[1:])]
    return [(*cells, f"@{number}") for number, cells in lines]
