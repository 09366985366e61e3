"""Signing in and out over HTTP: the lock-out, where it leads, what ends a session."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from grants.accounts import queries, services
from grants.accounts.models import SignInAttempt
from grants.db.demo_clock import write_offset
from grants.kernel.actor import Role
from tests.factories.accounts import (
    PASSWORD,
    make_member,
    make_person,
    make_session,
    make_staff,
    sign_in,
    sign_in_by_key,
)

NEW = "Xin-Mima-2026-ok"


@pytest.fixture
def person(session):
    person = make_member(session)
    session.commit()
    return person


def copy_of(client, app):
    """Another browser with the same cookie."""
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    other = type(client)(app, app.response_class)
    sign_in_by_key(other, key)
    return other


def enter(client, email, password=PASSWORD, path="/sign-in", **options):
    return client.post(path, data={"email": email, "password": password}, **options)


@pytest.fixture(autouse=True)
def without_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def test_the_right_password_lets_in_and_counts_as_success(client, session, person):
    answer = enter(client, f"  {person.email.upper()} ")

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert [row.succeeded for row in session.scalars(select(SignInAttempt))] == [True]


def test_it_leads_where_the_person_wanted_to_go_on_this_site_only(client, person):
    assert enter(client, person.email, path="/sign-in?next=/inbox").headers["Location"] == "/inbox"
    client.post("/sign-out")
    elsewhere = enter(client, person.email, path=f"/sign-in?next={quote('//evil.example/')}").headers["Location"]
    assert "evil" not in elsewhere


def test_unknown_and_known_addresses_get_the_same_answer(client, person):
    known = enter(client, person.email, "wrong-Password-1").text
    unknown = enter(client, "nobody@shili.example", "wrong-Password-1").text

    assert "再错 4 次" in known
    assert "再错 4 次" in unknown


def test_five_failures_lock_and_say_until_when(client, session, person, clock):
    for _ in range(5):
        enter(client, person.email, "wrong-Password-1")
        clock.shift(timedelta(minutes=1))

    locked = enter(client, person.email)
    assert locked.status_code == 429
    assert "请在 12:15:00 之后再试" in locked.text
    assert len(session.scalars(select(SignInAttempt)).all()) == 5

    clock.shift(timedelta(minutes=10))
    assert enter(client, person.email).status_code == 303


def test_thirty_failures_from_one_source_lock_it_for_every_address(client, session, person, clock):
    for number in range(30):
        enter(client, f"nobody{number}@shili.example", "wrong-Password-1")

    assert enter(client, person.email).status_code == 429
    assert enter(client, person.email, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303


def test_the_demonstration_clock_does_not_end_a_lock_out(client, session, person, clock):
    for _ in range(5):
        enter(client, person.email, "wrong-Password-1")
    write_offset(session, timedelta(days=30))
    session.commit()

    assert enter(client, person.email).status_code == 429


def test_signing_out_everywhere_ends_other_sessions(app, client, session, person):
    other = type(client)(app, app.response_class)
    for browser in (client, other):
        enter(browser, person.email)

    client.post("/sign-out/everywhere")

    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 303


def test_a_cookie_copied_before_signing_out_is_dead_afterwards(app, client, person):
    enter(client, person.email)
    thief = copy_of(client, app)
    assert thief.get("/account").status_code == 200

    client.post("/sign-out")

    assert thief.get("/account").headers["Location"].startswith("/sign-in")


def test_one_session_is_ended_from_another(app, client, session, person):
    enter(client, person.email, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})
    other = type(client)(app, app.response_class)
    enter(other, person.email, headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0 Safari/604.1"})
    page = client.get("/account").text
    [ended] = [row.id for row in queries.list_sessions(session, person.id) if "iPhone" in row.device]

    assert "Chrome，Windows 电脑" in page
    assert "微信，iPhone" in page
    assert client.post(f"/account/sessions/{ended}/end").status_code == 303
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_sessions_of_others_are_not_found(client, session, person):
    key = make_session(session, make_person(session))
    sign_in(client, person)
    session.commit()

    assert client.post(f"/account/sessions/{key}/end").status_code == 404


def test_of_more_sessions_than_a_person_needs_the_oldest_end(session, person, now):
    begun = [
        services.begin_session(session, person, device="", now=now + timedelta(minutes=number)).id
        for number in range(services.SESSIONS_KEPT + 1)
    ]

    assert {row.id for row in queries.list_sessions(session, person.id)} == set(begun[1:])


def test_the_last_day_of_a_session_is_noted_when_something_is_sent_and_not_by_reading(client, session, person, clock):
    enter(client, person.email)
    [kept] = queries.list_sessions(session, person.id)
    for _ in range(2):  # a cookie is good for twelve hours from the last page
        clock.shift(timedelta(hours=10))
        assert client.get("/account").status_code == 200

    session.expire_all()
    assert kept.seen_on.isoformat() == "2026-03-18"
    client.post("/inbox/read-all")
    session.expire_all()
    assert kept.seen_on.isoformat() == "2026-03-19"


def test_a_session_cookie_of_before_they_were_rows_asks_to_sign_in(client, person):
    sign_in_by_key(client, f"{person.id}:0")

    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_a_new_password_keeps_this_session_and_ends_the_others(app, client, session, person):
    other = type(client)(app, app.response_class)
    for browser in (client, other):
        enter(browser, person.email)

    wrong = {"password": "wrong-Password-1", "new_password": NEW, "new_password_again": NEW}
    assert client.post("/account/password", data=wrong).status_code == 422
    assert client.post("/account/password", data={**wrong, "password": PASSWORD}).status_code == 303

    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert enter(other, person.email).status_code == 422
    assert enter(other, person.email, NEW).status_code == 303


def test_a_weak_new_password_is_refused_with_its_reason(client, person):
    enter(client, person.email)

    answer = client.post(
        "/account/password", data={"password": PASSWORD, "new_password": "short", "new_password_again": "short"}
    )
    assert "密码至少 10 个字符" in answer.text


def test_a_closed_account_cannot_sign_in(client, session, person, now):
    person.disabled_at = now
    session.commit()

    assert enter(client, person.email).status_code == 422


def test_a_revoked_role_is_gone_with_the_next_request(client, session):
    administrator, officer = make_staff(session, Role.ADMINISTRATOR), make_staff(session, Role.OFFICER)
    session.commit()
    grant = officer.role_grants[0]
    sign_in(client, officer)
    assert client.get("/staff/memberships").status_code == 200

    sign_in(client, administrator)
    assert client.post(f"/staff/people/{officer.id}/roles/{grant.id}/revoke").status_code == 303

    sign_in(client, officer)
    assert client.get("/staff/memberships").status_code == 403


def test_signing_in_starts_from_an_empty_session(client, person):
    with client.session_transaction() as cookie:
        cookie["left_behind"] = "x"

    enter(client, person.email)

    with client.session_transaction() as cookie:
        assert "left_behind" not in cookie


def test_a_person_without_anything_comes_to_the_page_of_units(client, session):
    nobody = make_person(session)
    session.commit()

    assert enter(client, nobody.email).headers["Location"] == "/organisation"
    assert client.get("/organisation").status_code == 200
