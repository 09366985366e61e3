"""Who wants which mails when; the daily digest; addresses that nothing reaches."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import notifications
from grants.accounts.queries import failing_members
from grants.kernel.clock import local_instant
from grants.notifications import CATALOGUE, InboxItem, Mail, Manner, Recipient, Theme
from grants.notifications.choices import THEMES, next_digest_at, theme_of
from grants.outbox import Message
from tests.factories.accounts import make_member, make_organisation, make_person
from tests.factories.calls import NOON

STATUTORY = {
    "application.submitted",
    "application.returned",
    "application.rejected",
    "decision.made",
    "notice.published",
    "award_list.released",
    "objection.decided",
    "deadline.extended",
    "membership.verified",
    "membership.refused",
}


def tell(session, person, event, *, kind="check.finished", now=NOON):
    notifications.notify(
        session,
        event_key=event,
        kind=kind,
        recipients=[Recipient(person.id, person.email, person.name)],
        facts={"name": "示例批次", "ref": "SBC-2026-01", "title": "示例软件"},
        path="/apply/",
        now=now,
    )


def mails_of(session, person):
    return session.scalars(select(Mail).where(Mail.to_address == person.email).order_by(Mail.id)).all()


def requested(session):
    return [message.payload["mail_id"] for message in session.scalars(select(Message).order_by(Message.id))]


def test_what_the_law_has_us_tell_cannot_be_switched_off():
    assert {kind for kind in CATALOGUE if theme_of(kind) is None} >= STATUTORY
    assert theme_of("something.new") is None


def test_every_name_of_a_theme_names_something():
    for name in THEMES:
        assert any(kind.startswith(name) if name.endswith(".") else kind == name for kind in CATALOGUE), name


def test_remarks_of_colleagues_can_be_switched_off():
    assert theme_of("answer.commented") is Theme.COLLEAGUES


def test_without_a_choice_mails_come_at_once(session):
    person = make_person(session)

    tell(session, person, "a")

    (mail,) = mails_of(session, person)
    assert mail.held_until is None
    assert requested(session) == [str(mail.id)]


def test_no_mail_still_reaches_the_inbox(session):
    person = make_person(session)
    notifications.choose(session, person.id, {Theme.CASE: Manner.NEVER})

    tell(session, person, "a")
    tell(session, person, "b", kind="application.submitted")

    kinds = select(InboxItem.kind).where(InboxItem.person_id == person.id).order_by(InboxItem.id)
    assert session.scalars(kinds).all() == ["check.finished", "application.submitted"]
    assert [mail.event_key for mail in mails_of(session, person)] == ["b"]


def test_one_mail_a_day_holds_everything_and_is_sent_once(session):
    person, other = make_person(session), make_person(session)
    for somebody in (person, other):
        notifications.choose(session, somebody.id, {Theme.CASE: Manner.DAILY})
    tell(session, person, "a")
    tell(session, person, "b", now=NOON + timedelta(hours=2))
    tell(session, other, "a")
    due = next_digest_at(NOON)
    assert requested(session) == []
    assert notifications.send_digests(session, now=due - timedelta(seconds=1)) == 0

    assert notifications.send_digests(session, now=due) == 2
    assert notifications.send_digests(session, now=due) == 0

    first, second, digest = mails_of(session, person)
    assert {first.digest_id, second.digest_id} == {digest.id}
    assert "2 条通知" in digest.subject
    assert first.subject in digest.body
    assert second.body in digest.body
    assert f"{person.name}：" in digest.body
    assert str(digest.id) in requested(session)
    assert len(requested(session)) == 2


@pytest.mark.parametrize(("hour", "day"), [(0, 18), (7, 18), (8, 19), (23, 19)])
def test_digests_leave_at_eight_in_shanghai(hour, day):
    now = local_instant(NOON.date(), hour, 30 if hour == 7 else 0)
    assert next_digest_at(now) == local_instant(NOON.date().replace(day=day), 8)


def test_an_address_fails_until_something_reaches_it(session):
    person = make_person(session)
    tell(session, person, "a", kind="application.submitted")
    (mail,) = mails_of(session, person)
    assert notifications.failing_addresses(session, [person.email]) == {}

    notifications.mark_failed(session, mail.id, at=NOON)
    assert notifications.failing_addresses(session, [person.email]) == {person.email: NOON}

    tell(session, person, "b", kind="application.submitted")
    again = mails_of(session, person)[-1]
    notifications.mark_delivered(session, again.id, at=NOON + timedelta(hours=1))
    assert notifications.failing_addresses(session, [person.email]) == {}


def test_the_office_sees_which_members_mails_do_not_reach(session):
    organisation = make_organisation(session)
    reached, missed = (make_member(session, organisation) for _ in range(2))
    for person in (reached, missed):
        tell(session, person, "a", kind="application.submitted")
    notifications.mark_delivered(session, mails_of(session, reached)[0].id, at=NOON)
    notifications.mark_failed(session, mails_of(session, missed)[0].id, at=NOON)

    assert failing_members(session, organisation.id) == {missed.email: NOON}
