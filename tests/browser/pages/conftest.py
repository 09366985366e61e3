"""The demonstration behind a web server of each part's own, with what it leaves out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import documents
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import get_call
from grants.db import writing
from grants.decisions.services import prepare_proposal
from grants.demo.people import Actors
from grants.eligibility.models import FormalNotice
from grants.eligibility.services import keep_notice_pdf
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.programmes.services import load_definition
from tests.factories.calls import make_call, make_draft, make_extension
from tests.factories.programmes import next_version_text
from tests.factories.workbench import judge_impact, make_definition_draft
from tests.support.demonstration import copy_demonstration
from tests.support.installation import installed
from tests.support.walking.crawling import Walk, pages_table
from workers.typesetting import typeset_notice


@pytest.fixture(scope="module")
def part(request):
    """The part of the table that a module looks at: test_pages_of_<part>.py."""
    return request.module.__name__.rpartition("test_pages_of_")[2]


@pytest.fixture(scope="module")
def site(databases, part):
    """The demonstration behind a web server."""
    there = copy_demonstration(databases, "sqlite", f"pages_of_{part}")
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
        load_definition(session, next_version_text("sbc"), actor=SYSTEM, now=now)
        make_definition_draft(session, "sbc", now=now)
        judge_impact(session, make_definition_draft(session, "hlw", proposed=True, now=now), now=now)
        opened = session.scalars(
            select(Call).where(Call.announced_at.is_not(None), Call.opens_at < now, Call.closes_at > now).limit(1)
        ).one()
        make_extension(session, opened, now=now)
        for notice in session.scalars(select(FormalNotice).where(FormalNotice.file_id.is_(None))):
            pdf = typeset_notice(notice.content, sha256=notice.sha256)
            made = documents.keep_bytes(pdf, name="通知书.pdf", content_type="application/pdf", pages=1)
            keep_notice_pdf(session, notice.decision_id, made, now=now)
        for _ in range(2):
            prepare_proposal(session, call_in(session, ApplicationState.REVIEWED), actor=actors.officer(), now=now)


@pytest.fixture(scope="module")
def looked(site, prepared, browser, part):
    """The walk of a module; its journal is each test's own."""
    return Walk(site, browser, None, frozenset(pages_table()[part]))


@pytest.fixture
def walk(looked, journal):
    looked.journal = journal
    return looked


def call_in(session, state):
    """A call that has a case in this state."""
    ref = session.scalar(select(Call.ref).join(Application).where(Application.state == state).limit(1))
    return get_call(session, ref)
