"""Every page with the demonstration's data, for everybody who may see it, at both widths: axe, no sideways scrolling,
no error in the console, no link that leads nowhere."""

import html
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from grants.accounts.models import Membership, Person
from grants.accounts.states import Level, MembershipState
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import get_call
from grants.db import reading, writing
from grants.db.demo_clock import write_offset
from grants.decisions.models import Proposal
from grants.decisions.queries import find_current_proposal
from grants.decisions.services import prepare_proposal, submit_proposal
from grants.demo.people import Actors
from grants.eligibility.models import CheckSummary
from grants.eligibility.states import Proposal as Proposed
from grants.kernel.clock import local_date, local_instant, real_now
from grants.programmes.services import load_definition
from grants.publication.models import Notice, Objection
from grants.publication.services import decide_objection, prepare_award_list
from grants.publication.states import NoticeState, ObjectionState
from grants.reviews.models import Assignment
from grants.reviews.states import AssignmentState
from tests.factories.accounts import make_invitation, make_membership, make_reset
from tests.factories.calls import make_call, make_draft, make_extension
from tests.factories.programmes import shipped_text
from tests.support.demonstration import copy_demonstration
from tests.support.installation import Installation, installed
from tests.support.walking.by_browser import DESKTOP, PHONE, BrowserVisitor, Journal, name_of
from tests.support.walking.enterprises import sign_in

pytestmark = pytest.mark.single_database

LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
FILES = (
    "accounts.proof",
    "applications.download",
    "applications.case_paper",
    "applications.case_revision_content",
    "applications.frozen_document",
    "applications.workbook",
    "applications.frozen_preview",
    "applications.paper",
    "applications.preview",
    "applications.revision_content",
    "publication.award_list_content",
    "publication.award_list_file",
    "publication.notice_content",
    "publication.notice_file",
    "publication.verify_keys",
    "publication.verify_script",
    "reviews.download",
)
TOKEN = "practice-token"
NO_PAGES = {"static", "bootstrap.static", "ops.healthz", "ops.metrics", "ops.readyz"}
SEEN_ELSEWHERE = {  # what only stands after a step that other tests take, and answers for scripts
    "applications.carried",
    "applications.case_paper",
    "applications.delete_row",
    "applications.frozen_preview",
    "applications.frozen_revision_document",
    "applications.paper",
    "applications.preview",
    "applications.revision_document",
    "applications.signed_in",
    "applications.upload_state",
    "desk.case_revisions",
    "publication.prepare_list",  # once its list has been prepared, a notice offers no other
}
OFTEN = {
    "calls.manage_call": 2,
    "programmes.version": 2,
    "desk.enterprise_application": 3,
    "applications.section": 4,
    "desk.case_file": 3,
    "publication.notice": 2,
}


@pytest.fixture(scope="module")
def site(databases):
    """The demonstration behind a web server."""
    there = copy_demonstration(databases, "sqlite", "every_page")
    with installed("embedded", databases, "web", there=(there.url, there.folder)) as running:
        running.wait_for_web()
        yield running


@pytest.fixture(scope="module")
def prepared(site):
    """What the demonstration leaves out: a call that is planned, one to come, a definition to publish, a proposal."""
    with site.app.app_context(), writing() as session:
        now, actors = real_now(), Actors(session)
        make_draft(session, now=now)
        make_call(session, code="hlw", now=now, opens_at=now + timedelta(days=5))
        text = shipped_text("sbc").replace('version: "1.2"', 'version: "1.3"')
        load_definition(session, text, actor=actors.administrator(), now=now)
        opened = session.scalars(
            select(Call).where(Call.announced_at.is_not(None), Call.opens_at < now, Call.closes_at > now).limit(1)
        ).one()
        make_extension(session, opened, now=now)
        for _ in range(2):
            prepare_proposal(session, call_in(session, ApplicationState.REVIEWED), actor=actors.officer(), now=now)


def test_pages_of_the_public(walk):
    objection = walk.one(select(Objection.id))
    walk.crawl("", "/", "/register/received", f"/notices/objections/{objection}", "/styleguide")


