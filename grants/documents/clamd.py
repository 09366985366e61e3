"""Asking a clamd over its socket: one connection and one INSTREAM per file, sent in chunks.

``SCANNER_URL``: ``clamd+unix:///run/clamav/clamd.ctl`` or ``clamd://host:3310``. Whatever is not a clear answer - a
time-out, a connection that ends, the scanner's own limit of size, an error it reports - is a scan that did not happen.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

CHUNK_BYTES = 256 * 1024
PATIENCE_S = 15.0  # for one file, everything included
PING_PATIENCE_S = 2.0
PORT = 3310
MAX_ANSWER_BYTES = 4_096
FOUND, OK = " FOUND", " OK"


class ScannerError(OSError):
    """The file was not scanned; may pass."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """A scanner: ``address`` is a path or (host, port)."""

    address: str | tuple[str, int]

    def find(self, stream: BinaryIO, *, patience_s: float = PATIENCE_S) -> str:
        """The name of what was found in the stream, empty when it is clean; raises ScannerError."""
        with self._connected(patience_s) as line:
            line.send(b"zINSTREAM\0")
            with suppress(BrokenPipeError, ConnectionResetError):  # it has answered before the end, and says why
                while chunk := stream.read(CHUNK_BYTES):
                    line.send(struct.pack("!I", len(chunk)) + chunk)
                line.send(struct.pack("!I", 0))
            answer = line.receive().removeprefix("stream:")
        if answer.endswith(FOUND):
            return answer.removesuffix(FOUND).strip()
        if answer.strip() != OK.strip():
            raise ScannerError(answer.strip() or "the scanner ended the connection without an answer")
        return ""

    def is_well(self) -> bool:
        """Whether it answers within two seconds, for ``/readyz``."""
        with suppress(ScannerError), self._connected(PING_PATIENCE_S) as line:
            line.send(b"zPING\0")
            return line.receive() == "PONG"
        return False

    @contextmanager
    def _connected(self, patience_s: float) -> Iterator[_Line]:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            line = _Line(connection, time.monotonic() + patience_s)
            try:
                line.wait_at_most_what_is_left()
                connection.connect(self.address)
                yield line
            except ScannerError:
                raise
            except OSError as error:
                raise ScannerError(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Line:
    """A connection with one deadline for all it does: a scanner that answers byte by byte does not gain time."""

    connection: socket.socket
    deadline: float

    def wait_at_most_what_is_left(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise ScannerError("the scanner took too long")
        self.connection.settimeout(left)

    def send(self, content: bytes) -> None:
        self.wait_at_most_what_is_left()
        self.connection.sendall(content)

    def receive(self) -> str:
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER_BYTES:
            self.wait_at_most_what_is_left()
            piece = self.connection.recv(MAX_ANSWER_BYTES)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0\n").decode(errors="replace")


class _Chosen:
    """The scanner in use; chosen once by the factory."""

    current: Clamd | None = None


def use_scanner(scanner: Clamd | None) -> None:
    """Take ``scanner`` for every file of this process; None leaves it at the built-in checks."""
    _Chosen.current = scanner


def current_scanner() -> Clamd | None:
    """The scanner that the factory chose, if any."""
    return _Chosen.current


def scanner_of(url: str) -> Clamd | None:
    """The scanner of a SCANNER_URL, None for an empty one; raises ValueError for a scheme nobody implements."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "clamd+unix" and parts.path:
        return Clamd(unquote(parts.path))
    if parts.scheme == "clamd" and parts.hostname:
        return Clamd((parts.hostname, parts.port or PORT))
    raise ValueError(f"SCANNER_URL: {url!r} is neither clamd+unix:///path nor clamd://host:port")
