"""Lists of the review cost a fixed number of queries, however long they are."""

import pytest
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.kernel.actor import Role
from tests.factories.accounts import make_staff, sign_in
from tests.factories.eligibility import make_case_call
from tests.factories.reviews import draw, make_accepted, make_pool
from tests.support.statements import counted

POOL = (*(("technical",),) * 3, ("market",), ("finance",))


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


def queries_of(session: Session, client, address: str) -> int:
    """The queries of a page that finds nothing in the session, as a request of its own would not."""
    client.get(address)
    session.expunge_all()
    with counted() as found:
        answer = client.get(address)
    assert answer.status_code == 200
    return found.queries


@pytest.mark.parametrize("stage", ["accepted", "under_review"])
def test_the_list_of_panels(session: Session, client, stage: str) -> None:
    make_pool(session, POOL)
    call = make_case_call(session)
    sign_in(client, make_staff(session, Role.OFFICER))
    counts = []
    for more in (1, 9):
        for _number in range(more):
            application = make_accepted(session, call=call)
            if stage == "under_review":
                draw(session, application)
        counts.append(queries_of(session, client, f"/staff/panels?stage={stage}"))

    assert counts[0] == counts[1]


def test_the_pool_and_an_experts_desk(session: Session, client) -> None:
    expert = make_pool(session, POOL)[0].person_id
    call = make_case_call(session)
    officer = make_staff(session, Role.OFFICER).id
    counts: list[tuple[int, int]] = []
    for more in (1, 6):
        for _number in range(more):
            draw(session, make_accepted(session, call=call))
        sign_in(client, session.get_one(Person, expert))
        desk = queries_of(session, client, "/review/")
        sign_in(client, session.get_one(Person, officer))
        counts.append((desk, queries_of(session, client, "/staff/experts")))
        call = session.merge(call)
    make_pool(session, POOL * 4)

    assert counts[0] == counts[1]
    assert queries_of(session, client, "/staff/experts") == counts[0][1]


def test_a_panel_drawn_again_and_again(session: Session, client) -> None:
    make_pool(session, POOL * 4)
    application = make_accepted(session)
    draw(session, application)
    ref = application.ref
    sign_in(client, make_staff(session, Role.OFFICER))
    counts = []
    for number in range(3):
        page = client.get(f"/staff/panels/{ref}").text
        silent = page.split(' name="release"')[1].split('value="')[1].split('"')[0]
        given = {"seen": str(number + 1), "reason": "未答复", "release": silent}
        assert client.post(f"/staff/panels/{ref}", data=given).status_code == 303
        counts.append(queries_of(session, client, f"/staff/panels/{ref}"))

    assert counts[0] == counts[1] == counts[2]