def test_pages_of_enterprises(walk):
    walk.crawl(*walk.owner_of(ApplicationState.DRAFT, "/sections/org", "/documents", "/submit"))
    walk.crawl(*walk.owner_of(ApplicationState.RETURNED, "/"))
    walk.crawl(*walk.owner_of(ApplicationState.AWARDED, "/"))
    walk.crawl("contact49@example.com", "/organisation")


def test_pages_of_owners_and_of_those_they_invite(walk):
    email, draft = walk.owner_of(ApplicationState.DRAFT, "/refresh")
    with walk.site.app.app_context(), writing() as session:
        own = session.scalars(select(Membership).join(Membership.person).where(Person.email == email)).one()
        make_membership(session, organisation=own.organisation, level=Level.EDITOR)
        make_membership(session, organisation=own.organisation, state=MembershipState.UNVERIFIED)
        make_invitation(session, own, token=TOKEN, invited_at=real_now())
        make_reset(session, own.person, token=TOKEN, asked_at=real_now())
        end = f"/staff/memberships/{own.id}/end"
    walk.crawl(email, "/organisation", draft)
    walk.crawl("", f"/invitations/{TOKEN}", f"/forgotten/{TOKEN}", "/forgotten/sent")
    walk.crawl("admin1@example.com", end)


def test_pages_of_a_district(walk):
    case = walk.one(select(Application).where(Application.state == ApplicationState.DISTRICT_REVIEW))
    walk.crawl(f"district{case.district_code}@example.com", "/staff/", f"/staff/cases/{case.ref}")


def test_pages_of_an_officer(walk):
    failed = walk.one(select(Application.ref).where(Application.state == ApplicationState.CHECK_FAILED))
    grounds = select(CheckSummary.application_id).where(CheckSummary.proposal == Proposed.REJECT)
    checked = select(Application.ref).where(Application.state == ApplicationState.CHECKED)
    unfit = walk.one(checked.where(Application.id.in_(grounds)))
    starts = (f"/staff/cases/{failed}", f"/staff/cases/{unfit}/reject", f"/staff/ranking/{walk.ranked()}")
    walk.crawl("officer1@example.com", "/staff/", *starts)


@pytest.mark.parametrize("state", [AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.SUBMITTED])
def test_pages_of_an_expert(walk, state):
    seat, expert = walk.first(select(Assignment.id, Assignment.expert_id).where(Assignment.state == state))
    confirm = [f"/review/{seat}/submit"] if state is AssignmentState.ACCEPTED else []
    walk.crawl(walk.one(select(Person.email).where(Person.id == expert)), "/review/", *confirm)


def test_pages_of_an_approver(walk):
    ref = walk.ranked()
    with walk.site.app.app_context(), writing() as session:
        proposal = find_current_proposal(session, get_call(session, ref))
        submit_proposal(session, proposal, actor=Actors(session).officer(), now=real_now())
    walk.crawl("approver1@example.com", "/staff/", f"/staff/ranking/{ref}")


def test_pages_of_an_administrator(walk):
    officer = walk.one(select(Person.id).where(Person.email == "officer2@example.com"))
    draft = walk.one(select(Call.ref).where(Call.announced_at.is_(None)))
    coming = walk.one(select(Call.ref).where(Call.opens_at > real_now()))
    calls = (f"/staff/calls/{draft}", f"/staff/calls/{coming}", "/staff/calls")
    walk.crawl(
        "admin1@example.com",
        "/staff/",
        f"/staff/people/{officer}",
        *calls,
        "/staff/programmes/sbc/1.3",
        "/staff/experts",
    )


def test_pages_of_an_auditor(walk):
    walk.crawl("auditor@example.com", "/staff/")


def test_pages_of_a_list_that_waits_for_its_second_person(walk):
    with walk.site.app.app_context(), writing() as session:
        notice = session.scalars(select(Notice).where(Notice.state == NoticeState.PUBLISHED)).one()
        later = local_instant(notice.ends_on + timedelta(days=1), 9)
        administrator = Actors(session).administrator()
        for objection in session.scalars(select(Objection).where(Objection.state == ObjectionState.FILED)):
            decide_objection(session, objection, uphold=False, reply="异议不成立。", actor=administrator, now=later)
        prepare_award_list(
            session, notice, doc_no="示专项 1 号", announced_on=local_date(later), actor=administrator, now=later
        )
        write_offset(session, later - real_now())
    walk.crawl("admin2@example.com", "/staff/publication")


