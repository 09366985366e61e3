"""What the PDFs of an application are typeset from, made from the base case of a programme's rules."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from grants.applications.domain.papers import PdfKind
from grants.applications.domain.receipts import Statement, papers_fingerprint, squeezed, to_the_second
from grants.applications.queries import Source
from grants.kernel.clock import SHANGHAI
from grants.kernel.signing import SigningKey, signature_text
from grants.programmes.domain import case_from_json
from tests.unit.programmes.casebook import base_case, shipped

KEY = SigningKey(bytes(range(32)))
AT = datetime(2026, 4, 1, 10, 0, 5, 999_999, tzinfo=SHANGHAI)
CONTENT = hashlib.sha256(b"content").hexdigest()


def make_paper(number: int, *, key: str = "a1", row: str | None = None, name: str = "示例材料.pdf") -> dict[str, Any]:
    """A line of a manifest, its numbers as text as a revision has them."""
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    return {"key": key, "row": row, "name": name, "size": "123456", "pages": "3", "sha256": sha256}


def make_source(
    kind: PdfKind,
    *,
    code: str = "sbc",
    organisation: str = "示例软件（上海）有限公司",
    papers: int = 3,
    revision: int = 1,
    answers: dict[str, Any] | None = None,
) -> Source:
    """A source of that kind; ``answers`` replace those of the base case."""
    content = base_case(code)
    content["answers"] |= answers or {}
    definition = shipped(code)
    documents = [make_paper(number) for number in range(papers)]
    statement = make_statement(organisation=organisation, documents=documents, revision=revision)
    given = {"key": "commit_true", "statement": "本单位承诺内容真实。", "name": "示例签署人", "at": AT.isoformat()}
    source = Source(
        kind=kind,
        definition=definition,
        call="示例批次申报指南（模拟）",
        organisation=organisation,
        uscc=statement.uscc,
        title="示例工业实时数据库软件 V1.0",
        case=case_from_json(definition, content),
        documents=documents,
        undertakings=() if kind is PdfKind.DRAFT else (given,),
        ref="" if kind is PdfKind.DRAFT else statement.ref,
        revision=revision,
        sha256=CONTENT,
        submitted_at=None if kind is PdfKind.DRAFT else AT,
        revision_at=AT,
    )
    return signed(source, statement) if kind is PdfKind.RECEIPT else source


def signed(source: Source, statement: Statement) -> Source:
    """The source of the receipt that ``KEY`` signs."""
    signature = signature_text(KEY.sign(statement.text.encode()))
    return replace(source, statement=statement.text, signature=signature)


def signed_source(*, documents: list[dict[str, Any]], content: str) -> Source:
    """A receipt of a revision with that fingerprint and these papers."""
    source = make_source(PdfKind.RECEIPT)
    statement = make_statement(organisation=source.organisation, documents=documents)
    return signed(replace(source, documents=documents, sha256=content), replace(statement, content=content))


def make_statement(*, organisation: str, documents: list[dict[str, Any]], revision: int = 1) -> Statement:
    """The statement of a receipt of ``CONTENT``, under ``KEY``."""
    return Statement(
        ref="SBC-2026-01-0007",
        revision=str(revision),
        submitted_at=to_the_second(AT),
        revision_at=to_the_second(AT),
        call="SBC-2026-01",
        org=squeezed(organisation),
        uscc="91310115MA1K00015K",
        content=CONTENT,
        papers=papers_fingerprint(documents),
        key=KEY.public.id,
    )
