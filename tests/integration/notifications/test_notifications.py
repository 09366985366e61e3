"""Telling people: once per event, in the transaction, delivered by SMTP or into a folder."""

import socket
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from grants import notifications
from grants.kernel.errors import NotFoundError
from grants.notifications import CATALOGUE, InboxItem, Mail, MailRefusedError, Recipient, notify
from grants.notifications.letters import write_letter
from grants.outbox import Message

FACTS = {"name": "软件首版次突破专项（模拟）", "ref": "SBC-2027-01"}


def somebody(number=1):
    return Recipient(uuid4(), f"person{number}@shili.example", f"示例人员{number}")


def tell(session, now, *people, event="event:1", kind="notice.published", **facts):
    notify(
        session,
        event_key=event,
        kind=kind,
        recipients=people,
        facts=FACTS | facts,
        path="/notices/SBC-2027-01",
        now=now,
    )


def count(session, entity):
    return session.scalar(select(func.count()).select_from(entity))


@pytest.mark.parametrize("kind", CATALOGUE)
@pytest.mark.parametrize("complete", [False, True])
def test_every_kind_has_words_with_and_without_its_further_facts(kind, complete):
    facts = FACTS | ({name: f"<{name}>" for name in CATALOGUE[kind]} if complete else {})

    letter = write_letter(kind, facts, to="陈示例", path="/inbox")

    assert letter.subject.startswith("【模拟】")
    assert "陈示例：" in letter.body
    assert "模拟系统" in letter.body
    assert "/inbox" in letter.body
    assert "\n\n\n" not in letter.body
    assert all(f"<{name}>" in letter.body for name in CATALOGUE[kind]) or not complete
    assert "模拟系统" not in notifications.text_of(kind, facts)
    assert notifications.subject_of(kind, facts)


def test_one_event_tells_each_person_once(session, now):
    first, second = somebody(1), somebody(2)

    tell(session, now, first, first)
    tell(session, now, first, second)

    assert (count(session, InboxItem), count(session, Mail), count(session, Message)) == (2, 2, 2)


def test_many_recipients_take_few_statements(session, now):
    tell(session, now, *(somebody(number) for number in range(600)))

    assert count(session, Mail) == 600


def test_a_kind_or_fact_that_is_missing_is_an_error_of_the_caller(session, now):
    with pytest.raises(KeyError):
        tell(session, now, somebody(), kind="application.vanished")
    with pytest.raises(ValueError, match="ref"):
        notify(session, event_key="e", kind="notice.published", recipients=[], facts={"name": "x"}, path="/", now=now)


def test_a_subject_stays_one_line_whatever_the_facts_hold(session, now):
    tell(session, now, somebody(), name="甲\r\nBcc: all@shili.example")

    assert "\n" not in session.scalars(select(Mail.subject)).one()


def test_the_inbox_is_ones_own(session, now):
    mine, other = somebody(1), somebody(2)
    tell(session, now, mine, other)
    item = notifications.list_inbox(session, mine.person_id).items[0]

    assert notifications.count_unread(session, mine.person_id) == 1
    with pytest.raises(NotFoundError):
        notifications.open_item(session, item.id, person_id=other.person_id, now=now)
    notifications.open_item(session, item.id, person_id=mine.person_id, now=now)
    assert notifications.count_unread(session, mine.person_id) == 0
    notifications.mark_all_read(session, person_id=other.person_id, now=now)
    assert notifications.count_unread(session, other.person_id) == 0


def test_a_mail_is_delivered_into_the_folder_once(app, session, now, drain):
    tell(session, now, somebody())

    assert drain() == 1
    mail = session.scalars(select(Mail)).one()
    folder = urlsplit(app.extensions["settings"].mail_url).path
    [file] = [*Path(folder).glob(f"*{mail.id}.eml")]
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == (mail.to_address, mail.subject)
    assert message.get_content().replace("\r\n", "\n") == mail.body
    assert mail.delivered_at is not None
    assert mail.attempts == 1

    message = session.scalars(select(Message)).one()
    message.done_at = message.sent_at = message.begun_at = None
    drain()
    assert session.scalars(select(Mail)).one().attempts == 1


class Server:
    """A mail server: keeps what it takes, refuses whom it is told to."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address.startswith("refused"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def smtp():
    server = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, f"smtp://127.0.0.1:{port}?from=tongzhi@grants.example"
    controller.stop()


def envelope(session, now, address):
    tell(session, now, Recipient(uuid4(), address, "陈示例"))
    return notifications.get_envelope(session, session.scalars(select(Mail.id)).one())


def test_a_mail_is_delivered_by_smtp(session, now, smtp):
    server, url = smtp

    notifications.deliver(envelope(session, now, "chen@shili.example"), url)

    [message] = server.taken
    assert message["Subject"] == f"【模拟】公示发布：{FACTS['name']}（{FACTS['ref']}）"
    assert message["From"].addresses[0].addr_spec == "tongzhi@grants.example"
    assert "陈示例" in message.get_content()


@pytest.mark.parametrize(
    ("address", "error"), [("refused@shili.example", MailRefusedError), ("later@shili.example", OSError)]
)
def test_what_a_server_refuses_for_good_is_told_from_what_may_pass(session, now, smtp, address, error):
    with pytest.raises(error):
        notifications.deliver(envelope(session, now, address), smtp[1])


def test_an_unreachable_server_is_tried_again_later(app, session, now, drain, monkeypatch):
    tell(session, now, somebody())
    settings = replace(app.extensions["settings"], mail_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(app.extensions, "settings", settings)

    drain()

    mail, message = session.scalars(select(Mail)).one(), session.scalars(select(Message)).one()
    assert (mail.delivered_at, mail.attempts, message.attempt, message.done_at) == (None, 1, 2, None)
    assert mail.error.startswith("ConnectionRefusedError")
