"""The ranking's pages: what is shown, what can be done, in how many queries."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from grants.calls.domain import FundPlan
from grants.calls.states import Shortfall
from grants.db import db
from grants.decisions import queries
from grants.kernel.actor import Role
from grants.kernel.money import yuan
from tests.factories.accounts import make_staff, sign_in
from tests.factories.calls import make_call
from tests.factories.decisions import make_approver, make_proposal, make_reviewed


@pytest.fixture
def call(session, now):
    return make_call(session, open=False, now=now, funds=(FundPlan("software-ic", "示例专项资金", yuan(2_000_000)),))


@pytest.fixture
def officer(session, client, clock):
    person = make_staff(session, Role.OFFICER)
    sign_in(client, person)
    return person


@pytest.fixture
def approver(session):
    return make_staff(session, Role.APPROVER)


def count_queries(client, path: str) -> int:
    statements = []
    connection = db.engines[None]

    def note(*args):
        statements.append(args[2])

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(statements)


def test_the_whole_round_by_hand(session, call, client, officer, approver):
    first = make_reviewed(session, call, total="90", base_yuan=4_000_000)
    make_reviewed(session, call, total="80", base_yuan=3_000_000)
    page = client.get(f"/staff/ranking/{call.ref}").text
    assert "生成方案" in page

    client.post(f"/staff/ranking/{call.ref}/prepare", data={"version": "0", "shortfall": "cut_last"})
    answer = client.post(
        f"/staff/ranking/{call.ref}/lines/{first.ref}",
        data={"version": "1", "amount": "100", "reason": "与既有支持重叠"},
    )
    assert answer.status_code == 303
    page = client.get(f"/staff/ranking/{call.ref}").text
    assert "与既有支持重叠" in page
    assert "谁得谁失" in page

    proposal = queries.find_current_proposal(session, call)
    client.post(f"/staff/ranking/{call.ref}/submit", data={"sha256": proposal.sha256})
    sign_in(client, approver)
    assert "批准方案" in client.get(f"/staff/ranking/{call.ref}").text
    assert client.get(f"/staff/ranking/{call.ref}/approve").status_code == 200
    answer = client.post(f"/staff/ranking/{call.ref}/approve", data={"sha256": proposal.sha256})

    assert answer.status_code == 303
    assert queries.approved_proposal(session, call).version == 2


def test_trying_a_policy_stores_nothing(session, call, client, officer):
    make_reviewed(session, call, total="90")
    proposal = make_proposal(session, call)
    page = client.get(f"/staff/ranking/{call.ref}?with=stop").text

    assert "这是试算" in page
    assert queries.find_current_proposal(session, call).version == proposal.version
    assert client.get(f"/staff/ranking/{call.ref}?with=nonsense").status_code == 200


def test_the_second_of_two_officers_is_told(session, call, client, officer):
    make_reviewed(session, call, total="90")
    make_proposal(session, call)

    answer = client.post(f"/staff/ranking/{call.ref}/prepare", data={"version": "0", "shortfall": "skip"})

    assert answer.status_code == 409
    assert queries.find_current_proposal(session, call).shortfall is Shortfall.CUT_LAST


@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [("500", "理由", "低于核算金额"), ("10.5", "理由", "整万元"), ("10", "", "写明理由"), ("很多", "理由", "")],
)
def test_bad_amounts_are_answered_in_words(session, call, client, officer, amount, reason, words):
    application = make_reviewed(session, call, total="90")
    make_proposal(session, call)
    path = f"/staff/ranking/{call.ref}/lines/{application.ref}"

    answer = client.post(path, data={"version": "1", "amount": amount, "reason": reason})

    assert answer.status_code == 200
    assert words in answer.text
    assert queries.find_current_proposal(session, call).version == 1


def test_a_return_is_shown_to_the_officer(session, call, client, officer, approver):
    make_reviewed(session, call, total="90")
    make_proposal(session, call)
    sign_in(client, approver)
    assert client.post(f"/staff/ranking/{call.ref}/return", data={"reason": ""}).status_code == 200
    assert client.post(f"/staff/ranking/{call.ref}/return", data={"reason": "请补充说明"}).status_code == 303

    sign_in(client, officer)
    assert "请补充说明" in client.get(f"/staff/ranking/{call.ref}").text


def test_calls_of_other_scopes_are_not_found(session, call, client, clock):
    make_reviewed(session, call)
    sign_in(client, make_staff(session, Role.OFFICER, scope="SBC-2099-01"))

    assert client.get(f"/staff/ranking/{call.ref}").status_code == 404
    assert call.ref not in client.get("/staff/ranking").text


def test_former_versions_stay_readable(session, call, client, officer):
    make_reviewed(session, call, total="90")
    make_proposal(session, call)
    client.post(f"/staff/ranking/{call.ref}/prepare", data={"version": "1", "shortfall": "skip"})

    assert "这是旧版本" in client.get(f"/staff/ranking/{call.ref}/versions/1").text
    assert client.get(f"/staff/ranking/{call.ref}/versions/9").status_code == 404


def test_an_approver_with_a_limit_reads_why_not(session, call, client, clock):
    make_reviewed(session, call, total="90")
    make_proposal(session, call)
    sign_in(client, make_staff(session, Role.APPROVER, limit_fen=yuan(10_000)))

    assert "超过您的审批限额" in client.get(f"/staff/ranking/{call.ref}").text
    assert client.get(f"/staff/ranking/{call.ref}/approve").status_code == 403


def test_the_number_of_queries_does_not_grow(session, call, client, officer):
    make_reviewed(session, call)
    few = count_queries(client, f"/staff/ranking/{call.ref}")
    for place in range(29):
        make_reviewed(session, call, total=str(60 + place))
    assert count_queries(client, f"/staff/ranking/{call.ref}") == few

    make_proposal(session, call)
    session.expire_all()
    stored = count_queries(client, f"/staff/ranking/{call.ref}")
    assert stored <= 16
    assert make_approver(session) is not None
    listing = count_queries(client, "/staff/ranking")
    assert listing <= 8
