"""A scanner that is slow costs nobody the deadline; one that finds something tells everybody concerned."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from grants import documents
from grants.applications import queries as applications_queries
from grants.applications import services as applications
from grants.applications.models import Attachment
from grants.applications.states import ApplicationState as S
from grants.documents import ScanState, StoredFile
from grants.eligibility import queries
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.notifications import InboxItem
from grants.outbox import Message
from tests.factories.accounts import make_organisation, make_staff, sign_in
from tests.factories.applications import make_application, owner_of, receive
from tests.factories.eligibility import make_case_call
from tests.factories.registers import make_registers
from tests.support.scanner import fake_scanner

AWAY = "clamd://127.0.0.1:9"
SLOT = "a4"


@pytest.fixture
def scanner(app):
    """A scanner that the application asks; none afterwards."""
    with fake_scanner() as server:
        documents.use_scanner(documents.scanner_of(server.url))
        yield server
    documents.use_scanner(None)


@pytest.fixture
def draft(session, clock):
    """A complete draft of which one file has to be scanned."""
    holder = make_organisation(session, name="示例软件有限公司")
    made = make_application(session, call=make_case_call(session), organisation=holder, complete=True)
    make_registers(session, made.organisation.uscc)
    slot = made_slot(session, made)
    received = replace(receive(slot, "另一份"), scan_state=ScanState.PENDING)
    applications.attach_file(session, made, SLOT, "", received, actor=owner_of(session, made), now=made.created_at)
    return made


def made_slot(session, application):
    return applications_queries.load_draft(session, application).definition.document(SLOT)


def submit(session, application):
    draft = applications_queries.load_draft(session, application)
    ticks = applications.undertakings_of(draft.definition)
    actor = owner_of(session, application)
    applications.submit_application(session, application, actor=actor, now=application.created_at, undertakings=ticks)


def finding(session, application, rule="SBC-32"):
    return next(found for found in queries.latest_findings(session, application) if found.rule == rule)


def let_scan(session, drain):
    session.scalars(select(Message).where(Message.topic == "file.received")).one().due_at = real_now()
    drain()


def inbox(session, kind):
    return session.scalars(select(InboxItem).where(InboxItem.kind == kind)).all()


def test_a_file_that_waits_counts_as_there(session, draft):
    assert not [gap for gap in applications_queries.load_draft(session, draft).gaps if gap.kind == "document"]


def test_an_infected_file_in_a_draft_leaves_its_slot_empty_and_its_people_are_told(session, scanner, draft, drain):
    scanner.says = "stream: Example-Virus FOUND"

    drain()

    gaps = applications_queries.load_draft(session, draft).gaps
    assert [(gap.kind, gap.path) for gap in gaps if gap.kind == "document"] == [("document", SLOT)]
    (item,) = inbox(session, "file.infected")
    assert (item.person_id, item.path) == (draft.created_by, f"/apply/{draft.id}/documents")
    assert inbox(session, "file.infected_in_case") == []


def test_a_case_is_judged_again_when_a_late_scan_is_settled(session, scanner, draft, drain):
    documents.use_scanner(documents.scanner_of(AWAY))
    submit(session, draft)
    drain()

    assert draft.state is S.CHECKED
    assert (finding(session, draft).verdict, finding(session, draft).cause) == ("unknown", "evidence")

    documents.use_scanner(documents.scanner_of(scanner.url))
    let_scan(session, drain)
    assert finding(session, draft).verdict == "pass"


def test_officers_learn_of_a_virus_in_a_case_and_may_return_it(client, session, scanner, draft, drain):
    officer = make_staff(session, Role.OFFICER)
    documents.use_scanner(documents.scanner_of(AWAY))
    submit(session, draft)
    drain()

    documents.use_scanner(documents.scanner_of(scanner.url))
    scanner.says = "stream: Example-Virus FOUND"
    let_scan(session, drain)

    found = finding(session, draft)
    assert (found.verdict, found.severity) == ("fail", "return")
    assert "没有通过安全检查" in found.message
    (item,) = inbox(session, "file.infected_in_case")
    assert (item.person_id, item.path) == (officer.id, f"/staff/cases/{draft.ref}")
    assert len(inbox(session, "file.infected")) == 1
    sign_in(client, officer)
    page = client.get(f"/staff/cases/{draft.ref}").text
    assert "未通过安全检查" in page
    assert f"/staff/cases/{draft.ref}/documents/a2/" in page
    assert f"/staff/cases/{draft.ref}/documents/{SLOT}/" not in page
    sha256 = session.scalars(select(StoredFile.sha256).where(StoredFile.scan_state == ScanState.INFECTED)).one()
    refused = client.get(f"/staff/cases/{draft.ref}/documents/{SLOT}/{sha256}")
    assert (refused.status_code, "没有通过安全检查" in refused.text) == (422, True)


def test_a_file_that_was_taken_out_before_its_scan_concerns_nobody(session, scanner, draft, drain):
    scanner.says = "stream: Example-Virus FOUND"
    present = select(Attachment).where(Attachment.slot_key == SLOT, Attachment.removed_at.is_(None))
    attachment = session.scalars(present).one()
    owner = owner_of(session, draft)
    applications.remove_file(session, draft, attachment, actor=owner, now=draft.created_at)

    drain()

    assert inbox(session, "file.infected") == []
