"""Who tries what is not theirs: other calls, other districts, other people's seats, other people's work."""

import pytest
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.states import ApplicationState as S
from grants.kernel.actor import Role
from grants.reviews import services
from grants.reviews.models import Panel
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import NOON
from tests.factories.eligibility import make_case_call, make_checked
from tests.factories.reviews import draw, expert_actor, hand_in, make_accepted, make_pool, officer_of

ACTS = ("decide", "return", "reject", "recheck")


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Views read the clock."""


def statuses(client, addresses):
    return {
        (method, address): getattr(client, method)(address, **({"data": {}} if method == "post" else {})).status_code
        for address in addresses
        for method in ("get", "post")
    }


def test_an_officer_of_another_call_reaches_nothing_of_a_case(session: Session, client) -> None:
    application = make_checked(session, call=make_case_call(session))
    sign_in(client, make_staff(session, Role.OFFICER, scope="HLW-2099-01"))

    found = statuses(client, [f"/staff/cases/{application.ref}/{act}" for act in ACTS])
    found.update(statuses(client, [f"/staff/panels/{application.ref}"]))

    assert set(found.values()) == {404}, found
    assert application.state is S.CHECKED


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR, Role.DISTRICT_OFFICER, Role.EXPERT])
def test_nobody_else_does_an_officers_work(session: Session, client, role: Role) -> None:
    application = make_checked(session, call=make_case_call(session))
    sign_in(client, make_staff(session, role, scope="310101" if role is Role.DISTRICT_OFFICER else "*"))

    found = statuses(client, [f"/staff/cases/{application.ref}/{act}" for act in ACTS])

    assert set(found.values()) == {403}, found


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_whoever_reads_panels_does_not_draw_them(session: Session, client, role: Role) -> None:
    make_pool(session)
    application = make_accepted(session)
    sign_in(client, make_staff(session, role))
    address = f"/staff/panels/{application.ref}"

    assert "随机抽取专家组" not in client.get(address).text
    assert client.post(address, data={"seen": "0"}).status_code == 403
    assert session.query(Panel).count() == 0


def test_a_district_reaches_only_its_own_cases(session: Session, client) -> None:
    application = make_checked(session, code="hlw")
    other = "310101" if application.district_code != "310101" else "310104"
    sign_in(client, make_staff(session, Role.DISTRICT_OFFICER, scope=other))

    found = statuses(client, [f"/staff/cases/{application.ref}/opinion"])
    listed = client.get(f"/staff/?view=all&district={application.district_code}&q={application.ref}").text

    assert set(found.values()) == {404}, found
    assert application.organisation.name not in listed


def test_a_file_opens_for_the_expert_who_undertook_and_for_nobody_else(session: Session, client) -> None:
    make_pool(session)
    application = make_accepted(session)
    panel = draw(session, application)
    mine, others = panel.assignments[0], panel.assignments[1]
    sign_in(client, session.get_one(Person, mine.expert_id))
    file = "files/营业执照/" + "0" * 64

    assert client.get(f"/review/{others.id}").status_code == 404
    assert client.get(f"/review/{others.id}/{file}").status_code == 404
    assert client.get(f"/review/{mine.id}/{file}").status_code == 403, "before the undertaking"
    services.accept_assignment(session, mine, actor=expert_actor(session, mine), now=NOON)
    assert client.get(f"/review/{mine.id}/{file}").status_code == 404, "no such file"
    assert client.get(f"/staff/panels/{application.ref}").status_code == 403


def test_whoever_was_replaced_reads_and_writes_no_more_and_is_told_why(session: Session, client) -> None:
    make_pool(session)
    application = make_accepted(session)
    seat = draw(session, application).assignments[0]
    services.accept_assignment(session, seat, actor=expert_actor(session, seat), now=NOON)
    services.draw_panel(
        session,
        application,
        seed="b",
        reason="逾期",
        released=[seat.expert_id],
        actor=officer_of(session),
        now=NOON,
    )
    sign_in(client, session.get_one(Person, seat.expert_id))

    for address in (f"/review/{seat.id}", f"/review/{seat.id}/submit", f"/review/{seat.id}/answer"):
        for answer in (client.get(address), client.post(address, data={"impartial": "y", "discreet": "y"})):
            assert answer.status_code == 403
            assert "已由其他专家接替" in answer.text
    assert "目前没有评审任务" in client.get("/review/").text


def test_a_release_names_only_experts_who_sit_and_have_not_handed_in(session: Session, client) -> None:
    make_pool(session)
    application = make_accepted(session)
    panel = draw(session, application)
    hand_in(session, panel.assignments[0])
    sign_in(client, make_staff(session, Role.OFFICER))

    for target in (panel.assignments[0].expert_id, "x", application.id):
        given = {"seen": "1", "reason": "换人", "release": str(target)}
        assert "请从所列选项中选择" in client.post(f"/staff/panels/{application.ref}", data=given).text
    assert session.query(Panel).count() == 1
