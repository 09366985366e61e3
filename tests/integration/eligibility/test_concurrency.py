"""Two at once, on a database of their own: nothing is decided twice, no run is recorded twice."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import func, select

from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState as S
from grants.db import db, reading, writing
from grants.eligibility import queries, services
from grants.eligibility.models import AcceptanceRevocation, EligibilityRun, Finding, FormalDecision, Reconsideration
from grants.eligibility.states import Answer, Outcome, PersonVerdict, ReconsiderationState, RevocationState, RunKind
from grants.factory import create_app
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError
from tests.factories.accounts import actor_of, make_staff
from tests.factories.applications import owner_of
from tests.factories.eligibility import make_checked, submit_case
from tests.support.databases import dispose, make_settings

NUMBER = 4
_numbers = count(1)


@pytest.fixture
def own_app(database_kind, databases, worker_id):
    """An application on a database of its own, where transactions are real."""
    name = f"eligibility_{worker_id}_{next(_numbers)}"
    url = databases.copy(database_kind, name)
    app = create_app(make_settings(url, databases.folder / name / database_kind))
    yield app
    dispose(app)


def at_once(app, work):
    """Run ``work(number)`` in several threads that start together; returns what each returned or raised."""
    barrier = Barrier(NUMBER)

    def one(number):
        with app.app_context():
            barrier.wait()
            try:
                return work(number)
            except Exception as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(NUMBER) as pool:
        return list(pool.map(one, range(NUMBER)))


def test_of_officers_who_decide_at_once_one_decides(own_app, now):
    with own_app.app_context():
        with writing() as session:
            application_id = make_checked(session).id
            officers = [actor_of(session, make_staff(session, Role.OFFICER)) for _ in range(NUMBER)]
        db.session.remove()

    def decide(number):
        with writing() as session:
            application = session.get_one(Application, application_id)
            given = {"reason": "示例理由", "actor": officers[number], "now": now}
            services.decide(session, application, outcome=Outcome.ACCEPT, **given)

    outcomes = at_once(own_app, decide)

    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome is not None} == {IllegalTransitionError}
    with own_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(FormalDecision)) == 1
        assert session.get_one(Application, application_id).state is S.ACCEPTED


def test_of_workers_who_check_the_same_revision_at_once_one_run_stays(own_app, now):
    with own_app.app_context():
        with writing() as session:
            application = submit_case(session)
            revision_id = current_revision(session, application).id
        db.session.remove()

    def check(number):
        with writing() as session:
            services.start_check(session, revision_id, actor=SYSTEM, now=now)
        with reading() as session:
            case = services.read_case(session, revision_id, RunKind.SUBMIT, now=now)
        judged = services.judge(case)
        with writing() as session:
            services.record_run(session, judged, actor=SYSTEM, now=now)

    assert at_once(own_app, check) == [None] * NUMBER
    with own_app.app_context(), reading() as session:
        run = session.scalars(select(EligibilityRun)).one()
        assert session.scalar(select(func.count()).select_from(Finding)) == len(run.findings)
        assert session.scalars(select(Application.state)).one() is S.CHECKED


def test_of_officers_who_answer_an_objection_at_once_one_answers(own_app, now):
    with own_app.app_context():
        with writing() as session:
            application = make_checked(session)
            application_id, rejecting = application.id, actor_of(session, make_staff(session, Role.OFFICER))
            finding = next(one for one in queries.latest_findings(session, application) if one.rule == "SBC-05")
            word = {"verdict": PersonVerdict.FAIL, "reason": "不在本市", "clause": finding.clause}
            services.overrule_finding(session, application, finding_id=finding.id, **word, actor=rejecting, now=now)
            given = {"reason": "不在本市", "rule": "SBC-05", "actor": rejecting, "now": now}
            decision_id = services.decide(session, application, outcome=Outcome.REJECT, **given).id
            owner = owner_of(session, application)
            services.ask_reconsideration(session, application, statement="在本市", actor=owner, now=now)
            officers = [actor_of(session, make_staff(session, Role.OFFICER)) for _ in range(NUMBER)]
        db.session.remove()

    def answer(number):
        said = Answer.TAKE_BACK if number % 2 else Answer.UPHOLD
        with writing() as session:
            application = session.get_one(Application, application_id)
            given = {"answer": said, "reason": "示例理由", "actor": officers[number], "now": now}
            services.answer_rejection(session, application, decision_id=decision_id, **given)

    outcomes = at_once(own_app, answer)

    with own_app.app_context(), reading() as session:
        request = session.scalars(select(Reconsideration)).one()
        state = session.get_one(Application, application_id).state
        if request.state is ReconsiderationState.TAKEN_BACK:
            assert (state, outcomes.count(None)) == (S.SUBMITTED, 1)
        else:  # upheld first; afterwards it may still be taken back, once
            assert (request.state, outcomes.count(None)) == (
                ReconsiderationState.UPHELD,
                1 + (state is S.SUBMITTED),
            )
        assert {type(outcome) for outcome in outcomes if outcome is not None} <= {
            IllegalTransitionError,
            ForbiddenError,
        }


def test_of_officers_who_decide_on_a_revocation_at_once_one_decides(own_app, now):
    with own_app.app_context():
        with writing() as session:
            application = make_checked(session)
            application_id, proposing = application.id, actor_of(session, make_staff(session, Role.OFFICER))
            services.decide(session, application, outcome=Outcome.ACCEPT, actor=proposing, now=now)
            finding = next(one for one in queries.latest_findings(session, application) if one.rule == "SBC-05")
            word = {"verdict": PersonVerdict.FAIL, "reason": "不在本市", "clause": finding.clause}
            services.overrule_finding(session, application, finding_id=finding.id, **word, actor=proposing, now=now)
            given = {"rule": "SBC-05", "reason": "不在本市", "actor": proposing, "now": now}
            services.propose_revocation(session, application, **given)
            officers = [actor_of(session, make_staff(session, Role.OFFICER)) for _ in range(NUMBER)]
        db.session.remove()

    def settle(number):
        say = services.confirm_revocation if number % 2 else services.refuse_revocation
        with writing() as session:
            application = session.get_one(Application, application_id)
            say(session, application, note="示例意见", actor=officers[number], now=now)

    outcomes = at_once(own_app, settle)

    assert outcomes.count(None) == 1
    with own_app.app_context(), reading() as session:
        proposal = session.scalars(select(AcceptanceRevocation)).one()
        state = session.get_one(Application, application_id).state
        assert (proposal.state is RevocationState.CONFIRMED) == (state is S.REJECTED)
        in_force = select(func.count()).select_from(FormalDecision).where(FormalDecision.revoked_at.is_(None))
        assert session.scalar(in_force) == 1
