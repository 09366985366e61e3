"""The pages of registration and of the office, the command line, the limit on registrations."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select

from grants.accounts import services
from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.states import MembershipState
from grants.accounts.views.blueprint import limiter, storage_uri
from grants.documents import StoredFile
from grants.kernel.actor import Actor, Grant, Role
from tests.factories.accounts import make_member, make_membership, make_person, make_staff, next_uscc, sign_in
from tests.factories.documents import pdf_bytes

SOME_OFFICER = Actor(name="示例", grants=(Grant(Role.OFFICER),))


@pytest.fixture(autouse=True)
def without_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that read while the block runs."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


PAPERS = (pdf_bytes("授权书"), "授权书.pdf")


def entries(uscc, *, file=PAPERS, **changes):
    content, name = file
    return {
        "uscc": uscc,
        "organisation_name": "示例软件有限公司",
        "proof": (io.BytesIO(content), name),
        "name": "陈示例",
        "phone": "021-0000 0000",
        "email": "jingban@unit.example",
        "new_password": "Ma-2026-xin-sheng",
        "new_password_again": "Ma-2026-xin-sheng",
    } | changes


def test_registering_takes_a_lower_case_full_width_code_and_the_papers(client, session, drain):
    uscc = next_uscc()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in uscc.lower())

    answer = client.post("/register", data=entries(wide))

    assert answer.headers["Location"] == "/register/received"
    membership = session.scalars(select(Membership)).one()
    assert membership.organisation.uscc == uscc
    assert session.get(StoredFile, membership.proof_file_id).name == "授权书.pdf"
    entry = {"email": "jingban@unit.example", "password": "Ma-2026-xin-sheng"}
    assert client.post("/sign-in", data=entry).status_code == 303
    drain()
    papers = client.get(f"/memberships/{membership.id}/proof", buffered=True)
    assert papers.data.startswith(b"%PDF-")
    assert papers.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uscc": "91310115MA1000000X"}, "校验位不符"),
        ({"email": "no-address"}, "请填写完整的电子邮箱"),
        ({"new_password_again": "other"}, "两次输入的密码不一致"),
        ({"file": (b"MZ\x90\x00 program", "licence.pdf")}, "不是真正的"),
        ({"file": (b"", "")}, "请选择营业执照"),
        ({"phone": "12"}, "请填写手机号"),
        ({"organisation_name": "长" * 121}, "不超过 120 字"),
    ],
)
def test_what_cannot_be_registered_is_told_and_changes_nothing(client, session, changes, sentence):
    answer = client.post("/register", data=entries(**{"uscc": next_uscc(), **changes}))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(Person)).all() == []
    assert session.scalars(select(Organisation)).all() == []


def test_a_known_address_gets_the_same_answer(client, session):
    known = make_person(session, email="jingban@unit.example")
    session.commit()

    answer = client.post("/register", data=entries(next_uscc()))

    assert answer.headers["Location"] == "/register/received"
    assert session.scalars(select(Person.id)).all() == [known.id]


def test_too_many_registrations_from_one_source_wait(client):
    answers = [client.post("/register", data={}).status_code for _ in range(21)]

    assert answers == [422] * 20 + [429]
    assert client.post("/register", data={}, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 422


def test_the_limiter_counts_where_the_broker_is():
    assert storage_uri("") == storage_uri("amqp://guest@127.0.0.1//") == "memory://"
    assert storage_uri("redis+socket:///run/r.sock?virtual_host=1") == "redis+unix:///run/r.sock?db=1"
    assert storage_uri("redis://127.0.0.1:6379/0") == "redis://127.0.0.1:6379/0"


def test_an_officer_verifies_and_the_queue_shortens(client, session):
    membership = make_membership(session, state=MembershipState.UNVERIFIED)
    sign_in(client, make_staff(session, Role.OFFICER))
    session.commit()
    page = f"/staff/memberships/{membership.id}"

    assert membership.organisation.name in client.get("/staff/memberships").text
    assert "请写明原因" in client.post(page, data={"decision": "refuse", "organisation_name": "示例"}).text
    assert client.post(page, data={"decision": "verify", "organisation_name": "示例正名"}).status_code == 303

    session.expire_all()
    assert (membership.state, membership.organisation.name) == ("verified", "示例正名")
    assert client.post(page, data={"decision": "refuse", "organisation_name": "x", "reason": "x"}).status_code == 403


def test_an_administrator_grants_what_may_be_held_together(client, session):
    member, other = make_member(session), make_person(session)
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    session.commit()

    refused = client.post(f"/staff/people/{member.id}", data={"role": "officer"})
    assert (refused.status_code, "不能同时担任管理部门角色" in refused.text) == (422, True)
    assert client.post(f"/staff/people/{other.id}", data={"role": "district_officer"}).status_code == 422
    granted = {"role": "approver", "call_ref": "sbc-2027-01", "limit": "300"}
    assert client.post(f"/staff/people/{other.id}", data=granted).status_code == 303

    session.expire_all()
    [grant] = other.role_grants
    assert (grant.role, grant.scope, grant.limit_fen) == (Role.APPROVER, "SBC-2027-01", 300_000_000)


def test_nobody_changes_their_own_roles(client, session):
    administrator = make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, administrator)
    session.commit()

    assert client.post(f"/staff/people/{administrator.id}", data={"role": "officer"}).status_code == 403


@pytest.mark.parametrize("path", ["/staff/people", "/staff/memberships", "/inbox"])
def test_lists_take_the_same_number_of_queries_for_one_row_and_thirty(client, session, now, path):
    staff = make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, staff)

    def add(number):
        for _ in range(number):
            member = make_membership(session, state=MembershipState.UNVERIFIED)
            services.decide_membership(session, member, verified=False, reason="x", actor=SOME_OFFICER, now=now)
            make_membership(session, state=MembershipState.UNVERIFIED)
        session.commit()

    add(1)
    client.get(path)
    with counted() as one:
        assert client.get(path).status_code == 200
    add(29)
    with counted() as thirty:
        assert client.get(path).status_code == 200
    assert len(one) == len(thirty)


def test_paging_reaches_everybody_once(client, session):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR, name="查找者"))
    for _ in range(30):
        make_person(session)
    session.commit()

    first = client.get("/staff/people").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(following).text

    assert first.count('class="tbl__lead"') + second.count('class="tbl__lead"') == 31
    assert "查找者" in client.get("/staff/people?q=查找").text
    assert client.get("/staff/people?after=nonsense").status_code == 422


def test_the_command_line_makes_people(app, session):
    runner = app.test_cli_runner()
    options = ["--name", "周示例", "--email", "guanli@shili.example", "--password-stdin"]

    weak = runner.invoke(args=["users", "create", *options], input="short\n")
    made = runner.invoke(args=["users", "create", *options, "--role", "administrator"], input="Ma-2026-xin-sheng\n")
    again = runner.invoke(args=["users", "create", *options], input="Ma-2026-xin-sheng\n")

    assert (weak.exit_code, made.exit_code, again.exit_code) == (1, 0, 1)
    [person] = session.scalars(select(Person))
    assert [grant.role for grant in person.role_grants] == [Role.ADMINISTRATOR]
