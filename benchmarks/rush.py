"""The last afternoon: enterprises save field by field, upload, and all submit in the last minute, on two cores.

The whole product runs as in production: web, relay, workers; the clients share its two cores. Whatever the server
acknowledged is looked for afterwards: every value in its revision, every file in its manifest, one revision each. A
quarter of the crowd then does the same at the same rates to bare Flask and psycopg: that is the limit beside it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer

from benchmarks import clients
from benchmarks.figures import Figure, at_most, middle, p99
from benchmarks.seeds import Waiting, cookie_of
from benchmarks.workbench import Workbench
from grants.applications.domain import digest
from grants.applications.forms import input_name
from grants.applications.models import Application
from grants.applications.queries import load_draft
from grants.applications.services import undertakings_of
from grants.db import reading
from grants.launcher.children import Plan
from grants.launcher.plans import worker_plan
from grants.outbox import Lane
from grants.programmes.domain import Definition, Field, FieldKind, Phase
from tests.factories.documents import pdf_with_content
from tests.support.browsing import RAW_TOKEN

ENTERPRISES, SAVES, FILES = 200, 40, 3
WHOLE_S, LAST_S = 600.0, 60.0
CORES = 2
THREADS = 20
FILE_BYTES = 300_000
SETTLED_S = 300.0
ANSWERS = 1_000_000  # rows of the bare server
BARE_SHARE = 0.25  # of the crowd and of the time: the rates stay
IDLE_S = 3.0  # the server keeps an idle connection for five seconds
TAIL = 6  # characters of a text that a save changes
FREE_TEXT = (FieldKind.TEXT, FieldKind.LONG_TEXT)
CODES = ("_no", "_nos", "uscc", "name")  # claimed or looked up: left as they are
CSRF_SALT = "wtf-csrf-token"


@dataclass
class Enterprise:
    """One client: what it will do when, and what the server acknowledged."""

    waiting: Waiting
    cookie: str
    places: Sequence[tuple[str, str]]
    slots: Sequence[str]
    ticks: Mapping[str, str]
    bases: dict[str, list[object]]
    values: dict[tuple[str, str], str]
    saved: dict[tuple[str, str], str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    submitted: bool = False
    turn: int = 0


@dataclass
class Seen:
    """Seconds of every answer by kind of request, and whatever was not acknowledged."""

    latencies: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        """Add one answer."""
        with self.lock:
            self.latencies.setdefault(kind, []).append(seconds)

    def fail(self, what: str) -> None:
        """Add one request that was not acknowledged."""
        with self.lock:
            self.errors.append(what)


class Client:
    """One kept connection; every request carries cookie and token."""

    def __init__(self, port: int, secret_key: str, seen: Seen) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = str(URLSafeTimedSerializer(secret_key, salt=CSRF_SALT).dumps(RAW_TOKEN))
        self.seen = seen
        self.used_at = time.monotonic()

    def post(
        self,
        kind: str,
        path: str,
        who: Enterprise,
        body: bytes | Mapping[str, str],
        *,
        method: str = "POST",
        **more: str,
    ) -> tuple[int, bytes]:
        """Send; note how long the answer took. 599 stands for a broken connection."""
        sent = body if isinstance(body, bytes) else urlencode(body).encode()
        headers = {
            "Cookie": who.cookie,
            "Accept": "application/json",
            "X-CSRFToken": self.token,
            "Content-Type": "application/octet-stream"
            if isinstance(body, bytes)
            else "application/x-www-form-urlencoded",
            **more,
        }
        if time.monotonic() - self.used_at > IDLE_S:
            self.connection.close()  # as a browser does, before the server has
        self.used_at = time.monotonic()
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body=sent, headers=headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except OSError as error:
            self.connection.close()
            return 599, str(error).encode()
        self.seen.note(kind, time.perf_counter() - begun)
        return answer.status, text


Step = Callable[[Client, Enterprise], None]


def measure(bench: Workbench, drafts: Sequence[Waiting]) -> list[Figure]:
    """Let the rush happen, look for everything that was acknowledged, tell the figures.

    Raises AssertionError naming what was lost, or answered with an error.
    """
    whole, last = bench.scale.seconds(WHOLE_S), bench.scale.seconds(LAST_S)
    seen = Seen()
    people = [prepare(bench, waiting) for waiting in drafts]
    with on_cores(CORES), serving(bench) as port:
        run_all(people, STEPS, port, bench.settings.secret_key, seen, whole=whole, last=last)
        wait_until_settled(bench)
    require_nothing_lost(bench, people, seen)
    return figures(people, seen, bare_rush(bench, people, whole=whole, last=last), last=last)


def bare_rush(bench: Workbench, people: Sequence[Enterprise], *, whole: float, last: float) -> Seen:
    """The same at the same rates, written through bare Flask and psycopg on the same cores."""
    seen = Seen()
    crowd = people[: max(1, round(len(people) * BARE_SHARE))]
    with on_cores(CORES), bench.web("benchmarks.bare:app") as port:
        clients.wait_for(port, "/worklist")
        key = bench.settings.secret_key
        run_all(crowd, BARE_STEPS, port, key, seen, whole=whole * BARE_SHARE, last=last * BARE_SHARE)
    assert not seen.errors, seen.errors[:3]
    return seen


def needed(bench: Workbench) -> int:
    """How many drafts ``measure`` uses up."""
    return bench.scale.count(ENTERPRISES, 10)


def prepare(bench: Workbench, waiting: Waiting) -> Enterprise:
    """What one enterprise will change, as the pages would show it."""
    with bench.app.app_context(), reading() as session:
        application = session.get_one(Application, waiting.application_id)
        draft = load_draft(session, application)
    definition = draft.definition
    free = {place: answer for place, answer in draft.answers.items() if may_change(definition, place, answer.value)}
    return Enterprise(
        waiting,
        cookie_of(bench.app, waiting.person_id),
        sorted(free),
        [slot.key for slot in definition.documents if takes_a_file(slot)][:FILES],
        {input_name(path): "y" for path in undertakings_of(definition)},
        {input_name(*place): [answer.version, digest(answer.value)] for place, answer in free.items()},
        {place: str(answer.value) for place, answer in free.items()},
    )


def may_change(definition: Definition, place: tuple[str, str], value: object) -> bool:
    """Whether the answer is a text that a rule or a register does not hang on."""
    asked: Field = definition.fields_by_path[place[0]]
    free = asked.kind in FREE_TEXT and not asked.pattern and asked.phase is Phase.APPLICATION
    return free and isinstance(value, str) and not asked.key.endswith(CODES)


def takes_a_file(slot: object) -> bool:
    """Whether a slot of the whole application takes a PDF."""
    return (
        not slot.rows_of  # type: ignore[attr-defined]
        and slot.phase is Phase.APPLICATION  # type: ignore[attr-defined]
        and "pdf" in slot.accept  # type: ignore[attr-defined]
        and slot.max_files == 1  # type: ignore[attr-defined]
    )


def run_all(
    people: Sequence[Enterprise],
    steps_of: Mapping[str, Step],
    port: int,
    secret_key: str,
    seen: Seen,
    *,
    whole: float,
    last: float,
) -> None:
    """Every enterprise in its own time; a thread serves several, one request of each after the other."""
    chance = random.Random(20_261_122)
    begun = time.monotonic() + 1.0
    steps = [step for who in people for step in schedule(who, chance, whole=whole, last=last)]
    shares: list[list[tuple[float, Enterprise, str]]] = [[] for _ in range(THREADS)]
    thread_of = {id(who): number % THREADS for number, who in enumerate(people)}
    for at, who, what in sorted(steps, key=lambda step: step[0]):
        shares[thread_of[id(who)]].append((begun + at, who, what))
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda share: run_share(share, steps_of, Client(port, secret_key, seen)), shares))


def schedule(
    who: Enterprise, chance: random.Random, *, whole: float, last: float
) -> Iterator[tuple[float, Enterprise, str]]:
    """Saves and uploads at any time before the last minute, the submission within it."""
    for what, count in (("save", SAVES), ("upload", FILES)):
        for _ in range(count):
            yield chance.uniform(0, whole - last), who, what
    yield chance.uniform(whole - last, whole), who, "submit"


def run_share(share: Iterable[tuple[float, Enterprise, str]], steps_of: Mapping[str, Step], client: Client) -> None:
    """One thread's steps, each at its time or as soon after it as the one before was answered."""
    for at, who, what in share:
        time.sleep(max(0.0, at - time.monotonic()))
        steps_of[what](client, who)


