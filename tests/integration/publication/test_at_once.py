"""Two people at the same moment, each with a connection of their own, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.calls.models import Call
from grants.db import reading, writing
from grants.decisions import services as decisions
from grants.decisions.models import Proposal
from grants.decisions.queries import find_current_proposal
from grants.decisions.states import ProposalState
from grants.factory import create_app
from grants.kernel.errors import DomainError
from grants.publication import services
from grants.publication.models import AwardList, Notice
from grants.publication.states import NoticeState
from tests.factories.calls import NOON, make_call
from tests.factories.decisions import make_approved, make_approver, make_officer, make_proposal, make_reviewed
from tests.factories.publication import make_administrator, make_notice, make_objection, make_prepared_list, release_day
from tests.support.databases import Databases, dispose, make_settings


@pytest.fixture
def own_app(
    database_kind: str, databases: Databases, worker_id: str, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """An application on a database that nobody else uses; the tables are really written."""
    name = f"publication_{worker_id}_{crc32(request.node.name.encode())}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / "data" / name))
    yield app
    dispose(app)


def at_once(app: Flask, *steps: Callable[[], str]) -> list[str]:
    """Run the steps in threads that start together; what each returns, or the code of what it raises, sorted."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                return step()
            except DomainError as error:
                return error.code

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, steps))


def test_two_administrators_publish_one_notice(own_app):
    with own_app.app_context(), writing() as session:
        call = make_call(session, open=False, now=NOON)
        make_reviewed(session, call, total="80")
        make_approved(session, call)
        call_id, administrators = call.id, [make_administrator(session) for _ in range(2)]

    def publish(actor):
        with writing() as session:
            return services.publish_notice(session, session.get_one(Call, call_id), actor=actor, now=NOON).ref

    results = at_once(own_app, *(lambda actor=actor: publish(actor) for actor in administrators))

    assert results[0].startswith("GS-")
    assert not results[1].startswith("GS-")
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_two_administrators_release_one_list(own_app):
    with own_app.app_context(), writing() as session:
        award_list = make_prepared_list(session)
        list_id, at = award_list.id, release_day(award_list)
        administrators = [make_administrator(session) for _ in range(2)]

    def release(actor):
        with writing() as session:
            found = session.get_one(AwardList, list_id)
            return str(services.release_award_list(session, found, actor=actor, now=at).state)

    results = at_once(own_app, *(lambda actor=actor: release(actor) for actor in administrators))

    assert results == ["list_not_prepared", "released"]


def test_releasing_and_discarding_at_once_is_one_of_both(own_app):
    with own_app.app_context(), writing() as session:
        award_list = make_prepared_list(session)
        list_id, at = award_list.id, release_day(award_list)
        actor = make_administrator(session)

    def release():
        with writing() as session:
            services.release_award_list(session, session.get_one(AwardList, list_id), actor=actor, now=at)
        return "released"

    def discard():
        with writing() as session:
            services.discard_award_list(session, session.get_one(AwardList, list_id), actor=actor, now=at)
        return "discarded"

    results = at_once(own_app, release, discard)

    assert "list_not_prepared" in results
    with own_app.app_context(), reading() as session:
        found = session.get_one(AwardList, list_id)
        assert str(found.state) in results
        assert (found.notice.state is NoticeState.RELEASED) == (found.state == "released")


def test_one_objection_is_decided_once(own_app):
    with own_app.app_context(), writing() as session:
        objection = make_objection(session, make_notice(session))
        objection_id, officers = objection.id, [make_officer(session) for _ in range(2)]

    def decide(actor, uphold):
        with writing() as session:
            found = session.get_one(type(objection), objection_id)
            services.decide_objection(session, found, uphold=uphold, reply="已核实", actor=actor, now=NOON)
            return "decided"

    results = at_once(own_app, lambda: decide(officers[0], True), lambda: decide(officers[1], False))

    assert results == ["decided", "objection_decided"]


def test_two_officers_prepare_within_the_budget(own_app):
    with own_app.app_context(), writing() as session:
        call = make_call(session, open=False, now=NOON)
        for total in ("90", "80", "70"):
            make_reviewed(session, call, total=total)
        call_id, officers = call.id, [make_officer(session) for _ in range(2)]

    def prepare(actor):
        with writing() as session:
            call = session.get_one(Call, call_id)
            return str(decisions.prepare_proposal(session, call, actor=actor, now=NOON, expected_version=0).version)

    results = at_once(own_app, *(lambda actor=actor: prepare(actor) for actor in officers))

    assert results == ["1", "state_changed"]
    with own_app.app_context(), reading() as session:
        in_force = session.scalars(select(Proposal).where(Proposal.state != ProposalState.SUPERSEDED)).one()
        assert sum(line.proposed_fen for line in in_force.lines) <= in_force.ceiling_fen


def test_an_edit_at_the_moment_of_approval_voids_it_or_comes_before(own_app):
    """Whoever is first: never an approved version that is not in force, never an approval of what nobody saw."""
    with own_app.app_context(), writing() as session:
        call = make_call(session, open=False, now=NOON)
        make_reviewed(session, call, total="80")
        officer, approver = make_officer(session), make_approver(session)
        proposal = make_proposal(session, call, officer=officer)
        call_id, sha256 = call.id, proposal.sha256

    def approve():
        with writing() as session:
            found = find_current_proposal(session, session.get_one(Call, call_id))
            decisions.approve_proposal(session, found, actor=approver, now=NOON, sha256=sha256)
        return "approved"

    def edit():
        with writing() as session:
            call = session.get_one(Call, call_id)
            decisions.prepare_proposal(session, call, actor=officer, now=NOON + timedelta(seconds=1))
        return "edited"

    results = at_once(own_app, approve, edit)

    assert "edited" in results
    with own_app.app_context(), reading() as session:
        current = find_current_proposal(session, session.get_one(Call, call_id))
        assert (current.version, current.state) == (2, ProposalState.DRAFT)
        assert {str(line.application.state) for line in current.lines} == {"reviewed"}
