"""Who wants which mails when; the daily digest; addresses that nothing reaches."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grants import notifications
from grants.accounts.queries import failing_members
from grants.kernel.clock import local_instant
from grants.notifications import CATALOGUE, InboxItem, Mail, Manner, Recipient, Theme
from grants.notifications.choices import THEMES, next_digest_at, theme_of
from grants.outbox import Lane, Message
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


def test_news_of_this_very_transaction_are_told_as_everything_is(session):
    people = [make_person(session) for _ in range(4)]
    notifications.choose(session, people[1].id, {Theme.CASE: Manner.DAILY})
    notifications.choose(session, people[2].id, {Theme.CASE: Manner.NEVER})
    recipients = [Recipient(person.id, person.email, person.name) for person in (*people, people[0])]
    recipients[3] = Recipient(people[3].id, people[0].email, people[3].name)  # one address, two people

    told = {}
    for is_new in (False, True):
        notifications.notify(
            session,
            event_key=f"event:{is_new}",
            kind="check.finished",
            recipients=recipients,
            facts={"name": "示例批次", "ref": "SBC-2026-01", "title": "示例软件"},
            path="/apply/",
            now=NOON,
            is_new=is_new,
        )
        items = session.execute(
            select(InboxItem.person_id, InboxItem.kind, InboxItem.facts, InboxItem.path, InboxItem.created_at)
            .where(InboxItem.event_key == f"event:{is_new}")
            .order_by(InboxItem.person_id)
        ).all()
        mails = session.execute(
            select(Mail.to_address, Mail.addressed_to, Mail.subject, Mail.body, Mail.held_until, Mail.attempts)
            .where(Mail.event_key == f"event:{is_new}")
            .order_by(Mail.to_address)
        ).all()
        asked = [
            session.get_one(Mail, UUID(message.payload["mail_id"])).to_address
            for message in session.scalars(select(Message).where(Message.topic == "mail.requested"))
            if session.get_one(Mail, UUID(message.payload["mail_id"])).event_key == f"event:{is_new}"
        ]
        told[is_new] = (items, mails, asked)

    assert told[True] == told[False]
    assert [len(part) for part in told[True]] == [4, 2, 1]


def test_only_a_mail_that_somebody_waits_for_is_interactive_work(session):
    person = make_person(session)
    tell(session, person, "event:1")
    notifications.send_secret(
        session,
        event_key="secret:1",
        kind="password.reset_requested",
        to_address=person.email,
        facts={"name": "示例平台", "ref": "-"},
        path="/reset/x",
        now=NOON,
    )

    lanes = session.scalars(select(Message.lane).where(Message.topic == "mail.requested").order_by(Message.id)).all()
    assert lanes == [Lane.BULK, Lane.INTERACTIVE]


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
