"""The blueprint, its rate limit, and the files every published document can be had as."""

from __future__ import annotations

import io
import json
from typing import cast

from flask import Blueprint, Flask, Response, send_file
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from grants import documents
from grants.db import db
from grants.publication.domain import csv_bytes, open_json, read_content
from grants.publication.errors import PdfNotReadyError
from grants.publication.models import AwardList, Notice
from grants.publication.presenters import status_words, workbook_bytes

OBJECTIONS = "20 per hour"  # from one address; a business park may share one
FORMATS = "any(csv, xlsx, json, pdf)"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("publication", __name__)
limiter = Limiter(get_remote_address, headers_enabled=False, swallow_errors=True, in_memory_fallback_enabled=True)


@bp.record
def install(state: BlueprintSetupState) -> None:
    """Count where the sign-in's limits are counted: Redis where the broker is one, memory otherwise."""
    app = cast(Flask, state.app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)


def file_of(issued: Notice | AwardList, kind: str) -> ResponseReturnValue:
    """The download of a published document: csv, xlsx, json or pdf."""
    if kind == "pdf":
        return _pdf_of(issued)
    published = read_content(issued.content)
    status = status_words(issued, published)
    if kind == "csv":
        return _attachment(csv_bytes(published, status=status), "text/csv", f"{issued.ref}.csv")
    if kind == "xlsx":
        return _attachment(workbook_bytes(published, status=status), XLSX, f"{issued.ref}.xlsx")
    content = open_json(published, status=status, sha256=issued.sha256)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(text, mimetype="application/json")


def content_of(issued: Notice | AwardList) -> Response:
    """The very bytes whose SHA-256 is the fingerprint; ``sha256sum`` of the file is all that checking takes."""
    return _attachment(issued.content.encode(), "application/json", f"{issued.ref}.content.json")


def _pdf_of(issued: Notice | AwardList) -> ResponseReturnValue:
    file = db.session().get(documents.StoredFile, issued.pdf_file_id) if issued.pdf_file_id else None
    if file is None:
        raise PdfNotReadyError()
    return send_file(documents.open_file(file), mimetype=file.content_type, download_name=file.name)


def _attachment(content: bytes, mimetype: str, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
