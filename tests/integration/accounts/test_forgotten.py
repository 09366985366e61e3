"""Forgotten passwords over HTTP: the same answer for everybody, a link that opens once, sessions ended everywhere."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grants.accounts import queries, services
from grants.accounts.models import PasswordReset
from grants.notifications import InboxItem, Mail
from grants.outbox import Message
from tests.factories.accounts import PASSWORD, make_person, make_reset, make_session, sign_in
from tests.support.browsing import Browser

NEW = "Xin-Mima-2026-ok"
TWICE = {"new_password": NEW, "new_password_again": NEW}


@pytest.fixture
def person(session):
    somebody = make_person(session)
    session.commit()
    return somebody


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Links are good for half an hour of the machine's clock."""


def ask(client, email):
    return client.post("/forgotten", data={"email": email})


def enter(client, person, password):
    return client.post("/sign-in", data={"email": person.email, "password": password}).status_code


def link_of(session, person):
    """The path of the latest link mailed to a person."""
    query = select(Mail.body).where(Mail.to_address == person.email).order_by(Mail.id.desc())
    return "/forgotten/" + session.scalars(query).first().split("/forgotten/")[1].split()[0]


@pytest.fixture
def link(client, session, person, drain):
    ask(client, f" {person.email.upper()} ")
    drain()
    return link_of(session, person)


def test_known_and_unknown_addresses_get_the_same_answer_and_one_gets_a_mail(client, session, person, drain):
    answers = [ask(client, email) for email in (person.email, "nobody@shili.example")]
    drain()

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, "/forgotten/sent")] * 2
    assert session.scalars(select(Mail.to_address)).all() == [person.email]
    assert session.scalars(select(InboxItem)).all() == []


def test_a_link_sets_another_password_once_and_ends_every_session(client, session, person, link, app):
    elsewhere = Browser(app, app.response_class)
    sign_in(elsewhere, person)
    session.commit()

    assert client.post(link, data=TWICE).headers["Location"] == "/sign-in"

    assert elsewhere.get("/account").status_code == 303
    assert enter(client, person, PASSWORD) == 422
    assert enter(client, person, NEW) == 303
    client.post("/sign-out")
    assert client.post(link, data=TWICE).status_code == 404


def test_the_owner_hears_of_the_new_password(client, session, person, link):
    client.post(link, data=TWICE)

    assert session.scalars(select(InboxItem.kind).where(InboxItem.person_id == person.id)).all() == ["password.changed"]


def test_a_link_is_good_for_half_an_hour(client, link, clock):
    clock.shift(timedelta(minutes=29))
    assert client.get(link).status_code == 200
    clock.shift(timedelta(minutes=1))

    assert client.get(link).status_code == 404
    assert "链接已失效" in client.post(link, data=TWICE).text


def test_a_newer_link_makes_the_former_worthless(client, session, person, link, drain):
    ask(client, person.email)
    drain()

    assert client.get(link).status_code == 404
    assert client.get(link_of(session, person)).status_code == 200


def test_a_weak_password_is_refused_and_the_link_stays_good(client, link):
    weak = client.post(link, data={"new_password": "short", "new_password_again": "short"})

    assert (weak.status_code, "密码至少 10 个字符" in weak.text) == (422, True)
    assert client.post(link, data=TWICE).status_code == 303


def test_three_links_an_hour_for_one_address_known_or_not(client, person, clock):
    for email in (person.email, "nobody@shili.example"):
        assert [ask(client, email).status_code for _ in range(4)] == [303, 303, 303, 429]
    clock.shift(timedelta(hours=1))

    assert ask(client, person.email).status_code == 303


def test_twenty_links_an_hour_from_one_source(client):
    codes = [ask(client, f"nr{number}@shili.example").status_code for number in range(21)]

    assert codes == [303] * 20 + [429]
    other = client.post("/forgotten", data={"email": "x@shili.example"}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 303


def test_a_closed_account_gets_no_link_and_its_link_sets_nothing(client, session, person, link, drain, now):
    person.disabled_at = now
    session.commit()
    ask(client, person.email)
    drain()

    assert len(session.scalars(select(Mail)).all()) == 1
    assert client.post(link, data=TWICE).status_code == 404


def test_a_new_password_ends_a_lock_out(client, person, link):
    for _ in range(5):
        enter(client, person, "wrong-Password-1")
    assert enter(client, person, PASSWORD) == 429

    client.post(link, data=TWICE)

    assert enter(client, person, NEW) == 303


def test_the_message_asked_twice_sends_once_and_what_is_old_is_deleted(session, person, now):
    make_reset(session, person, token="old", asked_at=now - timedelta(days=2))
    services.ask_for_reset(session, email=person.email, source="", now=now)
    asked = session.scalars(select(Message.payload).where(Message.topic == "password.forgotten")).one()

    for _ in range(2):
        services.send_reset_link(session, reset_id(asked), now=now)

    assert len(session.scalars(select(Mail)).all()) == 1
    assert len(session.scalars(select(PasswordReset)).all()) == 1


def reset_id(payload):
    return UUID(payload["reset_id"])


def test_the_sessions_of_others_go_on(client, session, person, link):
    other = make_person(session)
    key = make_session(session, other)
    session.commit()

    client.post(link, data=TWICE)

    assert [str(one.id) for one in queries.list_sessions(session, other.id)] == [key]
