"""Submissions, withdrawals and checks at the same instant, on a database of their own: never do two both pass."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import select, update

from grants.applications import services as applications
from grants.applications.models import Answer, Application, Claim
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState
from grants.db import db, reading, writing
from grants.eligibility import queries, services
from grants.eligibility.errors import StaleEvidenceError
from grants.eligibility.states import RunKind
from grants.factory import create_app
from grants.kernel.actor import SYSTEM
from grants.programmes.queries import definition_of
from tests.factories.accounts import make_organisation
from tests.factories.applications import make_application, owner_of
from tests.factories.eligibility import make_case_call, set_state
from tests.support.databases import dispose, make_settings
from tests.support.outbox import drain_outbox

ROUNDS = [2, pytest.param(40, marks=pytest.mark.soak)]
_numbers = count(1)


@pytest.fixture
def own_app(database_kind, databases, worker_id):
    """An application on a database of its own, where transactions are real."""
    name = f"claims_{worker_id}_{next(_numbers)}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / name / database_kind))
    yield app
    dispose(app)


def in_threads(app, work, several):
    """``work(key)`` of each in a thread of its own, all from the same instant; raises what one raises."""
    barrier = Barrier(len(several))

    def one(key):
        with app.app_context():
            barrier.wait()
            try:
                return work(key)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(several)) as pool:
        return list(pool.map(one, several))


def in_processes(app, work, several):
    """The same in processes, as workers and web servers are."""
    forked = multiprocessing.get_context("fork")
    barrier, outcomes = forked.Barrier(len(several)), forked.SimpleQueue()

    def one(key):
        outcome = "did not end"
        try:
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose(close=False)
                barrier.wait(30)
                work(key)
            outcome = ""
        except Exception as error:
            outcome = repr(error)
        finally:
            outcomes.put(outcome)
            os._exit(0)

    children = [forked.Process(target=one, args=(key,)) for key in several]
    for child in children:
        child.start()
    found = [outcomes.get() for _ in children]
    for child in children:
        child.join(30)
    assert found == [""] * len(children)


def submit(application_id, now):
    with writing() as session:
        application = session.get_one(Application, application_id)
        actor = owner_of(session, application)
        accepted = applications.undertakings_of(definition_of(application.call.definition))
        applications.submit_application(session, application, actor=actor, now=now, undertakings=accepted)


def check(application_id, now):
    """What the worker does, read again as often as it takes."""
    with writing() as session:
        revision_id = current_revision(session, session.get_one(Application, application_id)).id
        services.start_check(session, revision_id, actor=SYSTEM, now=now)
    while True:
        with reading() as session:
            case = services.read_case(session, revision_id, RunKind.SUBMIT, now=now)
        judged = services.judge(case)
        try:
            with writing() as session:
                services.record_run(session, judged, actor=SYSTEM, now=now)
            return
        except StaleEvidenceError:
            continue


def verdict(session, application_id, rule):
    findings = queries.latest_findings(session, session.get_one(Application, application_id))
    return next(finding.verdict for finding in findings if finding.rule == rule)


def drafts(app, wanted):
    """Ids of complete drafts and a number that the first invoice of all of them has; ``wanted`` makes call and unit."""
    invoice = f"253120000000{next(_numbers):08d}"
    with app.app_context():
        with writing() as session:
            made = [make_application(session, call=c, organisation=o, complete=True).id for c, o in wanted(session)]
            answer = update(Answer).where(Answer.field_key == "contracts.invoice_nos", Answer.row_id == "r1")
            session.execute(answer.where(Answer.application_id.in_(made)).values(value=[invoice]))
        db.session.remove()
    return made, invoice


def of_one_enterprise(session):
    call, organisation = make_case_call(session), make_organisation(session)
    return [(call, organisation), (call, organisation)]


def of_two_in_two_calls(session):
    return [(make_case_call(session), make_organisation(session)) for _ in range(2)]


def list_places(session, several, kind, key=None):
    """Who claims the thing, in order."""
    query = select(Claim.application_id).where(Claim.application_id.in_(several), Claim.kind == kind)
    return session.scalars((query if key is None else query.where(Claim.key == key)).order_by(Claim.place)).all()


CASES = {"SBC-28": of_one_enterprise, "SBC-27": of_two_in_two_calls}


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("rule", CASES)
def test_of_two_that_are_submitted_and_checked_at_once_exactly_one_passes(own_app, now, rule, rounds, database_kind):
    together = in_processes if database_kind == "sqlite" else in_threads
    for _ in range(rounds):
        pair, invoice = drafts(own_app, CASES[rule])

        together(own_app, lambda key: (submit(key, now), check(key, now)), pair)

        with own_app.app_context(), reading() as session:
            thing = ("sole_application.call",) if rule == "SBC-28" else ("used.invoice_nos", invoice)
            assert [verdict(session, key, rule) for key in list_places(session, pair, *thing)] == ["pass", "fail"]


def test_of_many_at_once_each_has_a_place_of_its_own(own_app, now):
    several, invoice = drafts(own_app, lambda session: of_two_in_two_calls(session) + of_one_enterprise(session))

    in_threads(own_app, lambda key: submit(key, now), several)

    with own_app.app_context(), reading() as session:
        assert sorted(list_places(session, several, "used.invoice_nos", invoice)) == sorted(several)
        places = session.scalars(select(Claim.place).where(Claim.key == invoice)).all()
        assert sorted(places) == [1, 2, 3, 4]


def withdraw(application_id, now):
    with writing() as session:
        application = session.get_one(Application, application_id)
        actor = owner_of(session, application)
        applications.withdraw_application(session, application, reason="改报下一批", actor=actor, now=now)


def lose(application_id, now):
    """What the worker does once the list is out."""
    with writing() as session:
        application = session.get_one(Application, application_id)
        set_state(session, application, ApplicationState.NOT_FUNDED, now=now)
        assert applications.let_go_uses(session, application.call_id, now=now) == 1


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("let_go", [withdraw, lose])
def test_what_is_let_go_while_the_other_is_checked_leaves_nobody_failed_by_it(own_app, now, let_go, rounds):
    for _ in range(rounds):
        (first, second), _invoice = drafts(own_app, of_two_in_two_calls)
        with own_app.app_context():
            submit(first, now)
            submit(second, now)
            check(first, now)
            db.session.remove()

        def act(key, first=first):
            let_go(key, now) if key == first else check(key, now)

        in_threads(own_app, act, [first, second])
        with own_app.app_context():
            drain_outbox()
            with reading() as session:
                assert verdict(session, second, "SBC-27") == "pass"
