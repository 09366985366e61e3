"""Cursors come from the address line: whatever stands there is a cursor of ours or refused, never an error."""

import base64
import json

import pytest
from sqlalchemy import select

from grants.audit import AuditEntry
from grants.db import paginate
from grants.kernel.errors import InvalidError


def encode(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "values",
    [
        ["2026-03-18T12:00:00", 1],  # an instant without a time zone
        ["2026-03-18T12:00:00+08:00", 2**70],
        ["2026-03-18T12:00:00+08:00", -(2**70)],
        ["2026-03-18T12:00:00+08:00", "one"],
        ["2026-03-18T12:00:00+08:00", None],
        ["2026-03-18T12:00:00+08:00", True],
        ["2026-03-18T12:00:00+08:00", 1e400],
        ["2026-03-18T12:00:00+08:00", [1]],
        ["0001-01-01T00:00:00+23:00", 1],  # before the calendar's first instant in UTC
        ["2026-03-18T12:00:00+08:00"],
        {"at": 1},
        7,
    ],
)
def test_a_cursor_of_junk_is_refused(session, values):
    with pytest.raises(InvalidError) as refused:
        paginate(session, select(AuditEntry), key=(AuditEntry.at, AuditEntry.id), after=encode(values))

    assert refused.value.code == "bad_cursor"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", 5, None])
def test_a_cursor_of_junk_text_is_refused(session, text):
    with pytest.raises(InvalidError):
        paginate(session, select(AuditEntry), key=(AuditEntry.kind, AuditEntry.id), after=encode([text, 1]))


@pytest.mark.parametrize(
    "cursor", ["", "é", "====", "a", "AAAA" * 50, base64.urlsafe_b64encode(b"[" * 30_000).decode()]
)
def test_what_is_no_cursor_is_refused(session, cursor):
    with pytest.raises(InvalidError):
        paginate(session, select(AuditEntry), key=(AuditEntry.id,), after=cursor)
