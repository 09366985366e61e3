"""Clients over HTTP, each a process of its own with one kept connection."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.pool import Pool
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer

from benchmarks.figures import middle, p95
from tests.support.browsing import RAW_TOKEN

CLIENTS = 4
WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What the clients saw: seconds of each answer, and how long all of it took."""

    latencies: Sequence[float]
    elapsed_s: float

    @property
    def per_second(self) -> float:
        """Answers a second over all clients."""
        return len(self.latencies) / self.elapsed_s

    @property
    def median_ms(self) -> float:
        """The median of one answer, in milliseconds."""
        return 1_000 * middle(self.latencies)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of one answer, in milliseconds."""
        return 1_000 * p95(self.latencies)


@dataclass(frozen=True, slots=True)
class Form:
    """A form to send: address, cookie and body."""

    path: str
    cookie: str
    body: str


def pool(processes: int = CLIENTS) -> Pool:
    """Processes that send; started without anything of this one, connections to the database above all."""
    return get_context("spawn").Pool(processes)


def wait_for(port: int, path: str, cookie: str = "", *, seconds: float = 30) -> None:
    """Return when the page answers 200.

    Raises:
        TimeoutError: it did not within ``seconds``; the message has its last answer.
    """
    deadline, last = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            last = f"{answer.status} {answer.read()[:300]!r}"
            if answer.status == 200:
                return
        except OSError as error:
            last = str(error)
        finally:
            connection.close()
        time.sleep(0.2)
    raise TimeoutError(f"{path}: {last}")


def read_in_turns(
    clients: Pool, sides: Sequence[tuple[int, Sequence[str], str]], turns: int, seconds: float
) -> list[Answers]:
    """Read the pages of each side - port, paths, cookie - in turn, ``seconds`` at a time by CLIENTS clients.

    A first turn that is not counted warms both up.
    """
    for port, paths, cookie in sides:
        read_pages(clients, port, paths, cookie, seconds=WARM_UP_S)
    read: list[list[Answers]] = [[] for _ in sides]
    for _ in range(turns):
        for answers, (port, paths, cookie) in zip(read, sides, strict=True):
            answers.append(read_pages(clients, port, paths, cookie, seconds=seconds))
    return [joined(answers) for answers in read]


def read_pages(clients: Pool, port: int, paths: Sequence[str], cookie: str, *, seconds: float) -> Answers:
    """Every client reads the pages in turn for so long."""
    results = clients.starmap(_read, [(port, paths, cookie, seconds)] * CLIENTS, chunksize=1)
    return Answers([latency for result in results for latency in result[0]], max(result[1] for result in results))


def joined(answers: Sequence[Answers]) -> Answers:
    """Several measurements of the same thing as one."""
    latencies = [latency for part in answers for latency in part.latencies]
    return Answers(latencies, sum(part.elapsed_s for part in answers))


def send_forms(port: int, forms: Sequence[Form], count: int = CLIENTS, *, expected: int = 303) -> Answers:
    """Every one of ``count`` clients sends its share of the forms, one after the other; each must be answered so."""
    shares = [forms[number::count] for number in range(count)]
    with pool(count) as processes:
        processes.map(_nothing, range(count))
        begun = time.perf_counter()
        results = processes.starmap(_send, [(port, share, expected) for share in shares], chunksize=1)
        return Answers([latency for result in results for latency in result], time.perf_counter() - begun)


def form(path: str, cookie: str, secret_key: str, **fields: str) -> Form:
    """A form with the token that belongs to the cookie."""
    token = str(URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token").dumps(RAW_TOKEN))
    return Form(path, cookie, urlencode({"csrf_token": token, **fields}))


def _read(port: int, paths: Sequence[str], cookie: str, seconds: float) -> tuple[list[float], float]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    latencies: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        path = paths[len(latencies) % len(paths)]
        started = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        latencies.append(time.perf_counter() - started)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
    elapsed = time.perf_counter() - begun
    connection.close()
    return latencies, elapsed


def _send(port: int, forms: Iterable[Form], expected: int) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    latencies: list[float] = []
    for sent in forms:
        started = time.perf_counter()
        headers = {"Cookie": sent.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", sent.path, body=sent.body, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        latencies.append(time.perf_counter() - started)
        if answer.status != expected or "sign-in" in (answer.getheader("Location") or ""):
            raise AssertionError(f"{sent.path}: {answer.status} {text[:500].decode(errors='replace')}")
    connection.close()
    return latencies


def _nothing(number: int) -> None:
    """So that the processes have been started before time is taken."""
