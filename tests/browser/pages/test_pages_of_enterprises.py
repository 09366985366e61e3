"""What applicants and the members of a unit see, with the demonstration's data."""

import pytest
from sqlalchemy import select

from grants.accounts.models import Membership, Person
from grants.accounts.states import Level, MembershipState
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import writing
from grants.eligibility.models import FormalDecision
from grants.eligibility.states import Outcome
from grants.kernel.clock import local_date, real_now
from tests.factories.accounts import make_invitation, make_membership

pytestmark = pytest.mark.single_database


def test_pages_of_applicants(walk):
    announced = select(Call.ref).where(Call.announced_at.is_not(None))
    opened = walk.one(announced.where(Call.opens_at < real_now(), Call.closes_at > real_now()))
    draft = walk.owner_of(ApplicationState.DRAFT, "/sections/org", "/documents", "/submit")
    for state in (ApplicationState.RETURNED, ApplicationState.AWARDED):  # first: each kind of page is seen a few times
        walk.crawl(*walk.owner_of(state, "/"))
    walk.crawl(*draft, f"/apply/new/{opened}")
    walk.crawl("contact49@example.com", "/organisation")


def test_pages_of_an_applicant_who_objects_to_a_rejection(walk):
    rejected = walk.owner_of(ApplicationState.REJECTED, "/", "/reconsideration")
    with walk.site.app.app_context(), writing() as session:
        for decision in session.scalars(select(FormalDecision).where(FormalDecision.outcome == Outcome.REJECT)):
            decision.reconsider_until = local_date(real_now())
    walk.crawl(*rejected)


def test_pages_of_owners(walk):
    email, draft = walk.owner_of(ApplicationState.DRAFT, "/refresh")
    with walk.site.app.app_context(), writing() as session:
        own = session.scalars(select(Membership).join(Membership.person).where(Person.email == email)).one()
        make_membership(session, organisation=own.organisation, level=Level.EDITOR)
        make_membership(session, organisation=own.organisation, state=MembershipState.UNVERIFIED)
        make_invitation(session, own, token="practice-token", invited_at=real_now())
    walk.crawl(email, "/organisation", draft)


def test_no_page_was_left_out(walk):
    walk.require_all_seen()
