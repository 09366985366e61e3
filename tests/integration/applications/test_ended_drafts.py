"""Drafts that expire or are deleted: told, kept for thirty days, restored, and then deleted with their files."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants import documents
from grants.accounts.models import Person
from grants.applications import policies, queries, services
from grants.applications.models import Answer, Attachment
from grants.applications.services.ending import CONTENT
from grants.applications.states import ApplicationState as S
from grants.db import Base
from grants.documents import StoredFile
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, NotFoundError
from grants.notifications import InboxItem, text_of
from grants.outbox import Message
from tests.factories.accounts import actor_of, make_member, make_membership, make_staff, sign_in
from tests.factories.applications import make_application, owner_of

KEPT_WITH_THE_APPLICATION = {"claim", "correction_request", "revision"}  # of what was submitted: never deleted
LATER = timedelta(days=31)


def count(session, entity, application):
    return session.scalar(select(func.count()).where(entity.application_id == application.id))


def discard(session, application, now):
    services.discard_draft(session, application, actor=owner_of(session, application), now=now)


def expire(session, application):
    """Let the call close and the sweep run; returns when."""
    at = application.call.closes_at + timedelta(hours=2)
    services.expire_overdue(session, now=at)
    session.refresh(application)
    assert application.state is S.EXPIRED
    return at


def test_every_table_of_an_application_is_deleted_with_a_draft_or_kept_for_a_reason():
    mappers = [
        mapper for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("grants.applications.")
    ]
    owning = {
        mapper.local_table.name
        for mapper in mappers
        if any(key.column.table.name == "application" for key in mapper.local_table.foreign_keys)
    }

    assert {entity.__tablename__ for entity in CONTENT} == owning - KEPT_WITH_THE_APPLICATION


def test_a_deleted_draft_leaves_the_list_and_comes_back_whole(session, now):
    application = make_application(session, complete=True, now=now)
    owner = owner_of(session, application)
    before = queries.load_draft(session, application).content

    discard(session, application, now)
    discard(session, application, now)

    assert not queries.list_for_enterprise(session, owner).items
    assert list(queries.list_ended_drafts(session, owner).items) == [application]
    services.restore_draft(session, application, actor=owner, now=now)
    services.restore_draft(session, application, actor=owner, now=now)
    assert application.state is S.DRAFT
    assert queries.load_draft(session, application).content == before


def test_an_ended_draft_is_read_and_not_changed(session, client, now, clock):
    application = make_application(session, complete=True, now=now)
    discard(session, application, now)
    sign_in(client, session.get_one(Person, application.created_by))

    assert "这份草稿已删除" in client.get(f"/apply/{application.id}/sections/org").text
    with pytest.raises(ForbiddenError) as refused:
        services.save_answers(
            session,
            application,
            [services.Entry("product_name", "", "改")],
            actor=owner_of(session, application),
            now=now,
        )
    assert refused.value.code == "draft_discarded"


def test_only_an_owner_or_who_started_it_deletes_a_draft(session, now):
    application = make_application(session, now=now)
    editor = make_membership(session, organisation=application.organisation, level="editor").person
    own = make_application(session, organisation=application.organisation, person=editor, now=now)

    assert policies.may_discard(actor_of(session, editor), application).reason == "level_cannot_discard"
    assert policies.may_discard(actor_of(session, editor), own)
    assert policies.may_discard(owner_of(session, application), own)
    assert policies.may_discard(actor_of(session, make_staff(session, Role.OFFICER)), own).reason


def test_what_was_submitted_is_neither_deleted_nor_restored(session, now):
    application = make_application(session, submitted=True, now=now)
    owner = owner_of(session, application)

    assert policies.may_discard(owner, application).reason == "not_a_draft"
    assert policies.may_restore(owner, application, now=now).reason == "nothing_to_restore"


def test_an_expired_draft_is_told_of_and_comes_back_only_with_more_time(session, now):
    application = make_application(session, now=now)
    owner = owner_of(session, application)
    at = expire(session, application)

    told = session.scalars(select(InboxItem).where(InboxItem.kind == "application.expired")).one()
    assert "kept_until" in told.facts
    assert policies.may_restore(owner, application, now=at).reason == "too_late_to_restore"
    application.extended_to = at + timedelta(days=2)
    session.flush()
    assert policies.may_restore(owner, application, now=at)
    services.restore_draft(session, application, actor=owner, now=at)
    services.expire_overdue(session, now=at + timedelta(days=3))
    assert session.scalar(select(func.count()).where(InboxItem.kind == "application.expired")) == 2


def test_after_thirty_days_answers_and_files_are_gone_and_the_record_of_it_stays(session, now):
    application = make_application(session, complete=True, now=now)
    owner = owner_of(session, application)
    files = session.scalars(select(StoredFile)).all()
    discard(session, application, now)

    assert services.purge_ended(session, now=now + timedelta(days=29)) == 0
    assert services.purge_ended(session, now=now + LATER) == 1

    assert application.state is S.PURGED
    assert [count(session, entity, application) for entity in CONTENT] == [0] * len(CONTENT)
    assert application.title == ""
    assert session.scalar(select(func.count(StoredFile.id))) == 0
    forgotten = session.scalars(select(Message.payload).where(Message.topic == "file.forgotten")).all()
    assert {message["sha256"] for message in forgotten} == {file.sha256 for file in files}
    assert policies.may_restore(owner, application, now=now + LATER).reason == "draft_purged"
    assert services.purge_ended(session, now=now + LATER) == 0


def test_notices_about_a_purged_draft_no_longer_say_what_it_was_called(session, now):
    gone = make_application(session, complete=True, now=now)
    kept = make_application(session, call=gone.call, organisation=gone.organisation, complete=True, now=now)
    gone.title = kept.title = "示例秘密产品"
    at = expire(session, gone)
    assert "示例秘密产品" in str([item.facts for item in items_about(session, gone)])

    services.restore_draft(session, extended(session, kept, at), actor=owner_of(session, kept), now=at)
    services.purge_ended(session, now=at + LATER)

    assert gone.state is S.PURGED
    told = items_about(session, gone)
    assert told
    for item in told:
        assert "示例秘密产品" not in str(item.facts)
        assert "示例秘密产品" not in text_of(item.kind, item.facts)
        assert item.facts["ref"] == gone.call.ref
    assert all(item.facts["title"] == "示例秘密产品" for item in items_about(session, kept))


def items_about(session, application):
    query = select(InboxItem).where(InboxItem.path.startswith(f"/apply/{application.id}/"))
    return session.scalars(query.execution_options(populate_existing=True)).all()


def extended(session, application, at):
    application.extended_to = at + timedelta(days=60)
    session.flush()
    return application


def test_the_bytes_of_forgotten_files_are_removed_by_the_worker(session, now, drain):
    application = make_application(session, complete=True, now=now)
    hashes = set(session.scalars(select(StoredFile.sha256)))
    discard(session, application, now)
    services.purge_ended(session, now=now + LATER)
    long_ago = (now - timedelta(days=1)).timestamp()
    for sha256 in hashes:
        with documents.current_store().on_disk(sha256) as path:
            os.utime(path, (long_ago, long_ago))
    session.commit()

    drain()

    for sha256 in hashes:
        with pytest.raises(FileNotFoundError):
            documents.current_store().open(sha256)


def test_a_file_that_another_application_uses_stays(session, now):
    kept = make_application(session, complete=True, now=now)
    gone = make_application(session, organisation=kept.organisation, call=kept.call, now=now)
    shared = session.scalars(select(Attachment).where(Attachment.application_id == kept.id)).first()
    session.add(
        Attachment(
            application_id=gone.id,
            slot_key=shared.slot_key,
            file_id=shared.file_id,
            attached_at=now,
            attached_by=shared.attached_by,
        )
    )
    session.flush()
    discard(session, gone, now)

    services.purge_ended(session, now=now + LATER)

    assert session.get(StoredFile, shared.file_id) is not None


def test_a_submitted_or_expired_correction_is_never_purged(session, now):
    submitted = make_application(session, submitted=True, now=now)
    submitted.state, submitted.state_since = S.EXPIRED, now
    session.flush()

    assert services.purge_ended(session, now=now + LATER) == 0
    assert count(session, Answer, submitted) > 0


def test_bytes_are_removed_once_nothing_can_be_writing_their_row(app, session, now):
    file = documents.put_bytes(session, b"%PDF-1.7 ", name="x.pdf", content_type="application/pdf", by="x", now=now)
    store = documents.current_store()

    assert not store.remove(file.sha256, kept_before=now - timedelta(days=10_000))
    with store.open(file.sha256) as stream:
        assert stream.read(4) == b"%PDF"
    assert store.remove(file.sha256, kept_before=now + timedelta(days=10_000))
    with pytest.raises(FileNotFoundError):
        store.open(file.sha256)
    assert store.remove(file.sha256, kept_before=now)


def test_the_pages_delete_list_and_restore(session, client, now, clock):
    application = make_application(session, complete=True, now=now)
    sign_in(client, session.get_one(Person, application.created_by))

    assert "删除这份草稿" in client.get(f"/apply/{application.id}/discard").text
    client.application.config["WTF_CSRF_ENABLED"] = False
    try:
        assert client.post(f"/apply/{application.id}/discard").status_code == 303
        assert "恢复草稿" in client.get("/apply/ended").text
        assert "恢复草稿" in client.get(f"/apply/{application.id}/").text
        assert client.post(f"/apply/{application.id}/restore").status_code == 303
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = True
    assert "没有已删除或逾期的草稿" in client.get("/apply/ended").text


def test_strangers_and_the_office_see_no_ended_draft(session, now):
    application = make_application(session, now=now)
    discard(session, application, now)

    for person in (make_member(session), make_staff(session, Role.OFFICER), make_staff(session, Role.AUDITOR)):
        with pytest.raises(NotFoundError):
            queries.get_application(session, application.id, actor_of(session, person))
        assert not queries.list_ended_drafts(session, actor_of(session, person)).items
