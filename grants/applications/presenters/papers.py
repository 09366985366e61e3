"""Receipts and PDFs of an application, as its pages list them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain.papers import KEPT, PdfKind, PdfState
from grants.applications.models import ApplicationPdf, Receipt, Revision
from grants.kernel.signing import grouped
from grants.web.filters import file_size, local_time

PdfUrl = Callable[[ApplicationPdf], str]
AskUrl = Callable[[PdfKind, int], str]


@dataclass(frozen=True, slots=True)
class Paper:
    """One PDF: ``state`` is ``none`` while nobody has asked for it; ``ask_url`` takes a POST, empty where there is
    nothing to ask for."""

    title: str
    state: str
    meta: str
    url: str
    ask_url: str
    ask_label: str

    @property
    def is_waiting(self) -> bool:
        return self.state == PdfState.QUEUED


@dataclass(frozen=True, slots=True)
class Proof:
    """The signature of a receipt as people copy it."""

    signature: str
    key_id: str


@dataclass(frozen=True, slots=True)
class RevisionPapers:
    """Everything to be had of one revision."""

    number: int
    handed_in_at: datetime
    sha256: str
    papers: tuple[Paper, ...]
    proof: Proof | None
    content_url: str


def paper_of(kind: PdfKind, pdf: ApplicationPdf | None, *, number: int, pdf_url: PdfUrl, ask_url: AskUrl) -> Paper:
    """One PDF with where to fetch it or how to have it made."""
    titles = {
        PdfKind.RECEIPT: (_("回执（PDF）"), _("生成回执 PDF")),
        PdfKind.FORM: (_("申报书（PDF）"), _("生成申报书 PDF")),
        PdfKind.DRAFT: (_("申报书草稿（PDF）"), _("生成申报书草稿 PDF")),
    }
    title, to_ask = titles[kind]
    state = str(pdf.state) if pdf is not None else "none"
    labels = {"none": to_ask, PdfState.FAILED: _("重新生成")}
    wanted = kind is PdfKind.DRAFT or state in labels
    made = pdf is not None and pdf.file is not None
    return Paper(
        title=str(title),
        state=state,
        meta=_meta(pdf) if pdf is not None else "",
        url=pdf_url(pdf) if pdf is not None and made else "",
        ask_url=ask_url(kind, number) if wanted and state != PdfState.QUEUED else "",
        ask_label=str(labels.get(state, _("按现在的内容重新生成"))),
    )


def revision_papers(
    revisions: Sequence[Revision],
    pdfs: Mapping[tuple[UUID, PdfKind], ApplicationPdf],
    receipts: Mapping[UUID, Receipt],
    *,
    pdf_url: PdfUrl,
    ask_url: AskUrl,
    content_url: Callable[[int], str],
) -> list[RevisionPapers]:
    """What there is of each revision, the latest first."""
    return [
        RevisionPapers(
            revision.number,
            revision.submitted_at,
            revision.sha256,
            tuple(
                paper_of(kind, pdfs.get((revision.id, kind)), number=revision.number, pdf_url=pdf_url, ask_url=ask_url)
                for kind in (PdfKind.FORM, PdfKind.RECEIPT)
            ),
            proof_of(receipts.get(revision.id)),
            content_url(revision.number),
        )
        for revision in reversed(revisions)
    ]


def proof_of(receipt: Receipt | None) -> Proof | None:
    """The signature in groups of four; None where nothing was signed yet."""
    return Proof(grouped(receipt.signature), receipt.key_id) if receipt is not None else None


def _meta(pdf: ApplicationPdf) -> str:
    if pdf.file is None or pdf.made_at is None:
        return ""
    parts = [_("%(n)s 页", n=pdf.file.pages) if pdf.file.pages else "", file_size(pdf.file.size_bytes)]
    if pdf.kind is PdfKind.DRAFT:
        parts += [
            _("内容截至 %(when)s", when=local_time(pdf.asked_at)),
            _("保留到 %(when)s", when=local_time(pdf.asked_at + KEPT)),
        ]
    return " · ".join(str(part) for part in parts if part)
