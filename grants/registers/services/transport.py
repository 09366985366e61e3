"""One question on the wire: HTTP GET, bounded in time and size, no redirects, JSON."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from grants.registers.domain import RegisterService

MAX_BYTES = 1_048_576
PIECE = 65_536
OK, NOT_FOUND, TOO_MANY = 200, 404, 429
LEAST_S = 0.001  # a time-out of 0 would mean none at all


class AskingError(Exception):
    """No usable answer. ``reason`` is kept and shown; ``may_pass``: another attempt may do better; ``blames``: it
    counts against the service."""

    def __init__(self, reason: str, *, may_pass: bool = False, blames: bool = True, pause_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.may_pass, self.blames, self.pause_s = reason, may_pass, blames, pause_s


@dataclass(slots=True)
class Wire:
    """One attempt; ``cut`` ends it from outside, for a server that keeps on sending a little."""

    service: RegisterService
    deadline: float  # of time.monotonic
    _socket: socket.socket | None = field(default=None, init=False)

    def fetch(self, uscc: str) -> Any:
        """The JSON that the service answers; raises AskingError."""
        parts = urlsplit(self.service.address(uscc))
        connection = _connection(parts, self._within(self.service.connect_s))
        try:
            return self._exchange(connection, parts)
        except TimeoutError as error:
            raise AskingError("timed_out", may_pass=True) from error
        except ssl.SSLError as error:
            raise AskingError("untrusted") from error
        except (OSError, http.client.HTTPException) as error:
            raise AskingError("unreachable", may_pass=True) from error
        finally:
            connection.close()

    def cut(self) -> None:
        """Break the connection off, whatever it is doing."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _exchange(self, connection: http.client.HTTPConnection, parts: SplitResult) -> Any:
        connection.connect()
        self._socket = connection.sock
        connection.sock.settimeout(self._within(self.service.read_s))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target or "/", headers=_headers(self.service))
        response = connection.getresponse()
        if response.status != OK:
            _refuse(response)
        return _parsed(self._body(connection, response))

    def _body(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> bytes:
        pieces, size = [], 0
        while True:
            if self._socket is not None and connection.sock is not None:
                connection.sock.settimeout(self._within(self.service.read_s))
            piece = response.read1(PIECE)
            if not piece:
                break
            size += len(piece)
            if size > MAX_BYTES:
                raise AskingError("too_large")
            pieces.append(piece)
        if response.length:  # of what was promised something is missing
            raise http.client.IncompleteRead(b"".join(pieces))
        return b"".join(pieces)

    def _within(self, limit_s: float) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise AskingError("timed_out", may_pass=True)
        return max(min(limit_s, left), LEAST_S)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connection(parts: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout_s, context=_trust())
    return http.client.HTTPConnection(host, parts.port, timeout=timeout_s)


def _headers(service: RegisterService) -> dict[str, str]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    return {**headers, "Authorization": f"Bearer {service.token}"} if service.token else headers


def _refuse(response: http.client.HTTPResponse) -> NoReturn:
    """404 is an answer that helps nobody and blames nobody; a redirect is never followed."""
    status = response.status
    passing = status >= 500 or status == TOO_MANY
    raise AskingError(f"status_{status}", may_pass=passing, blames=status != NOT_FOUND, pause_s=_asked_pause(response))


def _asked_pause(response: http.client.HTTPResponse) -> float:
    with suppress(ValueError):
        return min(max(float(response.getheader("Retry-After", "0")), 0.0), 3_600.0)
    return 0.0


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AskingError("malformed") from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
