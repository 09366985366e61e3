"""What every page of an application loads and shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import gettext as _

from grants.applications import policies, presenters, queries
from grants.applications.domain import (
    DOCUMENTS,
    Draft,
    EditScope,
    Progress,
    advance_outlooks,
    progress_of,
    shown_sections,
)
from grants.applications.models import Application, CorrectionRequest
from grants.db import db
from grants.kernel.clock import utc_now
from grants.kernel.verdict import Verdict
from grants.programmes.domain import Outlook, Section
from grants.web.guards import current_actor

bp = Blueprint("applications", __name__)


@dataclass(frozen=True)
class Page:
    """One application as its pages see it at one instant."""

    application: Application
    correction: CorrectionRequest | None
    draft: Draft
    progress: Progress
    scope: EditScope
    verdict: Verdict
    now: datetime

    @property
    def editable(self) -> bool:
        return bool(self.verdict)

    @property
    def sections(self) -> tuple[Section, ...]:
        return shown_sections(self.draft)

    def section(self, key: str) -> Section | None:
        """The section of that key when it is asked for now."""
        return next((section for section in self.sections if section.key == key), None)

    def neighbours(self, key: str) -> tuple[str | None, str | None]:
        """Keys of the sections before and after; the files come last."""
        keys = [section.key for section in self.progress.sections]
        place = keys.index(key) if key in keys else 0
        before = keys[place - 1] if place else None
        return before, keys[place + 1] if place + 1 < len(keys) else None

    def title_of(self, key: str | None) -> str:
        """The title of a section by key."""
        return next((section.title for section in self.progress.sections if section.key == key), "")


def load_page(application_id: UUID, *, lock: bool = False) -> Page:
    """Load what every page needs; NotFoundError for an application of others. ``lock``: nobody changes it meanwhile."""
    application = queries.get_application(db.session(), application_id, current_actor(), lock=lock)
    return page_of(application, utc_now())


def page_of(application: Application, now: datetime) -> Page:
    """The page of an application that was loaded already, from what is stored now."""
    session = db.session()
    correction = queries.open_correction(session, application)
    draft = queries.load_draft(session, application)
    return Page(
        application=application,
        correction=correction,
        draft=draft,
        progress=progress_of(draft, documents_title=str(_("申报材料"))),
        scope=policies.edit_scope(application, correction),
        verdict=policies.may_edit(current_actor(), application, now=now, correction=correction),
        now=now,
    )


def show(
    template: str, page: Page, *, current: str = "", outlooks: Sequence[Outlook] | None = None, **more: Any
) -> str:
    """Render one of the pages with the frame they share: title, time left, list of sections.

    ``outlooks`` of a page that has worked them out already: ``advance_outlooks`` of its draft.
    """
    application = page.application
    close = policies.closes_at(application, page.correction)
    faults = presenters.faults_by_section(page.draft, page.scope)
    assigned = queries.list_assignments(db.session(), application, current_actor())
    who = {one.section_key: one.person.name for one in assigned}
    links = presenters.section_links(application.id, page.progress, current, faults, who)
    place = next((number for number, link in enumerate(links, 1) if link.current), 0)
    return render_template(
        f"applications/{template}.html",
        page=page,
        application=application,
        heading=presenters.heading(application),
        close=close,
        left=presenters.time_left(close, page.now),
        section_links=links,
        funding=presenters.funding_view(page.draft),
        place=place,
        place_key=current,
        saved=presenters.saved_text(page.draft, page.now),
        documents_key=DOCUMENTS,
        advice=_advice(page, outlooks) if page.editable else (),
        gaps_here=presenters.gap_links(application.id, page.draft, page.progress, current) if page.editable else (),
        progress_words=presenters.progress_words(page.progress),
        mine=[one.section_key for one in assigned if one.person_id == current_actor().person_id],
        **more,
    )


def _advice(page: Page, outlooks: Sequence[Outlook] | None) -> list[presenters.Advice]:
    found = advance_outlooks(page.draft) if outlooks is None else outlooks
    return presenters.objections(page.application.id, page.draft, found)
