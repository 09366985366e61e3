"""What those see who judge: officers, districts, experts, approvers, and two persons who release a list."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.queries import get_call
from grants.db import reading, writing
from grants.db.demo_clock import write_offset
from grants.decisions.queries import find_current_proposal
from grants.decisions.services import submit_proposal
from grants.demo.people import Actors
from grants.eligibility.models import CheckSummary, Finding
from grants.eligibility.queries import find_decision, latest_findings, list_clean
from grants.eligibility.services import (
    ask_reconsideration,
    overrule_finding,
    propose_revocation,
    stage_acceptances,
)
from grants.eligibility.states import PersonVerdict
from grants.eligibility.states import Proposal as Proposed
from grants.kernel.clock import local_date, local_instant, real_now
from grants.publication.models import Notice, Objection
from grants.publication.services import decide_objection, prepare_award_list
from grants.publication.states import NoticeState, ObjectionState
from grants.reviews.models import Assignment
from grants.reviews.states import AssignmentState
from tests.factories.applications import owner_of

pytestmark = pytest.mark.single_database


def test_pages_of_a_district(walk):
    case = walk.one(select(Application).where(Application.state == ApplicationState.DISTRICT_REVIEW))
    walk.crawl(f"district{case.district_code}@example.com", "/staff/", f"/staff/cases/{case.ref}")


def test_pages_of_an_officer(walk):
    failed = walk.one(select(Application.ref).where(Application.state == ApplicationState.CHECK_FAILED))
    grounds = select(CheckSummary.application_id).where(CheckSummary.proposal == Proposed.REJECT)
    checked = select(Application.ref).where(Application.state == ApplicationState.CHECKED)
    unfit = walk.one(checked.where(Application.id.in_(grounds)))
    rejected = walk.one(select(Application.ref).where(Application.state == ApplicationState.REJECTED))
    judged = (f"/staff/cases/{failed}", f"/staff/cases/{rejected}")
    starts = (*judged, f"/staff/cases/{unfit}/reject", f"/staff/ranking/{walk.ranked()}")
    walk.crawl("officer1@example.com", "/staff/", similar_texts(walk), *starts)


def similar_texts(walk):
    """The page of two texts of the demonstration one of which has borrowed from the other."""
    with walk.site.app.app_context(), reading() as session:
        found = session.scalars(select(Finding).where(Finding.rule == "HLW-22").order_by(Finding.id))
        compared = ((finding.run.application.ref, used["record"]) for finding in found for used in finding.evidence)
        ref, rows = next((ref, rows) for ref, rows in compared if rows)
    return f"/staff/cases/{ref}/similar/{rows[0]['application']}"


def test_pages_of_an_officer_who_overrules_and_accepts_in_one_go(walk):
    with walk.site.app.app_context(), writing() as session:
        officer, now = Actors(session).officer(), real_now()
        case = session.scalars(select(Application).where(Application.state == ApplicationState.CHECKED).limit(1)).one()
        finding = next(one for one in latest_findings(session, case) if one.due)
        verdict = PersonVerdict.FAIL if finding.verdict != "fail" else PersonVerdict.PASS
        overrule_finding(
            session,
            case,
            finding_id=finding.id,
            verdict=verdict,
            reason="已核原件",
            clause=finding.clause,
            actor=officer,
            now=now,
        )
        clean = list_clean(session, case.call, limit=3)
        staged = stage_acceptances(session, [case.id, *clean], actor=officer, now=now).id
        withdraw, call = f"/staff/cases/{case.ref}/findings/{finding.id}/withdraw-overrule", case.call.ref
    email = walk.one(select(Person.email).where(Person.id == officer.person_id))
    starts = (f"/staff/acceptances/{staged}", f"/staff/overrules?call={call}", f"/staff/calls/{call}/share")
    walk.crawl(email, "/staff/workload", withdraw, *starts)


def test_pages_of_an_officer_who_looks_at_a_rejection_again(walk):
    with walk.site.app.app_context(), writing() as session:
        case = session.scalars(select(Application).where(Application.state == ApplicationState.REJECTED).limit(1)).one()
        decision, now = find_decision(session, case), real_now()
        decision.reconsider_until = local_date(now)
        ask_reconsideration(session, case, statement="登记信息有误。", actor=owner_of(session, case), now=now)
        other = session.scalars(officers().where(Person.id != decision.decided_by).limit(1)).one()
        email, here = other.email, f"/staff/cases/{case.ref}"
    walk.crawl(email, "/staff/?view=objected", here, f"{here}/reconsider")


def test_pages_of_officers_who_revoke_an_acceptance(walk):
    with walk.site.app.app_context(), writing() as session:
        now, actors = real_now(), Actors(session)
        case = session.scalars(select(Application).where(Application.state == ApplicationState.ACCEPTED).limit(1)).one()
        first, found = actors.officer(), latest_findings(session, case)
        finding = next(one for one in found if one.due and one.severity == "reject" and one.verdict != "fail")
        word = {"verdict": PersonVerdict.FAIL, "reason": "登记有变化", "clause": finding.clause}
        overrule_finding(session, case, finding_id=finding.id, **word, actor=first, now=now)
        emails = {officer.id: officer.email for officer in session.scalars(officers())}
        ref, rule, page = case.ref, finding.rule, f"/staff/cases/{case.ref}/revoke"
    walk.crawl(emails.pop(first.person_id), "/staff/?view=recheck", f"/staff/cases/{ref}", page)
    with walk.site.app.app_context(), writing() as session:
        case = session.scalars(select(Application).where(Application.ref == ref)).one()
        propose_revocation(session, case, rule=rule, reason="登记有变化。", actor=first, now=now)
    walk.crawl(emails.popitem()[1], f"/staff/cases/{ref}", page)


def officers():
    """The demonstration's own: of those whom the preparation has added nobody knows the password."""
    return select(Person).where(Person.email.in_(("officer1@example.com", "officer2@example.com")))


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
    walk.crawl("admin1@example.com", "/staff/publication", "/staff/experts")


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
    walk.require_all_seen()
