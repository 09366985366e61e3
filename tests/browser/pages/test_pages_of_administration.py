"""What administrators and auditors see beside the cases: accounts, programmes, calls, operations."""

import pytest
from sqlalchemy import select

from grants.accounts.models import Membership, Person
from grants.calls.models import Call
from grants.db import writing
from grants.kernel.clock import real_now
from grants.registers.states import ImportState
from tests.factories.programmes import next_version
from tests.factories.registers import make_import

pytestmark = pytest.mark.single_database


def test_pages_of_an_administrator(walk):
    officer = walk.one(select(Person.id).where(Person.email == "officer2@example.com"))
    member = walk.one(select(Membership.id))
    draft = walk.one(select(Call.ref).where(Call.announced_at.is_(None)))
    coming = walk.one(select(Call.ref).where(Call.opens_at > real_now()))
    calls = (f"/staff/calls/{draft}", f"/staff/calls/{coming}", "/staff/calls")
    walk.crawl(
        "admin1@example.com",
        "/staff/",
        f"/staff/people/{officer}",
        f"/staff/memberships/{member}/end",
        *calls,
        f"/staff/programmes/sbc/{next_version('sbc')}",
        "/staff/programmes/sbc/draft",
        "/staff/programmes/hlw/draft/decide",
        "/staff/programmes/hlw/impacts",
        "/staff/experts",
    )


def test_pages_of_registers(walk):
    states = (ImportState.UNMAPPED, ImportState.FAULTY, ImportState.READY)
    with walk.site.app.app_context(), writing() as session:
        person = session.scalars(select(Person).where(Person.email == "admin1@example.com")).one()
        uploads = [f"/staff/registers/imports/{make_import(session, person, state=state).id}" for state in states]
    walk.crawl("admin1@example.com", "/staff/registers", *uploads)


def test_pages_of_an_auditor(walk):
    walk.crawl("auditor@example.com", "/staff/")


def test_no_page_was_left_out(walk):
    walk.require_all_seen()
