"""Applications checked by real workers through the real broker, beside a task that selects, updates and commits."""

from __future__ import annotations

import sys
import time
from statistics import median

from sqlalchemy import select

from benchmarks.figures import Figure, share
from benchmarks.workbench import Workbench
from grants.db import reading
from grants.eligibility.models import EligibilityRun
from grants.eligibility.services.checking import judge_texts
from grants.launcher.children import Plan
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of

GOAL_PERCENT = 10
TASKS = 3_000
JUDGED = 200
PATIENCE_S = 180
WORKERS = (1, 2)
RELAY = Plan("relay", (sys.executable, "-m", "workers.relay"))
OPEN = """
SELECT count(*) FROM outbox_message
WHERE topic = 'application.submitted' AND done_at IS NULL AND dead_at IS NULL
"""


def measure(bench: Workbench) -> list[Figure]:
    """Check what has been submitted: half of it by one process, the rest by two."""
    bench.execute("UPDATE outbox_message SET done_at = now() WHERE topic = 'mail.requested' AND done_at IS NULL")
    waiting = int(str(bench.ask(OPEN)[0]))
    found = []
    for processes in WORKERS:
        limit = touched_per_second(bench, processes)
        rate = checked_per_second(bench, processes, until=waiting // 2 if processes == WORKERS[0] else 0)
        name = f"applications checked, {processes} worker process{'es' if processes > 1 else ''}"
        found.append(share(name, rate=rate, limit=limit, at_least_percent=GOAL_PERCENT))
        if processes == WORKERS[0]:
            found += [one_check(bench), rules_alone(bench)]
    return found


def one_check(bench: Workbench) -> Figure:
    """From the moment a worker takes a check up until it is done, registers and claims read, findings written."""
    milliseconds = bench.ask(
        "SELECT 1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - begun_at)) "
        "FROM outbox_message WHERE topic = 'application.submitted' AND done_at > begun_at"
    )[0]
    return Figure("one check in the worker, registers read (median)", float(str(milliseconds)), "ms")


def rules_alone(bench: Workbench) -> Figure:
    """The part of a check that is rules: stored cases judged again, texts and registers at hand."""
    with bench.app.app_context(), reading() as session:
        query = (
            select(EligibilityRun, DefinitionVersion)
            .join(DefinitionVersion, DefinitionVersion.id == EligibilityRun.definition_id)
            .limit(JUDGED)
        )
        cases = [(definition_of(pinned), run.kind, run.case, run.evidence) for run, pinned in session.execute(query)]
    times = []
    for case in cases:
        begun = time.perf_counter()
        judge_texts(*case)
        times.append(time.perf_counter() - begun)
    return Figure("one check, rules only (median)", 1_000 * median(times), "ms")


def checked_per_second(bench: Workbench, processes: int, *, until: int) -> float:
    """Checks finished a second by the product's worker, fed by the relay, until so many are left."""
    done = (
        "SELECT count(*), extract(epoch FROM max(done_at) - min(done_at)) FROM outbox_message "
        "WHERE topic = 'application.submitted' AND done_at > %s"
    )
    begun = bench.ask("SELECT clock_timestamp()")[0]
    with bench.running(bench.worker(processes)), bench.running(RELAY):
        wait_until(bench, OPEN, until)
        count, seconds = bench.ask(done, begun)
    return (int(str(count)) - 1) / float(str(seconds))


def touched_per_second(bench: Workbench, processes: int) -> float:
    """Bare tasks finished a second, all of them in the queue before the worker starts."""
    count = bench.scale.count(TASKS, 300)
    bench.execute(
        "TRUNCATE bare_case",
        f"INSERT INTO bare_case (id, content) SELECT n, repeat('x', 1000) FROM generate_series(1, {count}) AS n",
        "ANALYZE bare_case",
    )
    send_bare_tasks(bench, count)
    options = ("--queues", f"{bench.settings.instance}.bare", "--concurrency", str(processes), "--hostname", "bare@%h")
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    command = (sys.executable, "-m", "celery", "--app", "benchmarks.bare_task", "--quiet", "worker", *options, *quiet)
    with bench.running(Plan("bare-worker", command)):
        wait_until(bench, "SELECT count(*) FROM bare_case WHERE done_at IS NULL", 0)
    seconds = bench.ask("SELECT extract(epoch FROM max(done_at) - min(done_at)) FROM bare_case")[0]
    return (count - 1) / float(str(seconds))


def send_bare_tasks(bench: Workbench, count: int) -> None:
    """Put so many bare tasks into the queue, from a process of their own."""
    program = f"from benchmarks.bare_task import touch\nfor n in range(1, {count} + 1): touch.delay(n)"
    with bench.running(Plan("bare-sender", (sys.executable, "-c", program))) as child:
        assert child.process is not None
        assert child.process.wait(PATIENCE_S) == 0, "the bare tasks could not be sent"


def wait_until(bench: Workbench, query: str, left: int) -> None:
    """Return when the query counts ``left`` or fewer.

    Raises:
        TimeoutError: nothing has moved for three minutes.
    """
    last, deadline = -1, time.monotonic() + PATIENCE_S
    while (now := int(str(bench.ask(query)[0]))) > left:
        if now != last:
            last, deadline = now, time.monotonic() + PATIENCE_S
        if time.monotonic() > deadline:
            raise TimeoutError(f"{now} are still to be done; see {bench.folder}")
        time.sleep(0.1)
