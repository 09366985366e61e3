"""Killed (-9) at every step of a check, and between sending and marking: counted afterwards, nothing is lost and
nothing is done twice."""

import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import func, select

from grants.applications.models import Application
from grants.applications.queries import current_revision
from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.models import Call
from grants.db import reading, writing
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.notifications import InboxItem
from grants.outbox import Message
from tests.factories.eligibility import make_case_call, submit_case
from tests.support.practice import STEPS, marked

PATIENCE_S = 90
DUPLICATES = 12
SEND_MANY = """
import sys
from workers.handing import CelerySender
send = CelerySender(sys.argv[1])
for _ in range(int(sys.argv[2])):
    ids = {"message_id": sys.argv[3], "revision_id": sys.argv[4]}
    send("eligibility.check_revision", "interactive", {"attempt": 1, **ids})
"""


@pytest.fixture(scope="module")
def call_id(installation):
    """A call whose applications the tests submit."""
    with installation.app.app_context(), writing() as session:
        return make_case_call(session).id


def submit_one(installation, call_id, *, dies_at=""):
    """Submit an application whose check is killed once; returns the id of its revision."""
    with installation.app.app_context(), writing() as session:
        application = submit_case(session, call=session.get_one(Call, call_id))
        revision_id = current_revision(session, application).id
        if dies_at:
            installation.tell_to_die(dies_at, str(revision_id))
    return revision_id


def submit(installation, call_id, number=1):
    """Submit so many applications; returns the ids of their revisions."""
    return [submit_one(installation, call_id) for _ in range(number)]


def read(installation, query):
    with installation.app.app_context(), reading() as session:
        return session.execute(query).all()


def wait_until_checked(installation, revisions):
    runs = select(func.count()).where(EligibilityRun.revision_id.in_(revisions))
    installation.wait(lambda: read(installation, runs)[0][0] >= len(revisions), seconds=PATIENCE_S)
    installation.wait(installation.settled, seconds=PATIENCE_S)


def count_what_came_of(installation, revisions):
    """How often each thing that follows from a check is there, over all these revisions."""
    mine = EligibilityRun.revision_id.in_(revisions)
    ids = [key for (key,) in read(installation, select(EligibilityRun.application_id).where(mine).distinct())]
    paths = [f"/apply/{key}/" for key in ids]
    entries = select(AuditEntry.kind, func.count()).where(AuditEntry.subject_key.in_([str(key) for key in ids]))
    told = select(func.count()).where(InboxItem.kind == "check.finished", InboxItem.path.in_(paths))
    states = read(installation, select(Application.state).where(Application.id.in_(ids)))
    findings = read(
        installation,
        select(EligibilityRun.id, func.count())
        .join(Finding, Finding.run_id == EligibilityRun.id)
        .where(mine)
        .group_by(EligibilityRun.id),
    )
    kinds = dict(map(tuple, read(installation, entries.group_by(AuditEntry.kind))))
    return {
        "runs": len(findings),
        "findings per run": len({count for _, count in findings}),
        "summaries": read(installation, select(func.count()).where(CheckSummary.application_id.in_(ids)))[0][0],
        "checked": Counter(state for (state,) in states)[ApplicationState.CHECKED],
        "audited": (kinds["application.check_started"], kinds["application.checked"]),
        "told": read(installation, told)[0][0],
        "dead": installation.status().dead,
    }


def send_many(installation, message_id, revision_id):
    """Put so many deliveries of one message into the queue, behind the relay's back."""
    given = (installation.settings.instance, str(DUPLICATES), message_id, revision_id)
    subprocess.run([sys.executable, "-c", SEND_MANY, *given], env=installation.environment(), check=True, timeout=60)


def once_each(number):
    return {
        "runs": number,
        "findings per run": 1,
        "summaries": number,
        "checked": number,
        "audited": (number, number),
        "told": number,
        "dead": 0,
    }


def test_killed_at_every_step_of_a_check(installation, call_id):
    revisions = [submit_one(installation, call_id, dies_at=step) for step in STEPS]

    wait_until_checked(installation, revisions)

    marks = [
        step for step, key in zip(STEPS, revisions, strict=True) if marked(installation.folder, step, str(key)).exists()
    ]
    assert marks == [], "nobody came by"
    assert count_what_came_of(installation, revisions) == once_each(len(STEPS))


def test_relay_killed_between_sending_and_marking(installation, call_id):
    installation.tell_to_die("sent")
    revisions = submit(installation, call_id, 5)
    installation.children["relay"].process.wait(PATIENCE_S)
    installation.start("relay")

    wait_until_checked(installation, revisions)

    assert count_what_came_of(installation, revisions) == once_each(5)


def test_a_message_that_arrives_many_times_at_once_is_worked_on_once(installation, call_id):
    installation.kill("worker")
    [revision] = submit(installation, call_id)
    message = select(Message.id).where(Message.payload["revision_id"].as_string() == str(revision))
    send_many(installation, str(read(installation, message)[0][0]), str(revision))
    installation.start("worker")

    wait_until_checked(installation, [revision])

    assert count_what_came_of(installation, [revision]) == once_each(1)
