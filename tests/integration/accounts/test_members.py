"""The members of a unit: inviting, accepting, vouching, levels, handing over, leaving, at the same time as well."""

import json
import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from grants.accounts import queries, services
from grants.accounts.models import Invitation, Membership, Person
from grants.accounts.states import Level, MembershipState
from grants.audit.models import AuditEntry
from grants.db import writing
from grants.factory import create_app
from grants.kernel.actor import Role
from grants.kernel.errors import DomainError, ForbiddenError, InvalidError, NotFoundError
from grants.notifications import InboxItem, Mail, mark_delivered
from tests.factories.accounts import (
    actor_of,
    make_invitation,
    make_member,
    make_membership,
    make_person,
    make_staff,
    sign_in,
)
from tests.support.databases import dispose, make_settings

TOKEN = "practice-token"


@pytest.fixture
def owner(session):
    return make_membership(session)


def as_actor(session, membership):
    return actor_of(session, membership.person)


def invite(session, owner, now, email="xin@shili.example", level=Level.EDITOR):
    return services.invite(
        session, owner.organisation_id, email=email, level=level, actor=as_actor(session, owner), now=now
    )


def accept(session, person, now, token=TOKEN):
    return services.accept_invitation(session, token, actor=actor_of(session, person), now=now)


def token_in_mail(session, address):
    body = session.scalars(select(Mail.body).where(Mail.to_address == address).order_by(Mail.id.desc())).first()
    return body.split("/invitations/")[1].split()[0]


def told(session, person):
    return session.scalars(select(InboxItem.kind).where(InboxItem.person_id == person.id)).all()


def test_who_accepts_acts_for_the_unit_on_the_owners_word(session, now, owner):
    invite(session, owner, now, email=" XIN@shili.example", level=Level.SIGNATORY)
    invited = make_person(session, email="xin@shili.example")

    membership = accept(session, invited, now, token_in_mail(session, "xin@shili.example"))

    assert (membership.state, membership.level) == (MembershipState.VERIFIED, Level.SIGNATORY)
    assert membership.vouched_by == owner.person_id
    assert actor_of(session, invited).organisation_ids("signatory") == {owner.organisation_id}
    assert queries.is_verified_member(session, invited.id, owner.organisation_id)
    assert told(session, owner.person) == ["membership.joined"]


def test_the_token_is_kept_nowhere_but_in_the_mail_and_not_there_once_delivered(session, now, owner):
    invitation = invite(session, owner, now)
    token = token_in_mail(session, "xin@shili.example")
    mail = session.scalars(select(Mail)).one()

    assert invitation.token_hash == services.hash_of(token)
    assert session.scalars(select(InboxItem)).all() == []
    mark_delivered(session, mail.id, at=now)
    session.expire_all()
    assert mail.body == ""


def test_somebody_without_an_account_registers_without_papers(session, now, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)

    person = services.accept_as_new_person(
        session, TOKEN, name=" 新示例 ", phone="021-0000 0000", password_hash="-", now=now
    )

    [membership] = queries.list_memberships_of(session, person.id)
    assert (person.email, person.name) == ("xin@shili.example", "新示例")
    assert (membership.state, membership.proof_file_id) == (MembershipState.VERIFIED, None)


