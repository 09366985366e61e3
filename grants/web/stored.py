"""Handing out stored files: as they were kept, to nobody's cache, and never to be run as a page."""

from __future__ import annotations

from flask import send_file
from flask.typing import ResponseReturnValue

from grants import documents
from grants.db import db


def send_stored(file: documents.StoredFile, *, as_attachment: bool = True) -> ResponseReturnValue:
    """The bytes as an attachment under the name they came with, or, of what the system made, to be shown in a page;
    the browser may not guess another type."""
    stream = documents.open_file(file)
    db.session.rollback()  # the bytes travel without a transaction
    answer = send_file(stream, mimetype=file.content_type, as_attachment=as_attachment, download_name=file.name)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
