"""Cases that were put right are found through what was asked for, in the list and in its count."""

from datetime import timedelta

from grants.applications import services
from grants.applications.services import Entry
from grants.applications.states import ApplicationState
from grants.desk.queries import WorklistFilter, count_work, list_work
from grants.kernel.actor import Role
from tests.factories.accounts import actor_of, make_staff
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call
from tests.factories.eligibility import set_state
from tests.integration.applications.test_submission import returned, submit

CORRECTED = WorklistFilter(states=(ApplicationState.CHECKED,), corrected=True)


def test_only_what_was_handed_in_again(session, now):
    call = make_call(session, now=now)
    right, waiting, untouched = (make_application(session, call=call, submitted=True, now=now) for _ in range(3))
    for application in (right, waiting):
        returned(session, application, now, [{"path": "product_name"}])
    entry, later = Entry("product_name", "", "更正后的名称"), now + timedelta(days=1)
    services.save_answers(session, right, [entry], actor=owner_of(session, right), now=later)
    submit(session, right, later)
    for application in (right, waiting, untouched):
        set_state(session, application, ApplicationState.CHECKED)
    officer = actor_of(session, make_staff(session, Role.OFFICER))

    assert [row.id for row in list_work(session, officer, CORRECTED).items] == [right.id]
    assert count_work(session, officer, {"corrected": CORRECTED}) == {"corrected": 1}
