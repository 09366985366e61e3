"""What follows from the answers as they stand, for a page that shows it without being loaded again. JSON-safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain import Draft, Progress, advance_outlooks
from grants.applications.presenters.advice import Advice, objections
from grants.applications.presenters.sections import SectionLink, computed_texts, funding_view, gap_links
from grants.programmes.domain import Field, FieldKind, Section

UNTYPED = frozenset({FieldKind.COMPUTED, FieldKind.TABLE})


def live_view(
    application_id: UUID,
    draft: Draft,
    here: Section,
    *,
    progress: Progress,
    links: Sequence[SectionLink],
    shown: Sequence[str],
) -> dict[str, Any]:
    """Which inputs are asked (``shown``), what is worked out, the expected amount, what is missing, how far it is."""
    funding = funding_view(draft)
    gaps = gap_links(application_id, draft, progress, here.key)
    return {
        "shown": list(shown),
        "parts": [field.path for field in here.fields if field.kind in UNTYPED and (field.path, "") in draft.shown],
        "computed": {item.place: item.text for item in _computed(draft, here.fields)},
        "funding": {"amount": funding.amount, "steps": [list(step) for step in funding.steps]} if funding else None,
        "gaps": [{"text": gap.text, "url": gap.url} for gap in gaps],
        "sections": [{"key": link.key, "note": link.note, "state": link.state} for link in links],
        "progress": {"percent": progress.percent, "words": progress_words(progress)},
        "advice": [_advice(one) for one in objections(application_id, draft, advance_outlooks(draft))],
    }


def progress_words(progress: Progress) -> str:
    """已填全 3 节，共 8 节，还差 12 项，约 40 分钟."""
    done = str(_("已填全 %(n)s 节，共 %(m)s 节", n=progress.done, m=len(progress.sections)))
    if not progress.missing:
        return done
    return done + str(_("，还差 %(k)s 项，约 %(t)s 分钟", k=progress.missing, t=progress.minutes))


def _computed(draft: Draft, fields: Sequence[Field]) -> list[Any]:
    found = computed_texts(draft, fields)
    for table in fields:
        if any(column.kind is FieldKind.COMPUTED for column in table.columns):
            for row in draft.row_ids(table):
                found += computed_texts(draft, table.columns, row)
    return found


def _advice(one: Advice) -> dict[str, str]:
    return {"verdict": one.verdict, "title": one.title, "text": one.text, "url": one.url, "label": one.url_label}
