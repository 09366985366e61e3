"""Query strings and addresses that no link of ours has made: an answer in words, never a broken page."""

import base64
import json
from urllib.parse import quote

import pytest

from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.factories.eligibility import make_case_call, make_checked


def cursor_of(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


ZEROS = "0" * 32
CURSORS = (
    "x", "😀", *map(cursor_of, ([1], None, {"a": 1}, [None], [[]], ["x", "y"], [10**40], ZEROS, [ZEROS, ZEROS])),
    base64.urlsafe_b64encode(b"[" * 2_500).decode(),
)  # fmt: skip
TEXTS = ("%", "_", "9" * 6, "9" * 300, "-", "-" * 300, "' OR 1=1 --", "😀" * 50, "\\", "<script>", "\ud800")
LISTS = ("/staff/?view=all", "/staff/panels?stage=accepted", "/staff/experts?q=")
FIELDS = ("/staff/?q=", "/staff/experts?q=", "/staff/?view=", "/staff/?state=", "/staff/?call=", "/staff/panels?stage=")
NUMBERS = ("SBC-2026-99-9999", "😀", "x" * 2_000, "'", "%25")
STEPS = ("", "/decide", "/return", "/reject", "/recheck", "/documents/x/y")


@pytest.fixture(autouse=True)
def _an_officer_at_noon(session, client, clock):
    make_checked(session, call=make_case_call(session))
    sign_in(client, make_staff(session, Role.OFFICER))


@pytest.mark.parametrize("address", LISTS)
def test_a_cursor_that_was_not_made_here_is_refused(client, address):
    found = {
        (name, cursor): client.get(f"{address}&{name}={quote(cursor)}").status_code
        for name in ("after", "before")
        for cursor in CURSORS
    }

    assert set(found.values()) == {422}, found


@pytest.mark.parametrize("address", FIELDS)
def test_whatever_is_looked_for_finds_something_or_nothing(client, address):
    found = {text: client.get(address + quote(text.encode(errors="surrogatepass"))).status_code for text in TEXTS}

    assert set(found.values()) <= {200, 400, 422}, found


@pytest.mark.parametrize("step", STEPS)
def test_a_case_that_does_not_exist_is_not_found(client, step):
    found = {number: client.get(f"/staff/cases/{quote(number)}{step}").status_code for number in NUMBERS}

    assert set(found.values()) == {404}, found