def save(client: Client, who: Enterprise) -> None:
    """Change one text, as autosave does."""
    place = who.places[who.turn % len(who.places)]
    who.turn += 1
    name = input_name(*place)
    value = f"{who.values[place][:-TAIL]}{who.turn:0{TAIL}d}"
    shown = json.dumps({name: who.bases[name]})
    body = {"person": str(who.waiting.person_id), "shown": shown, name: value}
    status, text = client.post("save", f"/apply/{who.waiting.application_id}/autosave", who, body)
    told = json.loads(text) if status == 200 else {}
    if name not in told.get("saved", {}):
        client.seen.fail(f"save {place}: {status} {text[:300]!r}")
        return
    who.bases[name], who.saved[place] = told["saved"][name], value


def upload(client: Client, who: Enterprise) -> None:
    """Begin, send, finish: one file into the next slot."""
    slot = who.slots[len(who.files) % len(who.slots)]
    content = pdf_with_content(b"% " + os.urandom(FILE_BYTES // 2).hex().encode())
    base = f"/apply/{who.waiting.application_id}/uploads"
    status, text = client.post("upload", base, who, {"slot": slot, "name": "材料.pdf", "size": str(len(content))})
    if status == 201:
        told = json.loads(text)
        offset = {"Upload-Offset": "0"}
        status, text = client.post("upload", told["url"], who, content, method="PATCH", **offset)
    if status == 200:
        status, text = client.post("upload", told["finish_url"], who, {})
    if status != 200:
        client.seen.fail(f"upload into {slot}: {status} {text[:300]!r}")
        return
    who.files.append(slot)


def submit(client: Client, who: Enterprise) -> None:
    """Check and submit, as the buttons do."""
    base = f"/apply/{who.waiting.application_id}"
    client.post("begin", f"{base}/begin", who, {})
    status, text = client.post("submission", f"{base}/submit", who, {"revision_no": "0", **who.ticks})
    if status != 303:
        client.seen.fail(f"submission: {status} {text[:300]!r}")
        return
    who.submitted = True


def bare_post(kind: str, path: str, expected: int) -> Step:
    """A step that sends as much to the bare server and notes how long the answer took."""

    def step(client: Client, who: Enterprise) -> None:
        form = {"answer": str(who.waiting.application_id.int % ANSWERS), "value": "x" * 300, **who.ticks}
        body = os.urandom(FILE_BYTES) if kind == "upload" else form
        status, text = client.post(kind, path, who, body)
        if status != expected:
            client.seen.fail(f"bare {kind}: {status} {text[:300]!r}")

    return step


STEPS: Mapping[str, Step] = {"save": save, "upload": upload, "submit": submit}
BARE_STEPS: Mapping[str, Step] = {
    "save": bare_post("save", "/save", 200),
    "upload": bare_post("upload", "/upload", 200),
    "submit": bare_post("submission", "/submit", 303),
}


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """This process, and all it starts meanwhile, on so many cores; the database and the broker run where they do."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def serving(bench: Workbench) -> Iterator[int]:
    """The whole product; gives the port of its web server."""
    with ExitStack() as stack:
        for plan in (
            worker_plan(bench.settings, Lane.INTERACTIVE, processes=2),
            worker_plan(bench.settings, Lane.BULK, processes=1),
            Plan("relay", (sys.executable, "-m", "workers.relay")),
        ):
            stack.enter_context(bench.running(plan))
        port = stack.enter_context(bench.web("wsgi:app"))
        clients.wait_for(port, "/")
        yield port


def wait_until_settled(bench: Workbench) -> None:
    """Until every message that the rush published is done."""
    deadline = time.monotonic() + SETTLED_S
    while time.monotonic() < deadline:
        if bench.ask("SELECT count(*) FROM outbox_message WHERE done_at IS NULL AND dead_at IS NULL") == (0,):
            return
        time.sleep(0.5)
    raise AssertionError("messages are left over after the rush")


def require_nothing_lost(bench: Workbench, people: Sequence[Enterprise], seen: Seen) -> None:
    """Raises AssertionError unless everything acknowledged is there, once, and nobody was told of an error."""
    assert not seen.errors, f"{len(seen.errors)} requests failed, the first: {seen.errors[:3]}"
    for who in people:
        key = who.waiting.application_id
        revisions = bench.ask("SELECT count(*), max(content) FROM revision WHERE application_id = %s", key)
        assert (who.submitted, revisions[0]) == (True, 1), f"{key}: {revisions[0]} revisions"
        content = json.dumps(json.loads(str(revisions[1])), ensure_ascii=False)
        lost = [place for place, value in who.saved.items() if json.dumps(value, ensure_ascii=False) not in content]
        assert not lost, f"{key}: acknowledged and not in the revision: {lost}"
        attached = bench.ask(
            "SELECT count(*) FROM attachment a JOIN stored_file f ON f.id = a.file_id"
            " WHERE a.application_id = %s AND a.removed_at IS NULL AND f.name = '材料.pdf'",
            key,
        )
        assert attached == (len(set(who.files)),), f"{key}: {attached[0]} of {len(set(who.files))} files"


def figures(people: Sequence[Enterprise], seen: Seen, bare: Seen, *, last: float) -> list[Figure]:
    """What the clients saw, of ours and of the bare server; an upload of ours is three requests, each counted."""
    found = [Figure(f"rush: submissions in the last {last:.0f} s", len(people) / last, "per second")]
    for kind in ("save", "upload", "submission"):
        for name, cut in (("median", middle), ("99th percentile", p99)):
            ours, limit = (1_000 * cut(one.latencies[kind]) for one in (seen, bare))
            found.append(Figure(f"rush: {kind}, {name}", ours, "ms", limit, f"{ours / limit:.1f} x"))
    return [*found, at_most("rush: errors, and things acknowledged that are lost", len(seen.errors), "", 0)]
