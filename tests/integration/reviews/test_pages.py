"""The pages of experts and of the office around panels, over HTTP."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.states import ApplicationState
from grants.kernel.actor import Role
from grants.reviews.models import Assignment
from grants.reviews.states import AssignmentState
from tests.factories.accounts import make_staff, sign_in
from tests.factories.reviews import draw, full_points, hand_in, make_accepted, make_pool


def seats(session: Session) -> list[Assignment]:
    make_pool(session)
    return list(draw(session, make_accepted(session)).assignments)


def as_expert(client: FlaskClient, session: Session, assignment: Assignment) -> str:
    """Sign the expert in; returns the address of the assignment."""
    sign_in(client, session.get_one(Person, assignment.expert_id))
    return f"/review/{assignment.id}"


def test_an_expert_undertakes_scores_and_hands_in(client: FlaskClient, session: Session) -> None:
    seat = seats(session)[0]
    address = as_expert(client, session, seat)

    assert "答复邀请" in client.get("/review/").text
    assert client.get(address).status_code == 403
    assert client.post(f"{address}/answer", data={"impartial": "y", "discreet": "y"}).status_code == 303
    page = client.get(address).text
    assert "申报材料" in page
    assert "contact" not in page, "personal data of the applicant stays away from experts"

    points = {f"s_{key}": f"{(value or 0) / 100:g}" for key, value in full_points(seat).items()}
    answer = client.post(address, data={**points, "opinion": "同意推荐", "then": "submit"})
    assert answer.location == f"{address}/submit"
    assert "100.00 / 100" in client.get(f"{address}/submit").text
    assert client.post(f"{address}/submit").status_code == 303
    session.expire_all()
    assert seat.state is AssignmentState.SUBMITTED
    assert seat.total_hundredths == 10_000


def test_faults_stand_beside_the_score_and_what_was_typed_is_still_there(client: FlaskClient, session: Session) -> None:
    seat = seats(session)[0]
    address = as_expert(client, session, seat)
    client.post(f"{address}/answer", data={"impartial": "y", "discreet": "y"})

    page = client.post(address, data={"s_T1a": "8.3", "s_T1b": "99", "s_T2a": "很好", "c_T1a": "一句话"}).text

    assert "分数应为 0.5 的整数倍" in page or "0.5" in page
    assert 'value="99"' in page
    assert 'value="很好"' in page
    assert "一句话" in page
    session.expire_all()
    assert seat.scores == []


def test_an_unfinished_sheet_comes_back_from_the_last_step(client: FlaskClient, session: Session) -> None:
    seat = seats(session)[0]
    address = as_expert(client, session, seat)
    client.post(f"{address}/answer", data={"impartial": "y", "discreet": "y"})
    client.post(address, data={"s_T1a": "5", "then": "submit"})

    answer = client.post(f"{address}/submit")

    assert answer.status_code == 422
    assert "请打分" in answer.text
    assert "请写明理由" in answer.text


def test_another_experts_assignment_is_not_there(client: FlaskClient, session: Session) -> None:
    first, second = seats(session)[:2]
    as_expert(client, session, first)

    for part in ("", "/answer", "/decline", "/submit"):
        assert client.get(f"/review/{second.id}{part}").status_code == 404


def test_an_officer_draws_and_sees_scores_only_with_the_result(client: FlaskClient, session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    sign_in(client, make_staff(session, Role.OFFICER))
    address = f"/staff/panels/{application.ref}"

    assert "还没有抽取专家组" in client.get(address).text
    assert client.post(address).status_code == 303
    session.expire_all()
    assert application.state is ApplicationState.UNDER_REVIEW
    hand_in(session, session.query(Assignment).order_by(Assignment.position).first(), share=80)  # type: ignore[arg-type]

    page = client.get(address).text
    assert "已提交" in page
    assert "80.00" not in page


def test_what_blocks_a_draw_is_said_in_words(client: FlaskClient, session: Session) -> None:
    make_pool(session, (("technical",),) * 6)
    application = make_accepted(session)
    sign_in(client, make_staff(session, Role.OFFICER))

    page = client.post(f"/staff/panels/{application.ref}").text

    assert "需要 财务专家 专家 1 位，可用 0 位" in page or "财务专家" in page
    session.expire_all()
    assert application.state is ApplicationState.ACCEPTED


def test_an_officer_replaces_who_does_not_answer(client: FlaskClient, session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    panel = draw(session, application)
    silent = panel.assignments[0]
    sign_in(client, make_staff(session, Role.OFFICER))
    address = f"/staff/panels/{application.ref}"
    page = client.get(address).text
    assert "5 位专家还没有答复" in page
    assert f'value="{silent.expert_id}"' in page

    given = {"seen": "1", "release": str(silent.expert_id)}
    assert "补抽专家须写明理由" in client.post(address, data={**given, "reason": ""}).text
    stale = client.post(address, data={**given, "seen": "0", "reason": "未答复"})
    answer = client.post(address, data={**given, "reason": "长时间没有答复"})

    assert stale.status_code == 409
    assert answer.status_code == 303
    assert "第 2 次抽取" in client.get(address).text


def test_a_second_click_on_the_undertaking_finds_the_file(client: FlaskClient, session: Session) -> None:
    address = as_expert(client, session, seats(session)[0])
    for _click in range(2):
        answer = client.post(f"{address}/answer", data={"impartial": "y", "discreet": "y"})
        assert answer.location == address


def test_an_auditor_reads_panels_without_names(client: FlaskClient, session: Session) -> None:
    seat = seats(session)[0]
    sign_in(client, make_staff(session, Role.AUDITOR))

    page = client.get(f"/staff/panels/{seat.application.ref}").text
    pool = client.get("/staff/experts").text

    assert "专家 1" in page
    assert seat.expert.person.name not in page + pool
    assert "补抽" not in page


def test_only_an_administrator_is_offered_to_add_an_expert(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    assert "/staff/experts/new" in client.get("/staff/experts").text
    sign_in(client, make_staff(session, Role.OFFICER))
    assert "/staff/experts/new" not in client.get("/staff/experts").text
