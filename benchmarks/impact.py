"""What a changed definition would change, worked out by two bulk workers; and every run of the round judged again."""

from __future__ import annotations

import sys
import time

from benchmarks.checks import RELAY
from benchmarks.figures import Figure, at_most
from benchmarks.workbench import Workbench
from grants.db import writing
from grants.eligibility.services import impacts
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import real_now
from grants.launcher.children import Plan
from grants.launcher.plans import worker_plan
from grants.outbox import Lane
from grants.programmes.domain.editing import edit_item, normalise
from grants.programmes.queries import get_newest_published

GOAL_S = 60  # for 10,000 cases on two cores
CASES = 10_000
PROCESSES = 2
PATIENCE_S = 300
CODE, PARAMETER, RAISED = "sbc", "min_sales", "700000"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
FINISHED = "SELECT count(*) FROM impact_preview WHERE finished_at IS NOT NULL OR failure <> ''"
OUTCOME = """
SELECT total, (SELECT count(DISTINCT application_id) FROM impact_change c WHERE c.preview_id = p.id), failure
FROM impact_preview p
"""


def measure(bench: Workbench) -> list[Figure]:
    """Preview a raised threshold over what is there, then replay it; both in seconds, the goal in proportion."""
    with bench.running(worker_plan(bench.settings, Lane.BULK, processes=PROCESSES)), bench.running(RELAY):
        time.sleep(3)  # until both are up: an administrator finds them running
        begun = time.monotonic()
        ask(bench)
        wait_until_finished(bench)
        seconds = time.monotonic() - begun
    total, changed, failure = bench.ask(OUTCOME)
    if failure:
        raise RuntimeError(str(failure))
    cases = int(str(total))
    runs, replayed = replay(bench)
    return [
        at_most(f"impact of a threshold on {cases:,} cases, {changed} change", seconds, "seconds", goal(cases)),
        Figure(f"eligibility replay of {runs:,} runs", runs / replayed, "per second"),
    ]


def goal(cases: int) -> float:
    """The goal for so many cases; a few seconds are each preview's own."""
    return max(5.0, GOAL_S * cases / CASES)


def ask(bench: Workbench) -> None:
    """Ask what a raised threshold would change of every case of the programme."""
    with bench.app.app_context(), writing() as session:
        version = get_newest_published(session, CODE)
        content = edit_item(normalise(version.source), "parameters", PARAMETER, {"default": RAISED}, order=())
        impacts.ask_impact(session, version.programme, content, parameters={}, actor=SYSTEM, now=real_now())


def wait_until_finished(bench: Workbench) -> None:
    """Return when the preview is worked out, or has failed.

    Raises:
        TimeoutError: five minutes were not enough.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not int(str(bench.ask(FINISHED)[0])):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no impact after {PATIENCE_S} s; see {bench.folder}")
        time.sleep(0.1)


def replay(bench: Workbench) -> tuple[int, float]:
    """How many runs there are, and how long judging all of them again took by command.

    Raises:
        RuntimeError: one came out differently.
    """
    runs = int(str(bench.ask("SELECT count(*) FROM eligibility_run")[0]))
    begun = time.monotonic()
    with bench.running(Plan("replay", (*FLASK, "eligibility", "replay"))) as child:
        assert child.process is not None
        status = child.process.wait(PATIENCE_S * 2)
    if status != 0:
        raise RuntimeError(f"replay ended with {status}; see {bench.folder}")
    return runs, time.monotonic() - begun
