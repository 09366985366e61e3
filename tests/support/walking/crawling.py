"""Looking at every page: follow each link once per kind of page, at both widths, with axe and an eye on the console."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Select, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import reading
from grants.decisions.models import Proposal
from tests.support.installation import Installation
from tests.support.walking.by_browser import DESKTOP, PHONE, BrowserVisitor, Journal, name_of
from tests.support.walking.enterprises import sign_in

TABLE = Path(__file__).parents[2] / "browser" / "pages" / "pages.yaml"
PARTS = ("public", "enterprises", "cases", "administration")
LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
FILES = frozenset(
    {
        "accounts.proof",
        "applications.case_paper",
        "applications.case_revision_content",
        "applications.download",
        "applications.frozen_document",
        "applications.frozen_preview",
        "applications.paper",
        "applications.preview",
        "applications.revision_content",
        "applications.workbook",
        "calls.template",
        "desk.overrules_csv",
        "eligibility.case_notice",
        "eligibility.notice",
        "publication.award_list_content",
        "publication.award_list_file",
        "publication.notice_content",
        "publication.notice_file",
        "registers.import_faults",
        "publication.verify_keys",
        "publication.verify_script",
        "reviews.download",
    }
)
OFTEN = {
    "applications.section": 4,
    "calls.manage_call": 2,
    "desk.case_file": 3,
    "desk.enterprise_application": 3,
    "eligibility.revoke": 2,
    "programmes.version": 2,
    "publication.notice": 2,
    "registers.register_import": 3,
}


def pages_table() -> dict[str, list[str]]:
    """Endpoints by the part that looks at them, and those that nobody looks at."""
    table: dict[str, list[str]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def get_endpoints(app: Flask) -> set[str]:
    """Everything that answers GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


@dataclass
class Walk:
    """The site, and how often each page of one part has been looked at, whoever looked."""

    site: Installation
    browser: Browser
    journal: Journal
    part: frozenset[str]
    visits: Counter[str] = field(default_factory=Counter)

    def one(self, query: Select[Any]) -> Any:
        """The first that the query finds."""
        with self.site.app.app_context(), reading() as session:
            found = session.scalars(query.limit(1)).one()
            if isinstance(found, Application):
                session.expunge(found)
            return found

    def first(self, query: Select[Any]) -> Any:
        """The first row that the query finds."""
        with self.site.app.app_context(), reading() as session:
            return session.execute(query.limit(1)).one()

    def owner_of(self, state: ApplicationState, *pages: str) -> tuple[str, ...]:
        """E-mail of the owner of an application in this state, and those pages of it; drafts have some content."""
        query = select(Application).where(Application.state == state).order_by(Application.title.desc())
        found = self.one(query)
        email = self.one(select(Person.email).where(Person.id == found.created_by))
        return email, *(f"/apply/{found.id}{page}" for page in pages)

    def ranked(self) -> str:
        """The call whose proposal was prepared."""
        query = select(Call.ref).join(Proposal).where(Proposal.state.in_(("draft", "submitted")))
        return str(self.one(query))

    def crawl(self, email: str, *starts: str) -> None:
        """Sign in and follow every link once per kind of page, looking closely at those of the part.

        From pages of other parts, whose own walks follow their links, only those named in ``starts`` lead on.
        """
        visitor = BrowserVisitor(self.browser, self.site.address, self.journal)
        if email:
            sign_in(visitor, email)
        self._follow(visitor, starts)
        visitor.leave()

    def require_all_seen(self) -> None:
        """Fail with the pages of the part that nobody has looked at."""
        left_out = sorted(self.part - self.visits.keys())
        assert left_out == [], left_out

    def _follow(self, visitor: BrowserVisitor, starts: Sequence[str]) -> None:
        addresses = self.site.app.url_map.bind("")
        waiting = list(starts)
        known, followed = set(waiting), Counter[str]()
        while waiting:
            path = waiting.pop(0)
            endpoint = endpoint_of(addresses, path)
            if endpoint is None or followed[endpoint] >= OFTEN.get(endpoint, 1):
                continue
            followed[endpoint] += 1
            links = self._links_on(visitor, path, endpoint)
            if endpoint not in self.part and path not in starts:
                continue
            found = [link for link in links if link not in known]
            known.update(found)
            waiting += found

    def _links_on(self, visitor: BrowserVisitor, path: str, endpoint: str) -> list[str]:
        """Look closely at a page, or only fetch it, and return where it leads."""
        if endpoint in self.part - FILES and self.visits[endpoint] < OFTEN.get(endpoint, 1):
            self.visits[endpoint] += 1
            look_at(visitor, path)
            return visitor.links("/")
        answer = visitor.fetch(path)
        if answer.status != 200:
            visitor.journal.faults.append(f"{path}: a link leads to {answer.status}")
        if endpoint in FILES:
            self.visits[endpoint] += 1
            return []
        return [html.unescape(link) for link in LINK.findall(answer.content.decode())]


def look_at(visitor: BrowserVisitor, path: str) -> None:
    """One page at both widths; opening it notes what axe and the console say at the wide one."""
    visitor.open(path)
    if visitor.status != 200:
        visitor.journal.faults.append(f"{path}: a link leads to {visitor.status}")
    visitor.page.set_viewport_size(PHONE)
    visitor.note_overflow()
    visitor.note_accessibility()
    visitor.shoot(f"{name_of(path)}-phone")
    visitor.page.set_viewport_size(DESKTOP)


def endpoint_of(addresses: MapAdapter, path: str) -> str | None:
    """The endpoint that an address of ours leads to; None for what is no page."""
    try:
        endpoint, _ = addresses.match(path.split("?")[0].split("#")[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint in ("static", "bootstrap.static") else str(endpoint)
