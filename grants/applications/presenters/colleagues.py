"""What colleagues arranged and remarked, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from grants.applications.domain import Draft
from grants.applications.presenters.places import read_url, section_url
from grants.applications.presenters.words import row_title
from grants.applications.queries import Thread

STANDING_IN = "x"  # one address is built, the others differ by the path only


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark, and whether it has been dealt with."""

    by: str
    at: datetime
    body: str
    resolved: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said about one answer, and where to take part."""

    words: str
    url: str
    is_open: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class PlacedTalk(Talk):
    """The same with the answer in words (``place``) and the way to it (``back``)."""

    place: str
    back: str


def talk_url(application_id: UUID, path: str, row: str = "") -> str:
    """The page of the thread on one answer."""
    return url_for("applications.comments", application_id=application_id, field=path, row=row or None)


def talks_by_name(
    application_id: UUID, names: Mapping[str, tuple[str, str]], threads: Sequence[Thread]
) -> dict[str, Talk]:
    """The talk about each of these answers (input name -> path and row), begun or not."""
    by_place = {thread.place: thread for thread in threads}
    pages = talk_url(application_id, STANDING_IN).removesuffix(STANDING_IN)
    talks = {}
    for name, (path, row) in names.items():
        thread = by_place.get((path, row)) or Thread(path, row, ())
        url = talk_url(application_id, path, row) if row else f"{pages}{path}"
        talks[name] = Talk(_count_words(thread), url, thread.is_open, _remarks(thread))
    return talks


def talk_view(application_id: UUID, draft: Draft, thread: Thread) -> PlacedTalk:
    """One thread as the pages of all of them show it."""
    return PlacedTalk(
        _count_words(thread),
        talk_url(application_id, *thread.place),
        thread.is_open,
        _remarks(thread),
        place_words(draft, thread),
        _back(application_id, draft, thread),
    )


def _remarks(thread: Thread) -> tuple[Remark, ...]:
    return tuple(
        Remark(comment.writer.name, comment.written_at, comment.body, comment.resolved_at is not None)
        for comment in thread.comments
    )


def place_words(draft: Draft, thread: Thread) -> str:
    """产品名称; of a cell 首批销售合同，合同 2，购买单位."""
    field = draft.definition.field(thread.path)
    if not thread.row:
        return field.label
    table = draft.definition.field(thread.path.removesuffix(f".{field.key}"))
    return str(_("，")).join((table.label, row_title(draft, table, thread.row), field.label))


def _count_words(thread: Thread) -> str:
    if not thread.comments:
        return str(_("意见"))
    if thread.is_open:
        return str(_("同事意见 %(n)s 条", n=len(thread.comments)))
    return str(_("同事意见 %(n)s 条，已处理", n=len(thread.comments)))


def _back(application_id: UUID, draft: Draft, thread: Thread) -> str:
    """Where the answer is filled in; its section where the row is gone or the answer is not asked for now."""
    field = draft.definition.field(thread.path)
    top = thread.path.removesuffix(f".{field.key}") if thread.row else thread.path
    name = f"{top}[{thread.row}].{field.key}" if thread.row else thread.path
    shown = (thread.path, thread.row) in draft.shown
    section = section_url(application_id, draft.definition.section_of[top].key)
    return (read_url(application_id, draft, name) if shown else "") or section