def test_a_token_opens_once(session, now, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    invited = make_person(session, email="xin@shili.example")
    accept(session, invited, now)

    with pytest.raises(InvalidError) as refused:
        accept(session, invited, now)
    assert refused.value.code == "invitation_accepted"


@pytest.mark.parametrize(
    ("days", "code"), [(timedelta(days=7), "invitation_expired"), (timedelta(days=7, seconds=-1), "")]
)
def test_an_invitation_holds_for_seven_days(session, now, owner, days, code):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    invited = make_person(session, email="xin@shili.example")

    assert code_of(accept, session, invited, now + days) == code


def code_of(step, *arguments, **named):
    try:
        step(*arguments, **named)
    except DomainError as error:
        return error.code
    return ""


def test_another_account_cannot_accept_even_with_the_token(session, now, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)

    assert code_of(accept, session, make_person(session), now) == "invitation_other_address"
    assert code_of(accept, session, make_staff(session, Role.OFFICER), now) == "enterprise_excludes_role"
    with pytest.raises(NotFoundError):
        accept(session, make_person(session), now, "guessed")


def test_a_refused_invitation_leaves_no_token_in_the_log(session, client, now, clock, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    session.commit()
    sign_in(client, make_person(session))

    assert client.post(f"/invitations/{TOKEN}").status_code == 403

    refused = session.scalars(select(AuditEntry.detail).where(AuditEntry.kind == "request.refused")).one()
    assert json.loads(refused)["path"] == "/invitations/…"


def test_an_invitation_falls_with_its_inviter(session, now, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    other = make_membership(session, organisation=owner.organisation)
    services.change_level(session, owner, level=Level.READER, actor=as_actor(session, other), now=now)

    assert code_of(accept, session, make_person(session, email="xin@shili.example"), now) == "invitation_lapsed"


def test_an_invitation_falls_with_its_inviters_account(session, now, owner):
    make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    owner.person.disabled_at = now
    session.flush()

    assert code_of(accept, session, make_person(session, email="xin@shili.example"), now) == "invitation_lapsed"


def test_inviting_again_makes_the_former_token_worthless(session, now, owner):
    first = invite(session, owner, now)
    former = token_in_mail(session, "xin@shili.example")
    second = invite(session, owner, now + timedelta(days=8), level=Level.READER)
    invited = make_person(session, email="xin@shili.example")

    assert first.id == second.id
    with pytest.raises(NotFoundError):
        accept(session, invited, now + timedelta(days=8), former)
    assert accept(session, invited, now + timedelta(days=8), token_in_mail(session, invited.email)).level == "reader"


def test_a_withdrawn_invitation_opens_nothing_and_leaves_room_for_another(session, now, owner):
    invitation = make_invitation(session, owner, email="xin@shili.example", token=TOKEN, invited_at=now)
    services.withdraw_invitation(session, invitation, actor=as_actor(session, owner), now=now)

    assert code_of(accept, session, make_person(session, email="xin@shili.example"), now) == "invitation_withdrawn"
    assert invite(session, owner, now).id != invitation.id


def test_twenty_invitations_wait_at_most_and_expired_ones_do_not_count(session, now, owner):
    for number in range(20):
        invite(session, owner, now, email=f"nr{number}@shili.example")

    assert code_of(invite, session, owner, now) == "too_many_invitations"
    assert code_of(invite, session, owner, now, email="nr3@shili.example") == ""
    assert code_of(invite, session, owner, now + timedelta(days=8)) == ""


def test_only_verified_owners_invite(session, now):
    for membership in (
        make_membership(session, level=Level.EDITOR),
        make_membership(session, state=MembershipState.UNVERIFIED, may_draft=True),
    ):
        with pytest.raises(ForbiddenError):
            invite(session, membership, now)


def test_whoever_belongs_to_the_unit_is_not_invited_again(session, now, owner):
    fellow = make_membership(session, organisation=owner.organisation)

    assert code_of(invite, session, owner, now, email=fellow.person.email) == "already_member"


@pytest.mark.parametrize("state", [MembershipState.UNVERIFIED, MembershipState.REFUSED, MembershipState.ENDED])
def test_an_invitation_takes_up_a_membership_that_there_is_already(session, now, owner, state):
    former = make_membership(session, organisation=owner.organisation, state=state)
    make_invitation(session, owner, email=former.person.email, token=TOKEN, invited_at=now)

    assert accept(session, former.person, now).id == former.id
    assert former.state == MembershipState.VERIFIED


def test_an_owner_vouches_for_who_asks_and_the_officers_queue_is_shorter(session, now, owner):
    asking = make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
    before = queries.count_by_state(session)[MembershipState.UNVERIFIED]

    services.vouch(session, asking, level=Level.READER, actor=as_actor(session, owner), now=now)

    assert (asking.state, asking.level, asking.vouched_by) == ("verified", "reader", owner.person_id)
    assert queries.count_by_state(session).get(MembershipState.UNVERIFIED, 0) == before - 1
    assert told(session, asking.person) == ["membership.accepted"]


def test_an_owner_declines_with_a_reason_that_the_person_reads(session, now, owner):
    asking = make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
    actor = as_actor(session, owner)

    assert code_of(services.decline, session, asking, reason=" ", actor=actor, now=now) == "decline_without_reason"
    services.decline(session, asking, reason="并非本单位职工", actor=actor, now=now)

    assert asking.state == MembershipState.REFUSED
    body = session.scalars(select(Mail.body).where(Mail.to_address == asking.person.email)).one()
    assert "原因：并非本单位职工" in body


def test_owners_of_other_units_change_nothing(session, now, owner):
    stranger = as_actor(session, make_membership(session))
    asking = make_membership(session, organisation=owner.organisation, state=MembershipState.UNVERIFIED)
    fellow = make_membership(session, organisation=owner.organisation, level=Level.READER)

    for step, subject, given in (
        (services.vouch, asking, {"level": Level.OWNER}),
        (services.decline, asking, {"reason": "x"}),
        (services.change_level, fellow, {"level": Level.OWNER}),
        (services.hand_over, fellow, {}),
        (services.end_membership, fellow, {"reason": "x"}),
        (services.leave, fellow, {}),
    ):
        with pytest.raises(ForbiddenError):
            step(session, subject, actor=stranger, now=now, **given)
    assert (asking.state, fellow.state, fellow.level) == ("unverified", "verified", "reader")


def test_a_level_changes_with_the_next_request_but_never_ones_own(session, now, owner):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.READER)
    actor = as_actor(session, owner)

    services.change_level(session, fellow, level=Level.EDITOR, actor=actor, now=now)

    assert actor_of(session, fellow.person).organisation_ids("editor") == {owner.organisation_id}
    assert told(session, fellow.person) == ["membership.level_changed"]
    changing = {"level": Level.READER, "actor": actor, "now": now}
    assert code_of(services.change_level, session, owner, **changing) == "own_membership_change"


def test_handing_over_leaves_one_owner_and_an_editor(session, now, owner):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.READER)

    services.hand_over(session, fellow, actor=as_actor(session, owner), now=now)

    assert (fellow.level, owner.level) == (Level.OWNER, Level.EDITOR)
    assert told(session, fellow.person) == ["ownership.handed_over"]


def test_a_unit_is_not_handed_to_a_closed_account(session, now, owner):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.EDITOR)
    fellow.person.disabled_at = now
    session.flush()

    with pytest.raises(ForbiddenError) as refused:
        services.hand_over(session, fellow, actor=as_actor(session, owner), now=now)

    assert refused.value.code == "member_disabled"
    assert owner.level is Level.OWNER


