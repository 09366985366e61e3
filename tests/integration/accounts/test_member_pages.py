"""Members and invitations over HTTP, without JavaScript: what each page says, refuses, keeps."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.accounts.models import Invitation, Membership
from grants.accounts.states import Level, MembershipState
from grants.kernel.actor import Role
from grants.notifications import Mail
from tests.factories.accounts import (
    PASSWORD,
    make_invitation,
    make_membership,
    make_person,
    make_staff,
    sign_in,
)
from tests.support.browsing import Browser
from tests.support.statements import queries_of

TOKEN = "practice-token"
NEW_PERSON = {
    "name": "新示例",
    "phone": "021-0000 0000",
    "new_password": PASSWORD,
    "new_password_again": PASSWORD,
}


@pytest.fixture(autouse=True)
def _at_noon(clock):
    """Invitations hold by the clock."""


@pytest.fixture
def owner(client, session):
    membership = make_membership(session)
    sign_in(client, membership.person)
    session.commit()
    return membership


@pytest.fixture
def home(owner):
    return f"/organisation/{owner.organisation_id}"


def invited_by(session, owner, now, email="xin@shili.example", **changes):
    invitation = make_invitation(session, owner, email=email, token=TOKEN, invited_at=now, **changes)
    session.commit()
    return invitation


def test_an_owner_invites_and_the_list_shows_it(client, session, owner, home):
    answer = client.post(f"{home}/invite", data={"email": "XIN@shili.example", "level": "reader"})

    assert answer.headers["Location"] == f"{home}/members"
    assert "xin@shili.example" in client.get(f"{home}/members").text
    assert "/invitations/" in session.scalars(select(Mail.body)).one()


@pytest.mark.parametrize(
    ("email", "level", "sentence"),
    [
        ("no-address", "reader", "请填写完整的电子邮箱"),
        ("xin@shili.example", "", "请选择身份"),
        ("", "reader", "请填写电子邮箱"),
    ],
)
def test_what_cannot_be_sent_stays_typed(client, session, owner, home, email, level, sentence):
    answer = client.post(f"{home}/invite", data={"email": email, "level": level})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert email in answer.text
    assert session.scalars(select(Invitation)).all() == []


def test_whoever_is_a_member_already_is_named_as_the_reason(client, session, owner, home):
    fellow = make_membership(session, organisation=owner.organisation)
    session.commit()

    answer = client.post(f"{home}/invite", data={"email": fellow.person.email, "level": "reader"})

    assert "已经是本单位的成员" in answer.text
    assert fellow.person.email in answer.text


def test_an_invitation_is_sent_again_and_withdrawn(client, session, now, owner, home, clock):
    invitation = invited_by(session, owner, now)
    clock.shift(timedelta(days=8))
    sign_in(client, owner.person)
    session.commit()
    assert "已过期" in client.get(f"{home}/members").text

    assert client.post(f"{home}/invitations/{invitation.id}/renew").status_code == 303
    session.expire_all()
    assert invitation.expires_at == now + timedelta(days=15)
    assert "立即失效" in client.get(f"{home}/invitations/{invitation.id}/withdraw").text
    client.post(f"{home}/invitations/{invitation.id}/withdraw")
    assert client.post(f"{home}/invitations/{invitation.id}/renew").status_code == 422


def test_somebody_without_an_account_sees_what_they_accept_and_is_in(app, session, now, owner):
    invited_by(session, owner, now, level=Level.SIGNATORY)
    visitor = Browser(app, app.response_class)

    page = visitor.get(f"/invitations/{TOKEN}").text
    assert owner.organisation.name in page
    assert "签字人" in page
    assert visitor.post(f"/invitations/{TOKEN}", data=NEW_PERSON | {"new_password": "short"}).status_code == 422
    assert visitor.post(f"/invitations/{TOKEN}", data=NEW_PERSON).headers["Location"] == "/organisation"
    assert f"您已加入{owner.organisation.name}" in visitor.get("/organisation").text


def test_somebody_with_an_account_signs_in_first_and_comes_back(app, session, now, owner):
    person = make_person(session, email="xin@shili.example")
    invited_by(session, owner, now)
    visitor = Browser(app, app.response_class)

    page = visitor.get(f"/invitations/{TOKEN}").text
    back = re.search(r'href="(/sign-in\?next=[^"]*)"', page).group(1)
    assert 'name="new_password"' not in page
    entered = visitor.post(back, data={"email": person.email, "password": PASSWORD})
    assert entered.headers["Location"] == f"/invitations/{TOKEN}"
    assert visitor.post(f"/invitations/{TOKEN}").headers["Location"] == "/organisation"


def test_registering_over_an_existing_account_is_refused(app, session, now, owner):
    person = make_person(session, email="xin@shili.example")
    invited_by(session, owner, now)
    before = person.password_hash

    answer = Browser(app, app.response_class).post(f"/invitations/{TOKEN}", data=NEW_PERSON)

    assert (answer.status_code, "这个邮箱已有账号" in answer.text) == (422, True)
    session.expire_all()
    assert person.password_hash == before


def test_another_account_is_told_which_address_was_invited(client, session, now, owner):
    invited_by(session, owner, now)
    stranger = make_person(session)
    sign_in(client, stranger)
    session.commit()

    page = client.get(f"/invitations/{TOKEN}").text

    assert "邀请发给另一个邮箱" in page
    assert "xin@shili.example" in page
    assert client.post(f"/invitations/{TOKEN}").status_code == 403


@pytest.mark.parametrize("days", [0, 7])
def test_a_token_that_opens_nothing_says_why(app, session, now, owner, clock, days):
    invited_by(session, owner, now)
    visitor = Browser(app, app.response_class)
    if days:
        clock.shift(timedelta(days=days))

    answer = visitor.get(f"/invitations/{TOKEN if days else 'unknown'}")

    assert ("已过期" if days else "没有找到这份邀请") in answer.text
    assert 'name="new_password"' not in answer.text


def test_an_owner_answers_who_asks_to_join(client, session, owner, home):
    asking = make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
    session.commit()
    page = f"{home}/requests/{asking.id}"

    assert asking.person.email in client.get(page).text
    assert "请填写不同意的原因" in client.post(page, data={"decision": "decline"}).text
    assert "请选择身份" in client.post(page, data={"decision": "vouch", "level": ""}).text
    assert client.post(page, data={"decision": "vouch", "level": "editor"}).status_code == 303
    assert client.post(page, data={"decision": "vouch", "level": "editor"}).status_code == 403
    session.expire_all()
    assert asking.state == MembershipState.VERIFIED


def test_a_removed_member_loses_open_pages_at_once(app, client, session, owner, home):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.EDITOR)
    other = Browser(app, app.response_class)
    sign_in(other, fellow.person)
    session.commit()
    assert other.get(f"{home}/members").status_code == 200

    assert client.post(f"{home}/members/{fellow.id}/end", data={"reason": ""}).status_code == 422
    assert client.post(f"{home}/members/{fellow.id}/end", data={"reason": "已离职"}).status_code == 303

    assert other.get(f"{home}/members").status_code == 403
    assert "已离职" in other.get("/organisation").text


def test_readers_see_the_members_and_change_nothing(client, session, owner, home):
    reader = make_membership(session, organisation=owner.organisation, level=Level.READER)
    sign_in(client, reader.person)
    session.commit()

    page = client.get(f"{home}/members").text

    assert owner.person.name in page
    assert "邀请成员" not in page
    assert "更改身份" not in page
    for path in ("invite", f"members/{owner.id}/level", f"members/{owner.id}/hand-over", f"members/{owner.id}/end"):
        assert client.get(f"{home}/{path}").status_code == 403


def test_handing_over_names_what_happens_and_makes_one_an_editor(client, session, owner, home):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.READER)
    session.commit()

    assert "您转为经办人" in client.get(f"{home}/members/{fellow.id}/hand-over").text
    assert client.post(f"{home}/members/{fellow.id}/hand-over").status_code == 303
    session.expire_all()
    assert (owner.level, fellow.level) == (Level.EDITOR, Level.OWNER)


def test_the_only_owner_is_told_why_they_cannot_leave(client, session, owner):
    page = f"/memberships/{owner.id}/leave"

    assert "请先把负责人身份移交给其他成员" in client.get(page).text
    assert client.post(page).status_code == 403


def test_a_request_can_be_taken_back(client, session, owner):
    waiting = make_membership(session, person=owner.person, state=MembershipState.UNVERIFIED)
    session.commit()

    assert client.post(f"/memberships/{waiting.id}/leave").status_code == 303
    session.expire_all()
    assert waiting.state == MembershipState.ENDED


def test_an_administrator_ends_the_last_owner_after_reading_what_follows(client, session, owner):
    sign_in(client, make_staff(session, Role.ADMINISTRATOR))
    session.commit()
    page = f"/staff/memberships/{owner.id}/end"

    assert "唯一的负责人" in client.get(page).text
    assert client.post(page, data={"reason": "授权已失效"}).status_code == 303
    session.expire_all()
    assert session.get(Membership, owner.id).state == MembershipState.ENDED


def test_the_list_asks_equally_often_for_one_member_and_for_twenty(client, session, owner, home, now):
    few = queries_of(client, f"{home}/members")
    for number in range(20):
        make_membership(session, organisation=owner.organisation)
        make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
        make_invitation(session, owner, email=f"nr{number}@shili.example", invited_at=now)
    session.commit()

    assert queries_of(client, f"{home}/members") == few
