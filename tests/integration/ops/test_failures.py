"""Work that was given up, as administrators are told of it, see it, and start it again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import audit, outbox
from grants.applications.queries import current_revision
from grants.kernel.actor import Role
from grants.kernel.clock import real_now
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.notifications import InboxItem, Mail
from grants.ops import services
from grants.ops.alerts import alert_of_dead
from grants.ops.broker import queue_lengths
from grants.outbox import Lane, Message
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.eligibility import submit_case
from tests.support.statements import counted


@pytest.fixture
def administrator(client, session):
    person = make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, person)
    return person


def bury(session, topic, number=1, *, at=None, error="ConnectionError: 示例服务器没有应答", **ids):
    for _ in range(number):
        message = outbox.publish(session, topic, ids or {"mail_id": "1"})
        session.flush()
        outbox.bury(session, message.id, at=at or real_now(), error=error)
    session.flush()


def alerts(session):
    return session.scalars(select(InboxItem).where(InboxItem.kind == "message.given_up").order_by(InboxItem.id)).all()


def test_administrators_are_told_once_per_kind_and_hour(session, now):
    make_staff(session, Role.ADMINISTRATOR)
    make_staff(session, Role.OFFICER)
    at = real_now().replace(minute=10)
    bury(session, "application.submitted", 3, at=at)
    bury(session, "mail.requested", at=at)

    for minute in (11, 12, 50):
        bury(session, "mail.requested", at=at)
        alert_of_dead(session, real_now=at.replace(minute=minute), now=now)
    assert [item.facts["ref"] for item in alerts(session)] == ["application.submitted", "mail.requested"]
    assert alerts(session)[0].facts | {"at": ""} == {
        "name": "自动核验",
        "ref": "application.submitted",
        "count": "3",
        "at": "",
        "reason": "ConnectionError: 示例服务器没有应答",
    }

    bury(session, "mail.requested", at=at + timedelta(hours=1))
    alert_of_dead(session, real_now=at + timedelta(hours=1, minutes=1), now=now)

    assert [item.facts["ref"] for item in alerts(session)] == ["application.submitted", *["mail.requested"] * 2]
    mail = session.scalars(select(Mail).where(Mail.event_key.like("message.given_up:application%"))).one()
    assert "后台任务失败：自动核验" in mail.subject
    assert "示例服务器没有应答" in mail.body


def test_a_failed_check_shows_its_case_and_all_of_a_kind_start_again(client, session, administrator):
    application = submit_case(session)
    revision = current_revision(session, application)
    session.query(Message).delete()
    bury(session, "application.submitted", revision_id=str(revision.id))
    bury(session, "mail.requested", 2)
    session.commit()

    page = client.get("/staff/operations").text
    assert application.ref in page
    assert page.count("全部重新执行") == 2
    only = client.get("/staff/operations?topic=mail.requested").text
    assert application.ref not in only
    assert client.post("/staff/operations/kinds/application.submitted/retry").status_code == 303

    session.expire_all()
    assert [message.topic for message in session.scalars(select(Message).where(Message.dead_at.is_(None)))] == [
        "application.submitted"
    ]
    assert client.post("/staff/operations/kinds/no.such/retry").status_code == 404
    assert "messages.revived" in session.scalars(select(audit.AuditEntry.kind)).all()


def test_only_administrators_start_again(session, now):
    bury(session, "mail.requested")
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))

    with pytest.raises(ForbiddenError):
        services.revive_kind(session, "mail.requested", actor=officer, now=now, due_at=real_now())
    with pytest.raises(NotFoundError):
        services.revive_kind(session, "nonsense", actor=administrator, now=now, due_at=real_now())


def test_the_page_asks_the_same_number_of_queries_with_one_failure_and_with_thirty(client, session, administrator):
    queries = []
    for more in (1, 29):
        application = submit_case(session)
        bury(session, "application.withdrawn", more, application_id=str(application.id))
        session.commit()
        client.get("/staff/operations")
        with counted() as asked:
            client.get("/staff/operations")
        queries.append(asked.queries)

    assert queries[0] == queries[1]
    assert "下一页" in client.get("/staff/operations?topic=application.withdrawn").text


def test_lanes_and_kinds_are_in_the_figures(client, session):
    bury(session, "mail.requested", 2)
    outbox.publish(session, "application.asof_reached", {"revision_id": "1"}, due_at=real_now() - timedelta(seconds=90))
    session.commit()

    figures = client.get("/metrics").text

    assert 'grants_messages_given_up{topic="mail.requested"} 2.0' in figures
    assert 'grants_lane_messages{lane="bulk",place="waiting"} 1.0' in figures
    assert 'grants_lane_messages{lane="interactive",place="running"} 0.0' in figures
    lag = next(line for line in figures.splitlines() if line.startswith('grants_lane_lag_seconds{lane="bulk"}'))
    assert 90 <= float(lag.split()[-1]) < 120


def test_a_broker_that_does_not_answer_tells_no_lengths():
    assert queue_lengths("redis://127.0.0.1:1/0", "nobody") == {}
    assert queue_lengths("", "nobody") == {}


def test_a_queue_that_is_not_there_is_empty():
    assert queue_lengths("memory://", "nobody") == dict.fromkeys(Lane, 0)
