"""A real HTTP server that stands for a register's service: what it does is chosen by the test, request by request."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; ``answer`` and ``send`` are what behaviours use."""

    server: "Registry"

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked.append(self.path)
            self.server.headers.append(dict(self.headers))
        self.server.behaviour(self)

    def answer(self, content: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(content).encode(), status, **headers)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Keep the test's output quiet."""


class Registry(ThreadingHTTPServer):
    """``asked`` are the paths of all requests; ``behaviour`` is what happens to the next ones."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.behaviour: Behaviour = says({"rows": []})
        self.stopping = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def address(self, register: str) -> str:
        """What goes into a register's URL setting."""
        return f"http://127.0.0.1:{self.port}/{register}/{{uscc}}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is what several tests are about."""


def says(content: Any, status: int = 200, **headers: str) -> Behaviour:
    """Answer this JSON."""
    return lambda handler: handler.answer(content, status, **headers)


def sends(body: bytes) -> Behaviour:
    """Answer these bytes."""
    return lambda handler: handler.send(body)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last one from then on."""
    left = list(behaviours)

    def next_one(handler: Handler) -> None:
        with handler.server.lock:
            behaviour = left.pop(0) if len(left) > 1 else left[0]
        behaviour(handler)

    return next_one


def hangs(handler: Handler) -> None:
    """Say nothing until the test is over."""
    handler.server.stopping.wait(30)


def drips_body(handler: Handler) -> None:
    """Promise an answer and send it byte by byte, each well within the time of one step."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.stopping.wait(0.02):
        handler.wfile.write(b" ")


def drips_head(handler: Handler) -> None:
    """Never come to the end of the first line."""
    while not handler.server.stopping.wait(0.02):
        handler.connection.sendall(b"H")


def breaks_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"rows": [')
    handler.connection.close()


@contextmanager
def registry() -> Iterator[Registry]:
    """A server for the length of a test."""
    server = Registry()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def is_soon(condition: Callable[[], bool], *, within_s: float = 10.0) -> bool:
    """Whether something comes to hold."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False
