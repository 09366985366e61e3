"""Lists and case files ask the database the same number of questions however much there is to show."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from grants.db import db
from grants.kernel.actor import Role
from tests.factories.accounts import make_member, make_organisation, make_staff, sign_in
from tests.factories.eligibility import make_case_call, make_checked, submit_case

LIST_LIMIT = 8  # performance.md
CASE_LIMIT = 12


@contextmanager
def counting(session):
    statements = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET")):
            statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", note)


def ask(session, client, person, path):
    """The statements that a page needs, from a cold session."""
    sign_in(client, session.merge(person, load=True))
    client.get(path)
    session.flush()
    db.session().expunge_all()
    with counting(session) as statements:
        answer = client.get(path)
    assert answer.status_code == 200
    return statements


@pytest.fixture
def many(session, clock):
    """One checked application, and a function that makes 29 more."""
    call = make_case_call(session)
    first = make_checked(session, call=call)

    def make_more():
        for _ in range(29):
            submit_case(session, call=call)
        session.flush()

    return first, make_more


def test_the_worklist(session, client, many):
    _, make_more = many
    officer = make_staff(session, Role.OFFICER)
    one = ask(session, client, officer, "/staff/?view=all")
    make_more()
    thirty = ask(session, client, officer, "/staff/?view=all")

    assert len(one) == len(thirty) <= LIST_LIMIT, "\n".join(thirty)


def test_the_worklist_of_a_district(session, client, many):
    _, make_more = many
    officer = make_staff(session, Role.DISTRICT_OFFICER, scope="310115")
    one = ask(session, client, officer, "/staff/")
    make_more()

    assert len(one) == len(ask(session, client, officer, "/staff/")) <= LIST_LIMIT


def test_the_case_file(session, client, many):
    application, _ = many
    officer = make_staff(session, Role.OFFICER)

    found = ask(session, client, officer, f"/staff/cases/{application.ref}")

    assert len(found) <= CASE_LIMIT, "\n".join(found)


def test_the_enterprise_home(session, client, clock):
    call, organisation = make_case_call(session), make_organisation(session)
    person = make_member(session, organisation)
    submit_case(session, call=call, organisation=organisation)
    one = ask(session, client, person, "/apply/")
    for _ in range(9):
        submit_case(session, call=call, organisation=organisation)
    session.flush()

    assert len(one) == len(ask(session, client, person, "/apply/"))


def test_pages_of_the_worklist_follow_each_other(session, client, many):
    _, make_more = many
    make_more()
    sign_in(client, make_staff(session, Role.OFFICER))

    first = client.get("/staff/?view=all").text
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(address).text

    assert first.count('class="m-firm"') + first.count("m-firm") // 2 >= 25
    assert second.count('href="/staff/cases/') == 5
