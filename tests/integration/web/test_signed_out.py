"""A session that ended while a form was open: what was typed is still there to be copied, and the way on is named."""

import pytest
from sqlalchemy import delete

from grants.accounts.models import Person, PersonSession
from tests.factories.accounts import make_member, sign_in
from tests.factories.applications import make_application

TYPED = "一小时的<文字>" * 10


@pytest.fixture
def address(session, now):
    application = make_application(session, now=now)
    session.commit()
    return f"/apply/{application.id}/sections/product"


def test_a_form_whose_token_is_gone_gives_back_what_was_typed(client, address):
    answer = client.forging().post(address, data={"a-tech_summary": TYPED, "password": "geheim", "shown": "{}"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "一小时的&lt;文字&gt;" * 10 in page
    assert "geheim" not in page
    assert 'href="/sign-in" target="_blank"' in page


def test_a_session_ended_elsewhere_gives_back_what_was_typed(client, session, address):
    person = session.query(Person).first()
    sign_in(client, person)
    session.execute(delete(PersonSession))
    session.commit()

    answer = client.post(address, data={"a-tech_summary": TYPED})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "一小时的&lt;文字&gt;" * 10 in page
    assert "不要刷新本页" in page


def test_a_role_that_is_missing_shows_nothing_of_the_form(client, session):
    sign_in(client, make_member(session))
    session.commit()

    answer = client.post("/staff/calls/calendar/years", data={"year": "2031-xyz"})

    assert answer.status_code == 403
    assert "2031-xyz" not in answer.get_data(as_text=True)