def test_whoever_is_removed_loses_the_unit_at_once_and_is_told_why(session, now, owner):
    fellow = make_membership(session, organisation=owner.organisation, level=Level.EDITOR)

    services.end_membership(session, fellow, reason="已离职", actor=as_actor(session, owner), now=now)

    assert actor_of(session, fellow.person).organisation_ids() == frozenset()
    assert "原因：已离职" in session.scalars(select(Mail.body).where(Mail.to_address == fellow.person.email)).one()


def test_the_only_owner_cannot_leave_but_one_of_two_can(session, now, owner):
    assert code_of(services.leave, session, owner, actor=as_actor(session, owner), now=now) == "last_owner"

    other = make_membership(session, organisation=owner.organisation)
    services.leave(session, owner, actor=as_actor(session, owner), now=now)

    assert owner.state == MembershipState.ENDED
    assert told(session, other.person) == ["membership.left"]


def test_an_administrator_ends_even_the_last_owner_and_the_next_verified_person_is_one(session, now, owner):
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    asking = make_membership(
        session, organisation=owner.organisation, state=MembershipState.UNVERIFIED, level=Level.EDITOR
    )

    services.end_membership(session, owner, reason="授权已失效", actor=administrator, now=now)
    services.decide_membership(session, asking, verified=True, reason="", actor=administrator, now=now)

    assert (owner.state, asking.level) == (MembershipState.ENDED, Level.OWNER)


