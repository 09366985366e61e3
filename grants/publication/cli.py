"""``flask publication``: what has been published, as files."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from grants import documents
from grants.db import reading
from grants.kernel.errors import NotFoundError
from grants.publication import queries
from grants.publication.domain import csv_bytes, open_json, read_content
from grants.publication.models import AwardList, Notice
from grants.publication.presenters import status_words, workbook_bytes

group = AppGroup("publication", help="Notices and award lists.")
FORMATS = ("csv", "json", "xlsx", "pdf")


@group.command("export")
@click.argument("ref")
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True)
def export(ref: str, kind: str) -> None:
    """Write a notice or a released list to standard output; exit 1 where there is none, or its PDF is not made yet."""
    with reading() as session:
        try:
            content = _export(session, _issued(session, ref), kind)
        except NotFoundError as error:
            raise SystemExit(f"{ref}: nothing published under this number") from error
        except FileNotFoundError as error:
            raise SystemExit(f"{ref}: the PDF has not been made yet") from error
    sys.stdout.buffer.write(content)


def _issued(session: Session, ref: str) -> Notice | AwardList:
    if ref.startswith("GS-"):
        return queries.get_notice(session, ref)
    return queries.get_released_list(session, ref)


def _export(session: Session, issued: Notice | AwardList, kind: str) -> bytes:
    if kind == "pdf":
        return _pdf(session, issued)
    published = read_content(issued.content)
    status = status_words(issued, published)
    if kind == "csv":
        return csv_bytes(published, status=status)
    if kind == "xlsx":
        return workbook_bytes(published, status=status)
    return json.dumps(open_json(published, status=status, sha256=issued.sha256), ensure_ascii=False).encode()


def _pdf(session: Session, issued: Notice | AwardList) -> bytes:
    file = session.get(documents.StoredFile, issued.pdf_file_id) if issued.pdf_file_id else None
    if file is None:
        raise FileNotFoundError(issued.ref)
    with documents.open_file(file) as stream:
        return stream.read()
