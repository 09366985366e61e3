"""Slots with their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from grants.applications.domain import AttachedFile, Draft, EditScope
from grants.applications.models import SlotUpload
from grants.applications.presenters.places import slot_id
from grants.applications.presenters.words import row_title
from grants.applications.queries import EarlierFile
from grants.documents import MAX_PIECE_BYTES, ScanState, may_open
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import (
    CaseView,
    DocumentSlot,
    Phase,
)
from grants.programmes.services import find_template
from grants.web.fields import limits_in_words, megabytes

SCANS: Mapping[ScanState, tuple[str, Any]] = {  # the look of the line and its words
    ScanState.PENDING: ("wait", _l("正在检查，通过后可以查看")),
    ScanState.CLEAN: ("ok", _l("可以使用")),
    ScanState.INFECTED: ("bad", _l("发现病毒，已隔离，任何人都不能打开。请在安全的电脑上重新制作后上传")),
    ScanState.FAILED: ("wait", _l("检查没有完成，系统会重试，您无需重新上传")),
}
BADGES: tuple[tuple[ScanState, tuple[Any, str, str]], ...] = (  # the worst first
    (ScanState.INFECTED, (_l("发现病毒"), "law", "cross")),
    (ScanState.FAILED, (_l("检查未完成"), "act", "alert")),
    (ScanState.PENDING, (_l("正在检查"), "run", "clock")),
    (ScanState.CLEAN, (_l("已上传"), "ok", "check")),
)


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot, of one row where every row has its own.

    ``unfinished`` are the reader's own uploads that stopped on the way, ``earlier`` what was replaced or removed,
    ``template_url`` is where its blank form is.
    """

    slot: DocumentSlot
    row: str
    id: str
    title: str
    is_due: bool
    is_filled: bool
    files: list[dict[str, Any]]
    has_room: bool
    editable: bool
    reasons: tuple[str, ...]
    badge: tuple[Any, str, str]
    limits: str
    upload_url: str
    unfinished: list[dict[str, Any]]
    earlier: list[dict[str, Any]]
    template_url: str = ""

    @property
    def is_missing(self) -> bool:
        return self.is_due and not self.is_filled

    @property
    def accept(self) -> str:
        """Value of the input's ``accept``: ``.pdf,.jpg``."""
        return ",".join(f".{kind}" for kind in self.slot.accept)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a slot shows beside its files; empty where only the files matter. ``previewed`` are fingerprints."""

    unfinished: Sequence[SlotUpload] = ()
    earlier: Sequence[EarlierFile] = ()
    previewed: Collection[str] = ()


def slot_views(
    application_id: UUID, draft: Draft, scope: EditScope, *, editable: bool, beside: Beside | None = None
) -> list[SlotView]:
    """Every slot that applies, in the order of the definition, with its files."""
    made = _Maker(application_id, draft, scope, editable, beside or Beside())
    due = {(gap.path, gap.row or "") for gap in draft.gaps if gap.kind == "document"}
    due |= {(slot.key, row) for slot in draft.definition.documents if slot.required for row in _rows(draft, slot)}
    names = CaseView(draft.definition, draft.case)
    views = []
    for slot in draft.definition.documents:
        if slot.phase is not Phase.APPLICATION:
            continue
        conditional = slot.required_if is not None and not slot.rows_of
        applies = not conditional or slot.required or names.holds(slot.required_if, default=False)
        for row in _rows(draft, slot):
            files = [file for file in draft.files if file.slot == slot.key and file.row == row]
            if applies or files or (slot.key, row) in due:
                is_due = (slot.key, row) in due or (conditional and applies)
                views.append(made.view(slot, row, files, is_due=is_due))
    return views


def slot_title(draft: Draft, slot: DocumentSlot, row: str) -> str:
    """What a slot is called: its label, with its row's title where each row has one."""
    if not row:
        return slot.label
    return f"{slot.label} · {row_title(draft, draft.definition.field(slot.rows_of), row)}"


def _rows(draft: Draft, slot: DocumentSlot) -> tuple[str, ...]:
    return draft.row_ids(draft.definition.field(slot.rows_of)) if slot.rows_of else ("",)