def test_who_left_comes_back_by_papers_and_no_longer_as_owner(session, now, owner):
    make_membership(session, organisation=owner.organisation)
    actor = as_actor(session, owner)
    services.leave(session, owner, actor=actor, now=now)

    services.resubmit_proof(session, owner, proof=None, actor=actor, now=now)

    assert (owner.state, owner.level) == (MembershipState.UNVERIFIED, Level.EDITOR)


def test_owners_hear_of_who_asks_to_join(session, now, owner):
    somebody = make_person(session)

    services.request_membership(
        session,
        somebody,
        uscc=owner.organisation.uscc,
        organisation_name="示例",
        proof=None,
        actor=actor_of(session, somebody),
        now=now,
    )

    assert told(session, owner.person) == ["membership.requested"]


@pytest.fixture
def own_apps(database_kind, databases, tmp_path, worker_id, request):
    """Two applications on one database of this test's own."""
    url = databases.copy(database_kind, f"{request.node.originalname[5:25]}_{worker_id}_{database_kind}")
    made = [create_app(make_settings(url, tmp_path / str(number))) for number in range(2)]
    yield made
    for app in made:
        dispose(app)


def at_once(apps, *steps):
    """Run the steps at the same moment, each in its own application; gives their codes, empty where one succeeded."""
    ready, codes = Barrier(len(steps)), [None] * len(steps)

    def run(number):
        ready.wait()
        with apps[number].app_context():
            try:
                with writing() as session:
                    steps[number](session)
                codes[number] = ""
            except DomainError as error:
                codes[number] = error.code

    threads = [Thread(target=run, args=(number,)) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_two_owners_who_remove_each_other_at_once_leave_one(own_apps, now):
    with own_apps[0].app_context(), writing() as session:
        first = make_membership(session)
        second = make_membership(session, organisation=first.organisation)
        pairs = [(first.id, as_actor(session, second)), (second.id, as_actor(session, first))]
        organisation_id = first.organisation_id

    def remove(target, actor):
        def step(session):
            membership = session.get_one(Membership, target)
            services.end_membership(session, membership, reason="x", actor=actor, now=now)

        return step

    codes = at_once(own_apps, *(remove(*pair) for pair in pairs))

    assert sorted(codes) == ["", "membership_unverified"]
    with own_apps[0].app_context(), writing() as session:
        states = session.scalars(select(Membership.state).where(Membership.organisation_id == organisation_id)).all()
        assert sorted(states) == ["ended", "verified"]


def test_one_token_used_at_the_same_moment_lets_one_in(own_apps, now):
    with own_apps[0].app_context(), writing() as session:
        make_invitation(session, make_membership(session), email="xin@shili.example", token=TOKEN, invited_at=now)

    def register(session):
        services.accept_as_new_person(session, TOKEN, name="示例", phone="", password_hash="-", now=now)

    codes = at_once(own_apps, register, register)

    assert sorted(codes) == ["", "invitation_accepted"]
    with own_apps[0].app_context(), writing() as session:
        assert len(session.scalars(select(Person).where(Person.email == "xin@shili.example")).all()) == 1
        assert session.scalars(select(Invitation.state)).all() == ["accepted"]


def test_members_are_listed_for_their_unit_only(session, owner):
    make_member(session)
    fellow = make_membership(session, organisation=owner.organisation)

    assert {one.id for one in queries.list_members(session, owner.organisation_id).items} == {owner.id, fellow.id}


def test_pages_of_the_unit_stand_under_the_unit_in_the_menu(client, owner):
    sign_in(client, owner.person)
    unit = owner.organisation_id

    pages = [f"/organisation/{unit}/members", f"/organisation/{unit}/profile", "/organisation/join", "/organisation"]
    current = [re.findall(r'aria-current="page">([^<]+)</a>', client.get(page).text) for page in pages]

    assert current == [["单位资料", "单位资料"]] * len(pages)  # the bar, and the menu of a phone
