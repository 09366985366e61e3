"""Applications by the ten thousand: ``flask demo load --applications N``, timed."""

from __future__ import annotations

import sys
import time

from benchmarks.figures import Figure, at_most
from benchmarks.workbench import Workbench
from grants.launcher.children import Plan

GOAL_S = 600  # for 100,000
PATIENCE_S = 1_200
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
COUNT = "SELECT count(*) FROM application WHERE ref IS NOT NULL"


def load_demonstration(bench: Workbench) -> float:
    """The demonstration itself; seconds."""
    return _run(bench, "demo", "load")


def fill_up(bench: Workbench, size: int) -> float:
    """One more round, so that there are ``size`` submitted applications; seconds."""
    there = int(str(bench.ask(COUNT)[0]))
    seconds = _run(bench, "demo", "load", "--applications", str(max(1, size - there)))
    bench.execute("VACUUM ANALYZE")
    return seconds


def figure(size: int, seconds: float) -> Figure:
    """How long a large round took; the goal is that of 100,000, in proportion."""
    return at_most(f"demo load, round of {size:,} applications", seconds, "seconds", GOAL_S * size / 100_000)


def _run(bench: Workbench, *words: str) -> float:
    bench.execute("UPDATE outbox_message SET done_at = now() WHERE done_at IS NULL AND dead_at IS NULL")
    begun = time.monotonic()
    with bench.running(Plan("demo-load", (*FLASK, *words))) as child:
        assert child.process is not None
        status = child.process.wait(PATIENCE_S)
    if status != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {status}")
    return time.monotonic() - begun
