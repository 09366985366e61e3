"""The worker's half: a PDF once, everybody told once, whatever is delivered twice."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from grants import documents
from grants.notifications import InboxItem
from grants.outbox.models import Message
from grants.publication import queries
from grants.publication.domain import read_content
from tests.factories.accounts import make_member
from tests.factories.publication import make_notice, make_released_list
from workers.publication import issue_notice
from workers.typesetting import typeset


def test_a_notice_gets_its_pdf_and_its_applicants_are_told(session, drain, now):
    notice = make_notice(session)
    application = queries.applications_of(session, read_content(notice.content).items)[0]
    make_member(session, application.organisation)
    session.commit()

    drain()
    session.expire_all()

    file = session.get_one(documents.StoredFile, notice.pdf_file_id)
    with documents.open_file(file) as stream:
        content = stream.read()
    assert content == typeset(read_content(notice.content), sha256=notice.sha256)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.name == f"{notice.ref}.pdf"
    assert session.scalars(select(InboxItem.kind)).all() == ["notice.published"]


def test_a_second_delivery_changes_nothing(session, drain, now):
    notice = make_notice(session)
    session.commit()
    drain()
    session.expire_all()
    first = notice.pdf_file_id
    message = session.scalars(select(Message).where(Message.topic == "notice.published")).one()

    issue_notice(message_id=str(message.id), notice_id=str(notice.id))
    session.expire_all()

    assert notice.pdf_file_id == first
    assert len(session.scalars(select(documents.StoredFile)).all()) == 1


def test_a_released_list_gets_its_pdf(session, drain, now):
    award_list = make_released_list(session)
    session.commit()

    drain()
    session.expire_all()

    assert award_list.pdf_file_id is not None
    assert award_list.notice.pdf_file_id is not None
