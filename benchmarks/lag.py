"""A fresh submission while ten thousand re-checks wait, and the memory of the process that works them off."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import psycopg

from benchmarks.checks import RELAY, wait_until
from benchmarks.figures import Figure, at_most, middle, p95
from benchmarks.seeds import Waiting
from benchmarks.submissions import submit_one
from benchmarks.workbench import Workbench
from grants.launcher.children import Child
from grants.launcher.plans import worker_plan
from grants.outbox import Lane

RECHECKS, PROBES = 10_000, 20
GOAL_S = 2.0
GOAL_GROWTH = 1.1  # memory after the last re-check, as a multiple of that when the process was warm
PROCESSES = 2  # for interactive work, as `make run` has; bulk work has one
PATIENCE_S = 60.0
KB_PER_PAGE = 4
LEFT = "SELECT count(*) FROM outbox_message WHERE topic = 'application.recheck_asked' AND done_at IS NULL"
ASKED = """
INSERT INTO outbox_message (topic, payload, lane, attempt, losses, created_at, due_at)
SELECT 'application.recheck_asked', jsonb_build_object('revision_id', chosen.revision_id), 'bulk', 1, 0, now(), now()
FROM (
    SELECT s.revision_id FROM check_summary s JOIN application a ON a.id = s.application_id
    WHERE a.state IN ('checked', 'district_review', 'accepted') ORDER BY a.id LIMIT %(count)s
) AS chosen, generate_series(1, %(times)s)
"""
CHECKABLE = """
SELECT count(*) FROM check_summary s JOIN application a ON a.id = s.application_id
WHERE a.state IN ('checked', 'district_review', 'accepted')
"""
TOOK = """
SELECT extract(epoch FROM done_at - created_at) FROM outbox_message
WHERE topic = 'application.submitted' AND payload ->> 'revision_id' = (
    SELECT id::text FROM revision WHERE application_id = %s
) AND done_at IS NOT NULL
"""


def needed(bench: Workbench) -> int:
    """How many drafts ``measure`` uses up."""
    return bench.scale.count(PROBES, 4) + 1


def measure(bench: Workbench, drafts: Sequence[Waiting]) -> list[Figure]:
    """All figures; the drafts have been submitted afterwards. There are applications that have been checked."""
    submit_one(bench.app, drafts[0])  # compiled and cached from here on
    bench.execute("UPDATE outbox_message SET done_at = now() WHERE done_at IS NULL AND dead_at IS NULL")
    count = ask_for_rechecks(bench, bench.scale.count(RECHECKS, 200))
    plan = worker_plan(bench.settings, Lane.BULK, processes=1)
    with ExitStack() as stack:
        stack.enter_context(bench.running(RELAY))
        stack.enter_context(bench.running(bench.worker(PROCESSES)))
        bulk = stack.enter_context(bench.running(plan))
        wait_until(bench, LEFT, count - count // 10)
        delays = [delay_of(bench, draft) for draft in drafts[1:]]
        begun, first, waiting = time.monotonic(), memory_kb(bulk), int(str(bench.ask(LEFT)[0]))
        wait_until(bench, LEFT, 0)
        rate, last = waiting / (time.monotonic() - begun), memory_kb(bulk)
    if not waiting:
        raise RuntimeError("the re-checks were over before the last submission: there was nothing to hold it up")
    name = f"a submission is checked while {count:,} re-checks wait"
    return [
        at_most(f"{name}: median", middle(delays), "seconds", GOAL_S),
        at_most(f"{name}: 95 %", p95(delays), "seconds", GOAL_S),
        Figure(f"re-check of {count:,}, 1 worker process beside it", rate, "per second"),
        Figure("memory of that process at the end", last / 1024, "MB"),
        at_most("memory at the end, as a multiple of that after the submissions", last / first, "", GOAL_GROWTH),
    ]


def ask_for_rechecks(bench: Workbench, count: int) -> int:
    """Put so many messages into the bulk lane, as a large round of them would lie there; returns how many."""
    there = int(str(bench.ask(CHECKABLE)[0]))
    times = -(-count // there)
    with psycopg.connect(bench.url) as connection:
        return connection.execute(ASKED, {"count": -(-count // times), "times": times}).rowcount


def delay_of(bench: Workbench, draft: Waiting) -> float:
    """Submit, and say how long after its commit the check was recorded, by the database's clock."""
    submit_one(bench.app, draft)
    return wait_for_check(bench, draft.application_id)


def wait_for_check(bench: Workbench, application_id: UUID) -> float:
    """Seconds from the submission to its check's end.

    Raises:
        TimeoutError: not within a minute.
    """
    deadline = time.monotonic() + PATIENCE_S
    with psycopg.connect(bench.url, autocommit=True) as connection:
        while (row := connection.execute(TOOK, (application_id,)).fetchone()) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"a submission waited for more than {PATIENCE_S:.0f} s; see {bench.folder}")
            time.sleep(0.02)
    return float(row[0])


def memory_kb(worker: Child) -> int:
    """What the worker's forked processes have in memory now (RSS), in KB."""
    assert worker.process is not None
    main = worker.process.pid
    forked = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * KB_PER_PAGE for pid in forked)