def test_no_page_was_left_out(walk):
    pages = {rule.endpoint for rule in walk.site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(pages - set(walk.visits) - NO_PAGES - SEEN_ELSEWHERE) == []


def call_in(session, state):
    """A call that has a case in this state."""
    ref = session.scalar(select(Call.ref).join(Application).where(Application.state == state).limit(1))
    return get_call(session, ref)


@dataclass
class Walk:
    """The site, and how often each kind of page has been looked at, whoever looked."""

    site: Installation
    browser: Browser
    journal: Journal
    visits: Counter

    def one(self, query):
        """The first that the query finds."""
        with self.site.app.app_context(), reading() as session:
            found = session.scalars(query.limit(1)).one()
            if isinstance(found, Application):
                session.expunge(found)
            return found

    def first(self, query):
        """The first row that the query finds."""
        with self.site.app.app_context(), reading() as session:
            return session.execute(query.limit(1)).one()

    def owner_of(self, state, *pages):
        """E-mail of the owner of an application in this state, and those pages of it; drafts have some content."""
        query = select(Application).where(Application.state == state).order_by(Application.title.desc())
        found = self.one(query)
        email = self.one(select(Person.email).where(Person.id == found.created_by))
        return email, *(f"/apply/{found.id}{page}" for page in pages)

    def ranked(self):
        """The call whose proposal the fixture prepared."""
        query = select(Call.ref).join(Proposal).where(Proposal.state.in_(("draft", "submitted")))
        return self.one(query)

    def crawl(self, email, *starts):
        """Sign in and follow every link once per kind of page, looking closely where nobody has often enough."""
        visitor = BrowserVisitor(self.browser, self.site.address, self.journal)
        if email:
            sign_in(visitor, email)
        crawl(visitor, self.site.app.url_map.bind(""), self.visits, starts)
        visitor.leave()


@pytest.fixture(scope="module")
def visits():
    return Counter()


@pytest.fixture
def walk(site, prepared, browser, journal, visits):
    return Walk(site, browser, journal, visits)


def crawl(visitor, addresses, visits, starts):
    """Follow every link once per kind of page, and look closely where nobody has looked often enough."""
    waiting = list(starts)
    known, followed = set(waiting), Counter()
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(addresses, path)
        if endpoint is None or followed[endpoint] >= OFTEN.get(endpoint, 1):
            continue
        followed[endpoint] += 1
        found = [link for link in links_on(visitor, path, endpoint, visits) if link not in known]
        known.update(found)
        waiting += found


def links_on(visitor, path, endpoint, visits):
    """Look closely at a page, or only fetch it, and return where it leads."""
    if endpoint not in FILES and visits[endpoint] < OFTEN.get(endpoint, 1):
        visits[endpoint] += 1
        look_at(visitor, path)
        return visitor.links("/")
    answer = visitor.fetch(path)
    if answer.status != 200:
        visitor.journal.faults.append(f"{path}: a link leads to {answer.status}")
    if endpoint in FILES:
        visits[endpoint] += 1
        return []
    return [html.unescape(link) for link in LINK.findall(answer.content.decode())]


def look_at(visitor, path):
    """One page at both widths; opening it notes what axe and the console say at the wide one."""
    visitor.open(path)
    if visitor.status != 200:
        visitor.journal.faults.append(f"{path}: a link leads to {visitor.status}")
    visitor.page.set_viewport_size(PHONE)
    visitor.note_overflow()
    visitor.note_accessibility()
    visitor.shoot(f"{name_of(path)}-phone")
    visitor.page.set_viewport_size(DESKTOP)


def endpoint_of(addresses, path):
    """The endpoint that an address of ours leads to; None for what is no page."""
    try:
        endpoint, _ = addresses.match(path.split("?")[0].split("#")[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint in ("static", "bootstrap.static") else endpoint
