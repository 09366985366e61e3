"""The demonstration as loaded: what somebody who has just installed the system finds."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.accounts.models import Membership, Organisation
from grants.accounts.queries import find_person_by_email
from grants.accounts.services import check_password
from grants.accounts.states import MembershipState
from grants.applications.models import Answer, Application, Attachment
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.calls.queries import list_open, working_calendar
from grants.db import db, reading, writing
from grants.decisions.models import Approval, Proposal
from grants.demo.load import is_loaded
from grants.demo.people import PASSWORD, office
from grants.documents.models import StoredFile
from grants.eligibility.models import DistrictOpinion, EligibilityRun, Finding, FormalDecision, FormalNotice
from grants.kernel.canonical import fingerprint
from grants.kernel.clock import local_date, real_now
from grants.kernel.districts import DISTRICTS
from grants.publication.domain import read_content
from grants.publication.domain.wording import batch_words
from grants.publication.models import AwardList, Notice, Objection
from grants.publication.states import AwardListState, ObjectionState
from grants.registers.domain import REGISTERS
from grants.registers.models import RegisterRecord, RegisterSnapshot
from grants.registers.queries import list_newest_snapshots
from grants.reviews.models import Expert, Panel, ReviewResult

pytestmark = pytest.mark.second_database_soaks


@pytest.fixture
def session(demo_app: Flask) -> Iterator[Session]:
    with demo_app.app_context(), reading() as session:
        yield session
        db.session.remove()


def test_a_second_load_finds_the_first(demo_app: Flask) -> None:
    runner = demo_app.test_cli_runner()
    with demo_app.app_context():
        answer = runner.invoke(args=["demo", "load"])
    assert answer.exit_code == 0
    assert "there already" in answer.output


def test_accounts_are_told_with_a_password_that_fits(demo_app: Flask) -> None:
    answer = demo_app.test_cli_runner().invoke(args=["demo", "accounts"])
    assert PASSWORD in answer.output
    with demo_app.app_context(), reading() as session:
        for account in office()[:7]:
            assert account.email in answer.output
            person = find_person_by_email(session, account.email)
            assert person is not None
            assert check_password(PASSWORD, person.password_hash)[0]


def test_two_calls_are_open_now(session: Session) -> None:
    codes = [call.definition.programme.code for call in list_open(session, real_now())]
    assert sorted(codes) == ["hlw", "sbc"]


def test_120_applications_are_in_every_state(session: Session) -> None:
    counts = Counter(session.scalars(select(Application.state)))
    assert set(counts) == set(ApplicationState)
    assert counts.total() == 120


def test_enterprises_of_every_district_and_an_expert_pool(session: Session) -> None:
    states = Counter(session.scalars(select(Membership.state)))
    assert states[MembershipState.VERIFIED] == 57
    assert states[MembershipState.UNVERIFIED] == 2
    assert session.scalar(select(func.count()).select_from(Organisation)) == 60
    assert session.scalar(select(func.count()).select_from(Expert)) == 40
    found = set(session.scalars(select(Application.district_code).distinct())) - {None}
    assert found == set(DISTRICTS)


def test_every_kind_of_verdict_is_there(session: Session) -> None:
    query = select(Finding.verdict, Finding.severity).join(Finding.run).where(EligibilityRun.superseded_at.is_(None))
    found = Counter((verdict, severity) for verdict, severity in session.execute(query))
    assert {verdict for verdict, _ in found} == {"pass", "fail", "unknown", "not_applicable"}
    assert {severity for verdict, severity in found if verdict == "fail"} == {"reject", "return", "manual", "warn"}


def test_every_register_speaks_and_findings_name_the_snapshot_they_rest_on(session: Session) -> None:
    snapshots = {str(one.id): one.register for one in session.scalars(select(RegisterSnapshot))}
    assert set(snapshots.values()) == set(REGISTERS)

    query = select(Finding).join(Finding.run).where(EligibilityRun.superseded_at.is_(None))
    used = [(found.verdict, entry) for found in session.scalars(query) for entry in found.evidence]
    read = [(verdict, entry) for verdict, entry in used if entry["root"] in REGISTERS and entry["asof"]]
    assert all(snapshots[entry["ref"]] == entry["root"] for _, entry in read)
    failed = Counter(entry["root"] for verdict, entry in read if verdict == "fail")
    assert set(failed) == {"reg", "credits", "penalties", "funded", "projects", "bans"}
    assert any(entry["root"] == "reg" and not entry["asof"] for verdict, entry in used if verdict == "unknown")


def test_the_registers_agree_with_what_applications_name(session: Session) -> None:
    newest = {one.register: one.id for one in list_newest_snapshots(session, REGISTERS, by=local_date(real_now()))}
    records = session.scalars(
        select(RegisterRecord).where(RegisterRecord.snapshot_id.in_([newest["sw_copyrights"], newest["reg"]]))
    ).all()
    rights = {record.record["right_no"] for record in records if "right_no" in record.record}
    names = {record.uscc: record.record["name"] for record in records if "name" in record.record}

    stated = session.scalars(select(Answer.value).where(Answer.field_key == "copyrights.reg_no")).all()
    assert stated
    assert set(stated) <= rights
    units = session.scalars(select(Organisation)).all()
    assert sum(names.get(unit.uscc) == unit.name for unit in units) == len(units) - 1  # one that nobody can find


def test_released_lists_verify(session: Session) -> None:
    lists = session.scalars(select(AwardList).where(AwardList.state == AwardListState.RELEASED)).all()
    assert len(lists) == 2
    for released in lists:
        assert fingerprint(json.loads(released.content)) == released.sha256
        assert read_content(released.content).items
        assert released.prepared_by != released.released_by


def test_objections_were_filed_and_handled(session: Session) -> None:
    states = set(session.scalars(select(Objection.state)))
    assert states == {ObjectionState.FILED, ObjectionState.REJECTED, ObjectionState.UPHELD}


def test_attachments_are_real_files(session: Session) -> None:
    query = select(StoredFile).join(Attachment, Attachment.file_id == StoredFile.id).limit(3)
    for file in session.scalars(query):
        with documents.open_file(file) as content:
            assert content.read(5) == b"%PDF-"
        assert file.pages == 1


def test_only_what_lies_with_the_workers_is_left_to_them(session: Session) -> None:
    status = outbox.status(session, now=real_now())
    lying = {ApplicationState.SUBMITTED, ApplicationState.CHECKING}
    with_workers = session.scalar(select(func.count()).where(Application.state.in_(lying)))
    assert status.dead == 0
    unprinted = (Notice.pdf_file_id, AwardList.pdf_file_id, FormalNotice.file_id)
    to_typeset = sum(session.scalar(select(func.count()).where(file.is_(None))) or 0 for file in unprinted)
    to_show = session.scalar(select(func.count(StoredFile.sha256.distinct())))  # of each paper its first page
    # a check, the mail about the submission and the receipt each
    assert status.waiting == 3 * (with_workers or 0) + to_typeset + (to_show or 0)


def test_the_log_is_whole_and_in_order(demo_app: Flask) -> None:
    with demo_app.app_context():
        with writing() as session:
            assert audit.seal_pending(session) == 0
        with reading() as session:
            assert audit.verify(session).broken_at is None
            instants = list(session.scalars(select(audit.models.AuditEntry.at).order_by(audit.models.AuditEntry.id)))
    assert instants == sorted(instants)
    assert instants[-1] < real_now()


def test_the_demonstration_knows_that_it_is_loaded(session: Session) -> None:
    assert is_loaded(session)


def test_experts_differ_and_some_panels_are_flagged(session: Session) -> None:
    spreads = [int(result.working["spread_hundredths"]) for result in session.scalars(select(ReviewResult))]
    flagged = session.scalar(select(func.count()).where(ReviewResult.flagged.is_(True)))
    assert sorted(spreads)[len(spreads) // 2] >= 800
    assert flagged
    assert flagged < len(spreads) // 3


def test_the_office_acts_on_working_days(session: Session) -> None:
    calendar = working_calendar(session)
    at = (
        *session.scalars(select(FormalDecision.decided_at)),
        *session.scalars(select(DistrictOpinion.given_at)),
        *session.scalars(select(Panel.drawn_at)),
        *session.scalars(select(Proposal.prepared_at)),
        *session.scalars(select(Approval.decided_at)),
        *session.scalars(select(Notice.published_at)),
        *session.scalars(select(AwardList.released_at)),
        *session.scalars(select(Membership.decided_at).where(Membership.decided_at.is_not(None))),
        *session.scalars(select(Call.opens_at)),
        *session.scalars(select(Call.announced_at).where(Call.announced_at.is_not(None))),
    )
    assert {local_date(instant) for instant in at if not calendar.is_working(local_date(instant))} == set()


def test_titles_and_numbers_of_calls_agree(session: Session) -> None:
    for call in session.scalars(select(Call)):
        assert batch_words(call.ref).strip("（）") in call.title


def test_document_numbers_rise_with_the_days(session: Session) -> None:
    numbers = list(session.scalars(select(AwardList.doc_no).order_by(AwardList.released_at)))
    assert numbers == sorted(numbers)
