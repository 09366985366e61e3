"""Rounds of correction in words: what was asked for, until when, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from grants.applications.domain import CorrectionItem, Differences, Draft, compare_cases, place_words, scope_of
from grants.applications.models import CorrectionRequest
from grants.applications.presenters.places import section_url, slot_id
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import Case, CaseView, Definition
from grants.questions import anchor_of, table_id
from grants.web.filters import short_time


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One thing to put right: where, why, where it is done, and whether it was changed (None while nobody knows)."""

    place: str
    reason: str
    url: str = ""
    changed: bool | None = None


@dataclass(frozen=True, slots=True)
class AskedRound:
    """One round of correction: the ``number`` th of ``rounds``."""

    number: int
    rounds: int
    revision_no: int
    requested_at: datetime
    due_on: date
    reason: str
    answered_at: datetime | None
    items: tuple[AskedItem, ...]

    @property
    def title(self) -> str:
        return str(_("第 %(n)s 次补正（共 %(m)s 次）", n=self.number, m=max(self.number, self.rounds)))


def asked_rounds(
    definition: Definition,
    requests: Iterable[CorrectionRequest],
    views: Mapping[int, CaseView],
    changes: Mapping[int, Differences],
) -> tuple[AskedRound, ...]:
    """Every round, the first one first.

    ``views``: the case of each revision by number, for the numbers of rows. ``changes``: what changed since the
    revision of that number, where it has been compared.
    """
    return tuple(
        AskedRound(
            request.round_no,
            definition.correction_rounds,
            request.revision_no,
            request.requested_at,
            request.due_on,
            request.reason,
            request.answered_at,
            tuple(
                AskedItem(
                    place_words(definition, views[request.revision_no], item),
                    item.reason,
                    changed=_is_changed(changes.get(request.revision_no), item),
                )
                for item in scope_of(request.items).items or ()
            ),
        )
        for request in requests
    )


def asked_items(draft: Draft, application_id: Any, items: Iterable[Mapping[str, Any]]) -> tuple[AskedItem, ...]:
    """What a correction asks for, each with the address where it is put right."""
    view = CaseView(draft.definition, draft.case)
    return tuple(
        AskedItem(
            place_words(draft.definition, view, item), item.reason, _place_url(draft.definition, application_id, item)
        )
        for item in scope_of(items).items or ()
    )


def untouched_items(
    draft: Draft, application_id: Any, items: Iterable[Mapping[str, Any]], *, former: Case
) -> tuple[AskedItem, ...]:
    """What a correction asks for and the draft still says as the revision before it, ``former``, did."""
    changes = compare_cases(draft.definition, former, draft.case, with_private=True)
    unchanged = [
        item for item in items if not any(_is_changed(changes, asked) for asked in scope_of([item]).items or ())
    ]
    return asked_items(draft, application_id, unchanged)


def changed_since(draft: Draft, application_id: Any, since: str | None) -> tuple[AskedItem, ...]:
    """Answers and files that were changed at or after an instant (as a page carried it), with when and the way there;
    what was deleted has no place any more."""
    try:
        start = datetime.fromisoformat(since or "").astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return ()
    answers = [(place, one.changed_at) for place, one in draft.answers.items() if place in draft.shown]
    files = [({"document": file.slot, "row": file.row}, file.attached_at) for file in draft.present_files]
    places = [({"path": path, "row": row}, at) for (path, row), at in answers] + files
    changed = [{**place, "reason": _("%(time)s 有改动", time=short_time(at))} for place, at in places if at >= start]
    return asked_items(draft, application_id, changed)


def _place_url(definition: Definition, application_id: Any, item: CorrectionItem) -> str:
    if item.document:
        return section_url(application_id, "documents") + f"#{slot_id(item.document, item.row)}"
    table = item.path if item.path in definition.section_of else item.path.rpartition(".")[0]
    section = definition.section_of[table]
    field = definition.field(table)
    anchor = table_id(table) if field.columns else anchor_of(field)
    return section_url(application_id, section.key) + f"#{anchor}"


def _is_changed(changes: Differences | None, item: CorrectionItem) -> bool | None:
    if changes is None:
        return None
    if item.document:
        return any(file.key == item.document and item.row in ("", file.row) for file in changes.changed_files)
    fields = [field for section in changes.sections for field in section.fields]
    whole = any(field.path == item.path and not item.row for field in fields)
    return whole or any(
        item.row in ("", row.id) and (item.path == field.path or any(cell.path == item.path for cell in row.cells))
        for field in fields
        for row in field.rows
    )