class _Maker:
    """Makes the views of one application's slots."""

    def __init__(self, application_id: UUID, draft: Draft, scope: EditScope, editable: bool, beside: Beside) -> None:
        self.application_id, self.draft, self.scope, self.editable = application_id, draft, scope, editable
        self.beside = beside
        self.by_content: defaultdict[str, list[AttachedFile]] = defaultdict(list)
        for file in draft.present_files:
            self.by_content[file.sha256].append(file)

    def view(self, slot: DocumentSlot, row: str, files: Sequence[AttachedFile], *, is_due: bool) -> SlotView:
        may = self.editable and self.scope.opens_document(slot.key, row)
        return SlotView(
            slot,
            row,
            slot_id(slot.key, row),
            slot_title(self.draft, slot, row),
            is_due,
            any(file.is_usable for file in files),
            [self.line(file, may) for file in files],
            slot.max_files == 1 or len(files) < slot.max_files,
            may,
            self.scope.document_reasons(slot.key, row),
            _badge(files, is_due),
            limits_in_words(slot.accept, slot.max_bytes, slot.max_pages),
            url_for("applications.upload", application_id=self.application_id, slot=slot.key),
            [self.unfinished(one) for one in self.beside.unfinished if (one.slot_key, one.row_id) == (slot.key, row)],
            [self.earlier(one) for one in self.beside.earlier if (one.slot, one.row) == (slot.key, row)],
            self.template_url(slot),
        )

    def template_url(self, slot: DocumentSlot) -> str:
        """Where its blank form is; empty where there is none."""
        if find_template(self.draft.definition, slot) is None:
            return ""
        return url_for("calls.template", ref=self.draft.call["ref"], slot=slot.key)

    def line(self, file: AttachedFile, may_remove: bool) -> dict[str, Any]:
        look, words = SCANS[file.scan_state]
        here: dict[str, Any] = {"application_id": self.application_id, "attachment_id": file.id}
        line: dict[str, Any] = {
            "id": f"file-{file.id}",
            "name": file.name,
            "meta": _facts(megabytes(file.size_bytes), _pages(file.pages), _instant(file.attached_at)),
            "state": look,
            "words": words,
            "is_pending": file.scan_state is ScanState.PENDING,
            "same": self.same_places(file),
        }
        if may_open(file):
            line["url"] = url_for("applications.download", **here)
            if file.sha256 in self.beside.previewed:
                line["preview_url"] = url_for("applications.preview", **here)
        if may_remove:
            line["delete_url"] = url_for("applications.remove_file", **here)
        return line

    def same_places(self, file: AttachedFile) -> list[str]:
        """Titles of the other slots and rows that hold the same content."""
        definition = self.draft.definition
        return [
            slot_title(self.draft, definition.document(other.slot), other.row)
            for other in self.by_content[file.sha256]
            if (other.slot, other.row) != (file.slot, file.row)
        ]

    def unfinished(self, one: SlotUpload) -> dict[str, Any]:
        upload = one.upload
        there, size = megabytes(upload.received_bytes), megabytes(upload.size_bytes)
        where: dict[str, Any] = {"application_id": self.application_id, "upload_id": upload.id}
        return {
            "id": f"upload-{upload.id}",
            "name": upload.name,
            "meta": str(
                _("已传 %(there)s，共 %(size)s，%(at)s 中断", there=there, size=size, at=_instant(upload.touched_at))
            ),
            "progress": upload.received_bytes * 100 // upload.size_bytes,
            "discard_url": url_for("applications.discard_upload", **where),
        }

    def earlier(self, one: EarlierFile) -> dict[str, Any]:
        here: dict[str, Any] = {"application_id": self.application_id, "attachment_id": one.id}
        return {
            "name": one.name,
            "meta": str(
                _(
                    "%(size)s，%(person)s %(from)s 上传，%(until)s 替换或删除",
                    size=megabytes(one.size_bytes),
                    person=one.attached_by,
                    until=_instant(one.removed_at),
                    **{"from": _instant(one.attached_at)},
                )
            ),
            "url": url_for("applications.download", **here) if may_open(one) else None,
        }


def _badge(files: Iterable[AttachedFile], is_due: bool) -> tuple[Any, str, str]:
    states = {file.scan_state for file in files}
    for state, badge in BADGES:
        if state in states:
            return badge
    return (_("必须上传"), "act", "alert") if is_due else (_("选交"), "", "dash")


def _facts(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _pages(pages: int | None) -> str:
    return str(_("%(n)s 页", n=pages)) if pages else ""


def _instant(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"


def upload_view(application_id: UUID, one: SlotUpload) -> dict[str, Any]:
    """An upload as its script reads it: how far it has come, and where its pieces, its end and its waiver go."""
    here: dict[str, Any] = {"application_id": application_id, "upload_id": one.upload_id}
    return {
        "id": f"upload-{one.upload_id}",
        "offset": one.upload.received_bytes,
        "size": one.upload.size_bytes,
        "arrived": one.attachment_id is not None,
        "piece_bytes": MAX_PIECE_BYTES,
        "url": url_for("applications.send_piece", **here),
        "finish_url": url_for("applications.finish_upload", **here),
        "discard_url": url_for("applications.discard_upload", **here),
    }


def arrived(one: SlotUpload, *, is_new: bool) -> dict[str, Any]:
    """What is said when an upload has been attached."""
    name = one.upload.name
    message = str(_("已上传：%(name)s", name=name)) if is_new else already_here(name)
    return {"message": message, "is_new": is_new, "slot": slot_id(one.slot_key, one.row_id)}


def already_here(name: str) -> str:
    """What is said when a slot holds the same content already."""
    return str(_("这个文件已经在这里，没有重复添加：%(name)s", name=name))
