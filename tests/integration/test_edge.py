"""What every answer carries, and who may ask for figures."""

from dataclasses import replace
from itertools import count

import pytest
from flask import request

from grants.factory import create_app
from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.support.databases import dispose, make_settings

_numbers = count(1)


@pytest.fixture
def settings(app, monkeypatch):
    """Change settings for this test: ``settings(mode="production")``."""

    def change(**changes):
        monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], **changes))

    return change


@pytest.fixture
def administrator(session, client):
    person = make_staff(session, Role.ADMINISTRATOR)
    session.commit()
    sign_in(client, person)
    return person


def scrape(client, token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get("/metrics", headers=headers).status_code


def test_in_production_figures_are_for_the_holder_of_the_token(client, settings):
    assert scrape(client) == 200

    settings(mode="production")
    assert scrape(client) == 403
    assert scrape(client, "anything") == 403

    settings(mode="production", metrics_token="a token of the tests")
    assert [scrape(client, token) for token in ("", "another", "a token of the tests")] == [403, 403, 200]


@pytest.mark.parametrize("address", ["/staff/operations", "/staff/audit", "/staff/calls/nowhere"])
def test_what_is_for_some_is_kept_by_no_cache(client, administrator, address):
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_the_way_to_sign_in_is_kept_by_no_cache(client):
    answer = client.get("/staff/operations")

    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_browsers_are_told_to_stay_with_tls_where_the_site_has_it(app, client, monkeypatch):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers

    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)

    assert client.get("/sign-in").headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_visitors_are_told_apart_behind_proxies(database_kind, databases, worker_id, proxies, seen):
    name = f"proxies_{worker_id}_{next(_numbers)}"
    own = replace(
        make_settings(databases.copy(database_kind, name), databases.folder / name / database_kind), proxies=proxies
    )
    app = create_app(own)
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))

    app.test_client().get("/sign-in", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})

    assert addresses == [seen]
    dispose(app)
