"""The desk's pages ask the database equally often whatever they show; the bounds are those of the goals for speed."""

from datetime import timedelta

import pytest

from grants import audit
from grants.applications.states import ApplicationState
from grants.kernel.actor import SYSTEM, Role
from tests.factories.accounts import make_membership, make_organisation, make_staff, sign_in
from tests.factories.applications import make_application
from tests.factories.eligibility import make_case_call, make_checked, set_state, submit_case
from tests.support.statements import queries_of

WORKLIST_BOUND = 8
CASE_FILE_BOUND = 12


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


@pytest.mark.parametrize("path", ["/staff/?view=all", "/staff/?state=checked&verdict=clear", "/staff/?q=示例"])
def test_the_worklist_asks_equally_often_for_one_case_and_for_a_full_page(session, client, path):
    call = make_case_call(session)
    make_checked(session, call=call)
    sign_in(client, make_staff(session, Role.OFFICER))
    few = queries_of(client, path)

    for _ in range(29):
        application = submit_case(session, call=call)
        set_state(session, application, ApplicationState.CHECKED)
    session.expire_all()

    assert queries_of(client, path) == few <= WORKLIST_BOUND


def test_the_case_file_asks_equally_often_however_long_its_history_is(session, client, now):
    application = make_checked(session)
    sign_in(client, make_staff(session, Role.OFFICER))
    path = f"/staff/cases/{application.ref}"
    few = queries_of(client, path)

    for minute in range(30):
        at = now + timedelta(minutes=minute)
        audit.record(session, SYSTEM, "application.checked_again", ("application", application.id), at=at)
    session.expire_all()

    assert queries_of(client, path) == few <= CASE_FILE_BOUND


def test_the_enterprise_home_asks_equally_often_for_one_application_and_for_thirty(session, client, now):
    organisation = make_organisation(session)
    owner = make_membership(session, organisation=organisation).person
    given = {"call": make_case_call(session), "organisation": organisation, "person": owner, "now": now}
    make_application(session, **given)
    sign_in(client, owner)
    few = queries_of(client, "/apply/")

    for _ in range(29):
        make_application(session, **given)
    session.expire_all()

    assert queries_of(client, "/apply/") == few
