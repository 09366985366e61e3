"""Real checks by real workers while parts die: every submitted application ends up checked, exactly once in effect."""

import os
import random
import signal
import time

import pytest
from sqlalchemy import select

from grants import outbox
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.db import reading, writing
from grants.demo.companies import company
from grants.eligibility.models import EligibilityRun
from grants.outbox import Message
from tests.factories.eligibility import make_case_call, submit_case
from tests.support.installation import installed
from tests.support.walking.rounds import Round, find
from tests.support.walking.visitor import says
from tests.support.walking.worlds import InstalledWorld

OWNER = 4
CHECKED = ["application.check_started", "application.checked"]
FEW, MANY = 5, 25
SOAK_S = 120
PATIENCE_S = 90


def pytest_generate_tests(metafunc):
    pairs = ["embedded", pytest.param("production", marks=pytest.mark.soak)]  # tests/workers has the other way round
    metafunc.parametrize("site", pairs, indirect=True)


@pytest.fixture(scope="module")
def site(request, databases):
    """Broker, relay and both kinds of worker; a test that takes one down starts it again."""
    with installed(request.param, databases, "relay", "worker", "bulk", task_limit_s=2) as running:
        yield running


@pytest.fixture(scope="module")
def call_id(site):
    """A call whose applications the tests submit."""
    with site.app.app_context(), writing() as session:
        return make_case_call(session).id


def submit(site, call_id, number=1):
    """Submit so many applications, each in a transaction of its own as on the page; returns their numbers."""
    refs = []
    for _ in range(number):
        with site.app.app_context(), writing() as session:
            refs.append(submit_case(session, call=session.get_one(Call, call_id)).ref)
    return refs


def read(site, query):
    with site.app.app_context(), reading() as session:
        return session.execute(query).all()


def states(site, refs):
    return {ref: state for ref, state in read(site, select(Application.ref, Application.state)) if ref in refs}


def wait_until_checked(site, refs):
    site.wait(lambda: set(states(site, refs).values()) == {ApplicationState.CHECKED}, seconds=PATIENCE_S)
    site.wait(site.settled, seconds=PATIENCE_S)


def effects(site, ref):
    """What came of one submission: its runs, in effect or not, and the audited outcomes of its check."""
    runs = read(
        site,
        select(EligibilityRun.kind, EligibilityRun.number, EligibilityRun.superseded_at)
        .join(Application, Application.id == EligibilityRun.application_id)
        .where(Application.ref == ref),
    )
    ((key,),) = read(site, select(Application.id).where(Application.ref == ref))
    entries = read(
        site,
        select(AuditEntry.kind)
        .where(AuditEntry.subject_kind == "application", AuditEntry.subject_key == str(key))
        .order_by(AuditEntry.subject_no),
    )
    return [tuple(run) for run in runs], [kind for (kind,) in entries]


def checked_once(site, refs):
    """Assert one run per revision, and what it leads to recorded once, for each of them."""
    found = {ref: effects(site, ref) for ref in refs}
    assert {ref: runs for ref, (runs, _) in found.items() if runs != [("submit", 1, None)]} == {}
    checks = {ref: [kind for kind in kinds if "check" in kind] for ref, (_, kinds) in found.items()}
    assert {ref: kinds for ref, kinds in checks.items() if kinds != CHECKED} == {}


def stop_in_the_middle(site, ref):
    """Freeze the worker where it has begun to check and not recorded anything; False when it was quicker."""
    under_way = select(Message.begun_at).where(Message.topic == "application.submitted", Message.done_at.is_(None))
    deadline = time.monotonic() + PATIENCE_S
    while (rows := read(site, under_way)) and not any(begun_at for (begun_at,) in rows):
        assert time.monotonic() < deadline, "nobody begins to check it"
    os.killpg(site.children["worker"].process.pid, signal.SIGSTOP)
    time.sleep(0.05)
    if rows and effects(site, ref)[0] == []:
        return True
    os.killpg(site.children["worker"].process.pid, signal.SIGCONT)
    return False


def test_with_the_broker_down_an_enterprise_submits_and_is_checked_when_it_is_back(site):
    walk = Round(InstalledWorld(site), "sbc")
    walk.furnish(OWNER)
    walk.open_call()
    one = company(OWNER)
    home = walk.fill_in(one, walk.answers(904, one))
    site.broker.go_down()
    ref = walk.submit(one, home)
    site.wait(lambda: site.status().lag_seconds > 1, seconds=PATIENCE_S)
    owner = walk.person(one.email)
    owner.open(f"{home}/")
    says(owner, ref, "已提交")
    assert states(site, [ref]) == {ref: ApplicationState.SUBMITTED}

    site.broker.start()

    wait_until_checked(site, [ref])
    checked_once(site, [ref])
    with walk.world.session() as session:
        assert find(session, ref).revision_no == 1


def test_kill_9_of_the_worker_in_the_middle_of_a_check(site, call_id):
    for _ in range(20):
        (ref,) = submit(site, call_id)
        if stop_in_the_middle(site, ref):
            break
    else:
        pytest.fail("the worker was always quicker")

    site.kill("worker")
    assert effects(site, ref)[0] == []
    refs = [ref, *submit(site, call_id, FEW)]
    site.start("worker")

    wait_until_checked(site, refs)
    checked_once(site, refs)


def test_kill_9_of_the_broker_while_applications_are_being_checked(site, call_id):
    refs = submit(site, call_id, MANY)
    site.wait(lambda: ApplicationState.CHECKED in states(site, refs).values(), seconds=PATIENCE_S)

    site.broker.go_down()
    refs += submit(site, call_id, FEW)
    site.broker.start()

    wait_until_checked(site, refs)
    checked_once(site, refs)


@pytest.mark.soak
def test_kill_9_of_relay_and_worker_at_once(site, call_id):
    refs = submit(site, call_id, MANY)

    site.kill("relay")
    site.kill("worker")
    refs += submit(site, call_id, FEW)
    site.start("worker", "relay")

    wait_until_checked(site, refs)
    checked_once(site, refs)


@pytest.mark.soak
def test_everything_dies_at_random_while_applications_come_in(site, call_id):
    chance = random.Random(20260318)
    deadline, refs = time.monotonic() + SOAK_S, []
    while time.monotonic() < deadline:
        refs += submit(site, call_id, chance.randint(1, 12))
        victim = chance.choice(["worker", "relay", "bulk", "broker", "nobody"])
        if victim == "broker":
            site.broker.go_down()
            time.sleep(chance.random())
            site.broker.start()
        elif victim != "nobody":
            site.kill(victim)
            site.start(victim)
        time.sleep(chance.random() * 4)

    wait_until_checked(site, refs)
    checked_once(site, refs)
    assert site.status() == outbox.OutboxStatus(waiting=0, sent_not_done=0, dead=0, lag_seconds=0.0)
