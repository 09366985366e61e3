"""The worklist and the case file at two sizes, beside the same rows through bare Flask, psycopg and Jinja."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.clients import Answers, pool, read_in_turns, wait_for
from benchmarks.figures import Figure, at_most, times
from benchmarks.workbench import Workbench
from tests.support.browsing import Browser
from tests.support.statements import counted

SECONDS = 9.0  # of each side of each page
TURNS = 3  # so that what else the machine does meets both sides alike
WORKLIST = "/staff/?view=all"
VIEWS = ("worklist", "case file")
GOALS = {"worklist": (6, 8), "case file": (15, 12)}  # times the bare page, queries
GROWTH = 1.3  # of our own time at the smaller size
CASES = 20


@dataclass(frozen=True, slots=True)
class Sides:
    """Ours and the bare page, measured one after the other."""

    ours: Answers
    bare: Answers


def measure(bench: Workbench, cookie: str) -> dict[str, Sides]:
    """Both pages of both sides at four clients, at the present size."""
    refs = _refs(bench)
    pages = {
        "worklist": ([WORKLIST], ["/worklist"]),
        "case file": ([f"/staff/cases/{ref}" for ref in refs], [f"/case/{ref}" for ref in refs]),
    }
    seconds = bench.scale.seconds(SECONDS) / TURNS
    with bench.web("wsgi:app") as ours, bench.web("benchmarks.bare:app") as bare, pool() as clients:
        wait_for(ours, WORKLIST, cookie)
        wait_for(bare, "/worklist")
        return {
            view: Sides(*read_in_turns(clients, [(ours, own, cookie), (bare, theirs, "")], TURNS, seconds))
            for view, (own, theirs) in pages.items()
        }


def figures(bench: Workbench, size: int, sides: dict[str, Sides], cookie: str) -> list[Figure]:
    """Rates beside the limit, median, 95th percentile and queries."""
    found: list[Figure] = []
    paths = {"worklist": WORKLIST, "case file": f"/staff/cases/{_refs(bench)[0]}"}
    for view in VIEWS:
        multiple, queries = GOALS[view]
        ours, bare = sides[view].ours, sides[view].bare
        name = f"{view}, {size:,} applications"
        found += [
            times(name, rate=ours.per_second, limit=bare.per_second, at_most=multiple),
            Figure(f"{name}: median", ours.median_ms, "ms", bare.median_ms),
            Figure(f"{name}: 95th percentile", ours.p95_ms, "ms", bare.p95_ms),
            at_most(f"{name}: queries", count_queries(bench, paths[view], cookie), "", queries),
        ]
    return found


def growth(small: dict[str, Sides], large: dict[str, Sides]) -> list[Figure]:
    """Our own time at the larger size as a multiple of that at the smaller."""
    return [
        at_most(
            f"{view}: time at the larger size",
            round(small[view].ours.per_second / large[view].ours.per_second, 2),
            "times",
            GROWTH,
        )
        for view in VIEWS
    ]


def count_queries(bench: Workbench, path: str, cookie: str) -> int:
    """Queries of one request, caches warm."""
    browser = Browser(bench.app, bench.app.response_class, use_cookies=False)
    browser.get(path, headers={"Cookie": cookie})
    with counted() as found:
        answer = browser.get(path, headers={"Cookie": cookie})
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return found.queries


def _refs(bench: Workbench) -> list[str]:
    """Checked applications from the beginning and the end of the list."""
    query = """
        SELECT array(SELECT ref FROM application WHERE state = 'checked' ORDER BY id LIMIT %s)
            || array(SELECT ref FROM application WHERE state = 'checked' ORDER BY id DESC LIMIT %s)
    """
    refs = bench.ask(query, CASES // 2, CASES // 2)[0]
    assert isinstance(refs, list)
    return refs
