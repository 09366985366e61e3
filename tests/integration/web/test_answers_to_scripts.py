"""Whoever accepts JSON alone is told in JSON what went wrong, never by a page."""

import pytest

from grants.accounts.models import Person
from tests.factories.accounts import make_member, sign_in
from tests.factories.applications import make_application

JSON = {"Accept": "application/json"}


@pytest.fixture
def address(session, now):
    application = make_application(session, now=now)
    session.commit()
    return f"/apply/{application.id}/sections/product"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_signed_in_is_told_where_to_sign_in(client, address, method):
    answer = client.open(address, method=method, headers=JSON)

    assert answer.status_code == 401
    assert answer.json["code"] == "signed_out"
    assert answer.json["sign_in"] == "/sign-in"
    assert "重新登录" in answer.json["message"]


def test_a_token_that_went_with_its_session_is_a_session_that_ended(client, address):
    answer = client.forging().post(address, headers=JSON)

    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")


def test_a_token_of_an_earlier_session_is_told_apart_from_no_session(client, session, address):
    sign_in(client, session.query(Person).first())

    answer = client.forging().post(address, headers=JSON)

    assert (answer.status_code, answer.json["code"]) == (400, "form_expired")


def test_what_others_may_not_know_of_and_what_nobody_knows(client, session, address):
    sign_in(client, make_member(session))
    session.commit()

    foreign, unknown = client.get(address, headers=JSON), client.get("/apply/nowhere", headers=JSON)

    assert (foreign.status_code, foreign.json["code"]) == (404, "not_found")
    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")


def test_what_is_too_large_has_its_own_code(app, client, session, address, monkeypatch):
    sign_in(client, session.query(Person).first())
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)

    answer = client.post(address, headers=JSON, data={"a-tech_summary": "长" * 1_000})

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert "分几次保存" in answer.json["message"]


def test_a_browser_still_gets_its_page(client, address):
    answer = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert answer.status_code == 303
    assert client.get(address).status_code == 303
