"""Requests that no page sends: what was made by hand is refused in words, and never breaks a step."""

import json

import pytest

from grants.accounts.models import Person
from grants.applications.domain import digest
from tests.factories.accounts import sign_in
from tests.factories.applications import make_application

JSON = {"Accept": "application/json"}
EMPTY = [0, digest(None)]
HALF = "\ud800"  # half of a surrogate pair, which JSON can spell and no database takes
UNSEEN = (HALF, "\x00", "\u202e")


@pytest.fixture
def application(session, now, clock):
    application = make_application(session, now=now)
    session.commit()
    return application


@pytest.fixture
def owner(client, session, application):
    owner = session.get_one(Person, application.created_by)
    sign_in(client, owner)
    return owner


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("step", ["autosave", "presence", "live/sales"])
def test_a_name_that_no_page_spells_counts_as_not_shown(client, application, owner, step, sign):
    name = f"a-contracts-buyer--r1{sign}"
    form = {"person": str(owner.id), "shown": json.dumps({name: EMPTY})}

    answer = client.post(f"/apply/{application.id}/{step}", data=form, headers=JSON)

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("sign", UNSEEN)
def test_marks_that_no_page_spells_count_as_none(client, application, owner, sign):
    url = f"/apply/{application.id}/tables/contracts/paste"
    shown = client.post(url, data={"text": "示例"})
    of = shown.text.partition('name="of"')[2].partition('value="')[2].partition('"')[0]
    assert of

    answer = client.post(url, data={"text": "示例", "of": of, "bases": json.dumps({f"r{sign}": {"a": sign}})})

    assert answer.status_code == 200
    assert sign not in answer.text


def test_more_inputs_than_a_page_has_are_not_worked_out(client, application, owner):
    names = {f"a-contracts-buyer--r{number}": EMPTY for number in range(501)}
    form = {"person": str(owner.id), "shown": json.dumps(names)}

    answer = client.post(f"/apply/{application.id}/live/sales", data=form, headers=JSON)

    assert (answer.status_code, answer.json["code"]) == (422, "too_many_answers")


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_statement_that_nobody_can_print_is_none(client, session, sign):
    members = dict.fromkeys(
        ("ref", "revision", "submitted_at", "revision_at", "call", "org", "uscc", "content", "papers", "key"),
        f"x{sign}",
    )

    answer = client.get("/verify", query_string={"statement": json.dumps({**members, "format": "receipt-1"})})

    assert answer.status_code == 200
    assert "没有读到陈述" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "tables/contracts?deleted=x:y&moved=z&imported=2%00",
        "tables/contracts?imported=20260101",
        "revisions?from=99999999999999999999&to=draft",
        "revisions/99999999999999999999/x/y",
        "revisions/99999999999999999999.json",
        "comments/contracts?row=%F0%9F%98%80",
        "missing?mine=2",
    ],
)
def test_addresses_that_no_page_links_to_break_nothing(client, application, owner, query):
    assert client.get(f"/apply/{application.id}/{query}").status_code in (200, 404)
