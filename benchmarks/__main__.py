"""``python -m benchmarks``: measure everything on a PostgreSQL of the run's own, print one table.

``BENCH_SCALE=0.1`` is a quick pass. The exit status is 0 whatever the figures: they are for reading, and a busy machine
must not break a build.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from benchmarks import checks, forms, impact, lag, loading, pages, rules, rush, saves, seeds, similarity, submissions
from benchmarks.figures import Figure, table
from benchmarks.workbench import Scale, Workbench, workbench

Done = TypeVar("Done")
SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000


def measure(bench: Workbench, found: list[Figure]) -> None:
    """Add every figure to ``found``, in the order of the table."""
    found += told("rules", rules.figures)
    found += told("forms", lambda: forms.figures(bench))
    pattern = seeds.fill_in_template(bench)
    officer = seeds.make_officer(bench)
    needed = saves.needed(bench) + submissions.needed(bench) + rush.needed(bench) + lag.needed(bench)
    drafts = seeds.copy_drafts(bench, pattern, needed)
    edited, drafts = drafts[: saves.needed(bench)], drafts[saves.needed(bench) :]
    found += told("autosave", lambda: saves.measure(bench, edited))
    crowd, drafts = drafts[: rush.needed(bench)], drafts[rush.needed(bench) :]
    fresh, drafts = drafts[: lag.needed(bench)], drafts[lag.needed(bench) :]
    found += told("submissions", lambda: submissions.measure(bench, drafts))
    found += told("checks", lambda: checks.measure(bench))
    found += told("rush before the deadline", lambda: rush.measure(bench, crowd))
    small, large = (bench.scale.count(size, 50) for size in (SMALL, LARGE))
    told("demonstration", lambda: loading.load_demonstration(bench))
    told(f"round up to {small:,} applications", lambda: loading.fill_up(bench, small))
    before = told(f"pages at {small:,}", lambda: pages.measure(bench, officer))
    found += pages.figures(bench, small, before, officer)
    middle = bench.scale.count(MIDDLE, 200)
    told(f"round up to {middle:,} applications", lambda: loading.fill_up(bench, middle))
    found += told("impact of a changed definition", lambda: impact.measure(bench))
    seconds = told(f"round up to {large:,} applications", lambda: loading.fill_up(bench, large))
    found.append(loading.figure(large - middle, seconds))
    found += told("submissions beside re-checks", lambda: lag.measure(bench, fresh))
    after = told(f"pages at {large:,}", lambda: pages.measure(bench, officer))
    found += pages.figures(bench, large, after, officer)
    found += pages.growth(before, after)
    found += told("similar texts", lambda: similarity.figures(bench))


def told(what: str, work: Callable[[], Done]) -> Done:
    """Do it, and say on the error stream what it is and how long it took."""
    begun = time.monotonic()
    print(f"{what} ...", end=" ", file=sys.stderr, flush=True)
    done = work()
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return done


def stop(number: int, frame: FrameType | None) -> None:
    """End by SystemExit, so that database, queues and processes of the run are removed."""
    sys.exit(128 + number)


def main() -> None:
    """Measure and print; what was measured before a failure is printed too."""
    found: list[Figure] = []
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        with workbench(Scale.from_env()) as bench:
            try:
                measure(bench, found)
            except BaseException:
                for log in sorted(bench.folder.glob("*.log")):
                    print(f"--- {log.name}\n{log.read_text()[-2_000:]}", file=sys.stderr)
                raise
    finally:
        print(table(found))


if __name__ == "__main__":
    main()
