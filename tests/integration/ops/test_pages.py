"""The operators' pages: dead letters, mails, the log, the demonstration clock."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import audit, outbox
from grants.db.demo_clock import read_offset
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.clock import real_now
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.notifications import Mail
from grants.ops import services
from tests.factories.accounts import actor_of, make_staff, sign_in
from tests.factories.calls import make_call


@pytest.fixture
def administrator(client, session):
    person = make_staff(session, Role.ADMINISTRATOR)
    sign_in(client, person)
    return person


@pytest.fixture
def dead_letter(session):
    message = outbox.publish(session, "mail.requested", {"mail_id": "1"})
    session.flush()
    outbox.bury(session, message.id, at=real_now(), error="ConnectionError: 示例服务器没有应答")
    session.commit()
    return message


def test_a_dead_letter_is_sent_again_once(client, session, administrator, dead_letter):
    assert "示例服务器没有应答" in client.get("/staff/operations").text

    assert client.post(f"/staff/operations/dead/{dead_letter.id}/retry").status_code == 303

    session.refresh(dead_letter)
    assert (dead_letter.dead_at, dead_letter.attempt) == (None, 1)
    assert client.post(f"/staff/operations/dead/{dead_letter.id}/retry").status_code == 422
    assert client.post("/staff/operations/dead/999999/retry").status_code == 404
    kinds = session.scalars(select(audit.AuditEntry.kind)).all()
    assert kinds.count("message.revived") == 1


def test_the_clock_moves_for_every_page_and_comes_back(client, session, administrator):
    assert client.post("/staff/clock/step", data={"step": "day"}).status_code == 303
    assert client.post("/staff/clock/step", data={"step": "hour"}).status_code == 303
    assert read_offset(session) == timedelta(days=1, hours=1)
    assert "比真实时间快 1 天 1 小时" in client.get("/calls").text

    assert client.post("/staff/clock/step", data={"step": "real"}).status_code == 303

    assert read_offset(session) == timedelta(0)
    assert "演示时钟" not in client.get("/calls").text
    moves = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.kind == "clock.moved")).all()
    assert len(moves) == 3


def test_the_clock_is_set_to_an_instant_within_ten_years(clock, client, session, administrator):
    assert client.post("/staff/clock", data={"day": "2026-04-30", "clock": "15:59"}).status_code == 303
    assert read_offset(session) == timedelta(days=43, hours=3, minutes=59)

    answer = client.post("/staff/clock", data={"day": "2126-04-30", "clock": "15:59"})

    assert "前后十年" in answer.text
    assert "请填写时和分" in client.post("/staff/clock", data={"day": "2026-04-30", "clock": "下午"}).text
    assert read_offset(session) == timedelta(days=43, hours=3, minutes=59)


def test_production_has_no_clock_to_move(app, client, session, administrator, now, monkeypatch):
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, mode="production"))

    assert client.get("/staff/clock").status_code == 403
    assert client.post("/staff/clock/step", data={"step": "day"}).status_code == 403
    with pytest.raises(ForbiddenError) as refused:
        services.move_clock(
            session, timedelta(days=1), clock_can_move=False, actor=actor_of(session, administrator), now=now
        )
    assert refused.value.code == "clock_fixed"
    assert read_offset(session) == timedelta(0)


def test_only_administrators_move_the_clock(client, session, now):
    for role in (Role.AUDITOR, Role.OFFICER, Role.APPROVER, Role.EXPERT):
        person = make_staff(session, role)
        sign_in(client, person)
        assert client.post("/staff/clock/step", data={"step": "day"}).status_code == 403
        with pytest.raises(ForbiddenError):
            services.move_clock(
                session, timedelta(days=1), clock_can_move=True, actor=actor_of(session, person), now=now
            )
    with pytest.raises(ForbiddenError):
        services.move_clock(session, timedelta(days=1), clock_can_move=True, actor=SYSTEM, now=now)


def test_an_offset_beyond_ten_years_is_refused(session, now):
    actor = actor_of(session, make_staff(session, Role.ADMINISTRATOR))
    with pytest.raises(InvalidError):
        services.move_clock(session, timedelta(days=4_000), clock_can_move=True, actor=actor, now=now)


def test_the_log_is_found_by_reference_and_shows_where_its_seals_stand(client, session, administrator):
    call = make_call(session)
    other = make_call(session)
    audit.seal_pending(session)

    page = client.get(f"/staff/audit?subject_key={call.ref}").text

    assert str(call.id) in page
    assert str(other.id) not in page
    assert "call.announced" in page
    assert "没有符合条件的记录" in client.get("/staff/audit?kind=nonsense").text
    assert "核对通过" in client.get("/staff/audit/verify").text


def test_the_log_pages_by_keyset(client, session, administrator, now):
    for number in range(60):
        audit.record(session, SYSTEM, "test.recorded", ("person", f"p{number:02d}"), at=now)
    session.commit()

    first = client.get("/staff/audit?kind=test.recorded").text

    assert first.count("test.recorded</td>") == 25
    assert "p59" in first
    assert "p10" not in first
    assert "下一页" in first


def test_the_auditor_reads_the_log_without_personal_content(client, session):
    make_call(session)
    person = make_staff(session, Role.ADMINISTRATOR, name="张示例")
    actor = actor_of(session, person)
    audit.record(session, actor, "person.renamed", ("person", person.id), at=real_now(), detail={"name": "秘密姓名"})
    sign_in(client, make_staff(session, Role.AUDITOR))

    page = client.get("/staff/audit").text

    assert "张**" in page
    assert "张示例" not in page
    assert "秘密姓名" not in page
    assert client.get("/staff/operations").status_code == 403
    assert client.get("/staff/mails").status_code == 403


def test_mails_are_read_where_they_land_in_a_folder(app, client, session, administrator, now, monkeypatch):
    mail = Mail(event_key="k", to_address="a@shili.example", subject="示例主题", body="<b>正文</b>", created_at=now)
    session.add(mail)
    session.commit()
    assert "示例主题" in client.get("/staff/mails").text
    assert "&lt;b&gt;正文" in client.get(f"/staff/mails/{mail.id}").text

    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_url="smtp://127.0.0.1:25"))

    assert "示例主题" in client.get("/staff/mails").text
    assert client.get(f"/staff/mails/{mail.id}").status_code == 404
