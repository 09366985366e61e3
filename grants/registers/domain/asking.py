"""Services that are asked for what a register says: their settings, pauses, and what makes an answer well formed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from grants.registers.domain.cells import LARGEST, MAX_TEXT
from grants.registers.domain.records import fits
from grants.registers.domain.registers import REGISTERS, Register

MAX_RECORDS = 2_000  # of one code
MAX_REF = 80
MAX_TOTAL_S = 30.0  # a task has 45
PREFIX = "REGISTER_"
CODE = "{uscc}"
_VARIABLE = re.compile(rf"{PREFIX}(?P<key>[A-Z_]+?)_(?P<part>URL|TOKEN|SOURCE|CONNECT_S|READ_S|TOTAL_S|ATTEMPTS|"
                       r"PER_SECOND|FRESH_S|KEEP_S|TRIP_AFTER|REST_S)")  # fmt: skip
_FIGURES: Mapping[str, tuple[str, float, float, float]] = {  # variable -> attribute, default, least, most
    "CONNECT_S": ("connect_s", 3, 0.05, MAX_TOTAL_S),
    "READ_S": ("read_s", 5, 0.05, MAX_TOTAL_S),
    "TOTAL_S": ("total_s", 15, 0.1, MAX_TOTAL_S),
    "ATTEMPTS": ("attempts", 3, 1, 10),
    "PER_SECOND": ("per_second", 10, 0, 10_000),
    "FRESH_S": ("fresh_s", 600, 0, 86_400),
    "KEEP_S": ("keep_s", 7 * 86_400, 0, 90 * 86_400),
    "TRIP_AFTER": ("trip_after", 5, 1, 1_000),
    "REST_S": ("rest_s", 60, 1, 86_400),
}


class RegisterSettingError(ValueError):
    """A variable of a register holds something else than it should; the text names it."""


class MalformedAnswerError(ValueError):
    """An answer that does not have the register's form; the text says where."""


@dataclass(frozen=True, slots=True)
class RegisterService:
    """A service that is asked about one code at a time.

    Seconds: ``connect_s`` and ``read_s`` bound one step on the wire, ``total_s`` all attempts together. ``per_second``
    bounds the questions of all processes (0: no bound). An answer younger than ``fresh_s`` is not asked for again; one
    younger than ``keep_s`` stands in while the service is down. After ``trip_after`` failures in a row nobody asks for
    ``rest_s``, twice as long each time it is still down.
    """

    register: str
    url: str
    source: str
    token: str = ""
    connect_s: float = 3
    read_s: float = 5
    total_s: float = 15
    attempts: int = 3
    per_second: float = 10
    fresh_s: float = 600
    keep_s: float = 7 * 86_400
    trip_after: int = 5
    rest_s: float = 60

    def address(self, uscc: str) -> str:
        """Where to ask about a code."""
        return self.url.replace(CODE, quote(uscc, safe=""))

    @property
    def fresh(self) -> timedelta:
        return timedelta(seconds=self.fresh_s)

    @property
    def keep(self) -> timedelta:
        return timedelta(seconds=self.keep_s)


@dataclass(frozen=True, slots=True)
class Answer:
    """A well-formed answer: the records in the register's columns; ``ref`` is the service's own number of it."""

    records: tuple[Mapping[str, Any], ...]
    ref: str = ""


def services_of(variables: Mapping[str, str]) -> dict[str, RegisterService]:
    """The services that the environment names, by register: ``REGISTER_REG_URL=https://…/{uscc}`` and the like.

    Raises:
        RegisterSettingError: a variable names no register or part of one, or its value cannot be used.
    """
    given: dict[str, dict[str, str]] = {}
    for name, value in sorted(variables.items()):
        found = _VARIABLE.fullmatch(name)
        if found is None or found["key"].lower() not in REGISTERS:
            raise RegisterSettingError(f"{name} names no setting of a register")
        if value.strip():
            given.setdefault(found["key"].lower(), {})[found["part"]] = value.strip()
    return {key: _service(REGISTERS[key], parts) for key, parts in given.items()}


def pause_s(attempt: int, chance: float) -> float:
    """How long to wait before the attempt after the ``attempt``-th: doubling from 0.2 s to 5 s, of which ``chance``
    (from 0 to 1) takes away up to half, so that many callers do not come back at once."""
    return float(min(5.0, 0.2 * 2 ** (attempt - 1))) * (1 - chance / 2)


def read_answer(register: Register, content: Any) -> Answer:
    """Check an answer: ``{"record": {…} | null}`` of a register with one record per code, else ``{"rows": [{…}]}``;
    ``ref`` is optional. What the register has no column for is dropped, a column that is not there is unknown.

    Raises:
        MalformedAnswerError: anything else.
    """
    if not isinstance(content, dict):
        raise MalformedAnswerError("not an object")
    slot = "record" if register.single else "rows"
    if slot not in content:
        raise MalformedAnswerError(f"no {slot}")
    rows = content[slot]
    if register.single:
        rows = [] if rows is None else [rows]
    if not isinstance(rows, list) or len(rows) > MAX_RECORDS:
        raise MalformedAnswerError(f"{slot} is no list of at most {MAX_RECORDS}")
    ref = content.get("ref")
    return Answer(
        tuple(_record(register, row, number) for number, row in enumerate(rows, 1)),
        ref[:MAX_REF] if isinstance(ref, str) and ref.isprintable() else "",
    )


def _record(register: Register, row: Any, number: int) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise MalformedAnswerError(f"record {number} is no object")
    record = {key: row.get(key) for key in register.columns}
    for key, column in register.columns.items():
        if not fits(column, record[key]) or not _storable(record[key]):
            raise MalformedAnswerError(f"record {number}: {key}")
    return record


def _storable(value: str | bool | int | None) -> bool:
    """Neither longer nor larger than what people import, and without what a database refuses."""
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and value.isprintable()
    return value is None or abs(value) <= LARGEST


def _service(register: Register, parts: Mapping[str, str]) -> RegisterService:
    name = f"{PREFIX}{register.key.upper()}"
    url = parts.get("URL", "")
    if not _is_address(url):
        raise RegisterSettingError(f"{name}_URL must be http(s)://host/… with {CODE} where the credit code belongs")
    token = parts.get("TOKEN", "")
    if not (token.isascii() and token.isprintable()):
        raise RegisterSettingError(f"{name}_TOKEN must be printable ASCII: it goes into a header")
    figures: dict[str, Any] = {}
    for part, (attribute, default, least, most) in _FIGURES.items():
        value = _figure(f"{name}_{part}", parts.get(part, str(default)), least, most)
        figures[attribute] = int(value) if attribute in ("attempts", "trip_after") else value
    source = parts.get("SOURCE", f"{register.label}服务")[:120]
    return RegisterService(register.key, url, source, token, **figures)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and CODE in parts.path + parts.query
        and url.isascii()
        and not parts.fragment
        and " " not in url
    )


def _figure(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise RegisterSettingError(f"{name} must be a number from {least:g} to {most:g}")
    return value
