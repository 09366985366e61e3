"""What is submitted is what its page showed: a draft that a colleague has changed meanwhile is shown again first."""

import re
from datetime import timedelta
from html import unescape

import pytest

from grants.accounts.models import Person
from grants.applications import services
from grants.applications.models import Application
from grants.applications.services import Entry
from grants.applications.states import ApplicationState
from tests.factories.accounts import actor_of, make_member, sign_in
from tests.factories.applications import make_application

TICKS = {f"a-{key}": "y" for key in ("commit_true", "commit_no_dup", "credit_auth")}
HIDDEN = re.compile(r'<input[^>]*name="(revision_no|seen|seen_at)"[^>]*value="([^"]*)"')


@pytest.fixture
def draft(session, now):
    application = make_application(session, complete=True, now=now)
    session.commit()
    return application


@pytest.fixture
def submit_page(session, client, clock, draft):
    """The check page as its author has it open; called with what it showed, it is sent."""
    sign_in(client, session.get_one(Person, draft.created_by))
    address = f"/apply/{draft.id}/submit"

    def send(shown=None):
        if shown is None:
            return dict(HIDDEN.findall(client.get(address).get_data(as_text=True)))
        return client.post(address, data={**shown, **TICKS})

    return send


def change(session, application, now, *entries):
    colleague = actor_of(session, make_member(session, application.organisation))
    services.save_answers(session, application, entries, actor=colleague, now=now)
    session.commit()


def words_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def test_an_answer_changed_after_the_page_was_opened_is_shown_before_it_is_submitted(
    session, now, clock, draft, submit_page
):
    shown = submit_page()
    clock.move_to(now + timedelta(minutes=3))
    change(session, draft, now + timedelta(minutes=3), Entry("version", "", "V9.9"))

    refused = submit_page(shown)

    assert refused.status_code == 409
    assert "您打开这一页以后，申报内容有改动" in words_of(refused)
    assert f'<a href="/apply/{draft.id}/sections/product#a-version">' in refused.get_data(as_text=True)
    assert "V9.9" in words_of(refused)
    assert stored(session, draft).state is ApplicationState.DRAFT

    again = submit_page(dict(HIDDEN.findall(refused.get_data(as_text=True))))

    assert again.status_code == 303
    assert stored(session, draft).state is ApplicationState.SUBMITTED


def test_a_row_deleted_after_the_page_was_opened_is_noticed_too(session, now, draft, submit_page):
    colleague = actor_of(session, make_member(session, draft.organisation))
    services.add_row(session, draft, "oss", "r77", actor=colleague, now=now)
    for path, text in (("oss.name", "组件"), ("oss.licence", "MIT")):
        services.save_answers(session, draft, [Entry(path, "r77", text)], actor=colleague, now=now)
    session.commit()
    shown = submit_page()
    services.delete_row(session, draft, "oss", "r77", seen=None, actor=colleague, now=now)
    session.commit()

    refused = submit_page(shown)

    assert refused.status_code == 409
    assert stored(session, draft).state is ApplicationState.DRAFT


@pytest.mark.parametrize("since", ["", "gestern", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00"])
def test_whatever_a_page_says_of_its_age_the_new_content_is_shown(session, now, draft, submit_page, since):
    shown = submit_page()
    change(session, draft, now, Entry("version", "", "V9.9"))

    assert submit_page({**shown, "seen_at": since}).status_code == 409


def test_saving_the_same_again_asks_nobody(session, now, draft, submit_page):
    shown = submit_page()
    change(session, draft, now, Entry("version", "", "V9.9"))
    change(session, draft, now, Entry("version", "", "V1.0"))

    assert submit_page(shown).status_code == 303


def stored(session, application):
    session.expire_all()
    return session.get_one(Application, application.id)
