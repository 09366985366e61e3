"""Beginning from an earlier application, and never two drafts by accident."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.errors import ApplicationExistsError
from grants.applications.models import Answer, Application, Attachment
from grants.applications.states import ApplicationState as S
from grants.documents import StoredFile
from grants.kernel.errors import ForbiddenError, NotFoundError
from tests.factories.accounts import sign_in
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call
from tests.factories.eligibility import set_state


def begin(session, source, call, now, **options):
    return services.open_draft(
        session,
        call,
        options.pop("organisation", source.organisation),
        source=source,
        another=options.pop("another", False),
        actor=options.pop("actor", owner_of(session, source)),
        now=now,
    )


@pytest.fixture
def visit(client):
    client.application.config["WTF_CSRF_ENABLED"] = False
    yield client
    client.application.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.REJECTED, S.WITHDRAWN, S.EXPIRED, S.DISCARDED, S.AWARDED])
def test_everything_that_fits_comes_along_from_whatever_state(session, now, state):
    source = make_application(session, complete=True, submitted=state is S.SUBMITTED, now=now)
    if state not in (S.DRAFT, S.SUBMITTED):
        source.state = state
        session.flush()
    before = queries.load_draft(session, source)

    begun = begin(session, source, make_call(session, now=now), now)

    after = queries.load_draft(session, begun)
    assert begun.state is S.DRAFT
    assert begun.title == source.title
    assert after.value("product_name") == before.value("product_name")
    assert after.content["answers"]["contracts"] == before.content["answers"]["contracts"]
    assert [(file.slot, file.sha256) for file in after.present_files] == [
        (file.slot, file.sha256) for file in before.present_files
    ]
    assert after.value("commit_true") is None
    assert queries.load_draft(session, source).content == before.content


def test_the_same_stored_files_are_attached_and_nothing_is_uploaded_again(session, now):
    source = make_application(session, complete=True, now=now)
    files = session.scalar(select(func.count(StoredFile.id)))

    begun = begin(session, source, make_call(session, now=now), now)

    assert session.scalar(select(func.count(StoredFile.id))) == files
    ids = [
        set(session.scalars(select(Attachment.file_id).where(Attachment.application_id == one.id)))
        for one in (source, begun)
    ]
    assert ids[0] == ids[1]


def test_each_answer_says_where_it_comes_from(session, now):
    source = make_application(session, submitted=True, now=now)

    begun = begin(session, source, make_call(session, now=now), now)

    query = select(Answer.origin).where(Answer.application_id == begun.id, Answer.field_key == "product_name")
    assert session.scalars(query).one() == f"application:{source.ref}"


def test_another_programme_takes_what_it_has_and_tells_the_rest_with_reasons(session, now):
    source = make_application(session, complete=True, now=now)

    begun = begin(session, source, make_call(session, code="hlw", now=now), now)

    taken = queries.find_carry_over(session, begun)
    left = {one["label"]: one["reason"] for one in taken.left}
    assert left["产品名称"] == "field_gone"
    assert any(reason == "slot_gone" for reason in left.values())
    assert begun.call.definition.programme.code == "hlw"


def test_what_may_be_used_only_once_is_named(session, now):
    source = make_application(session, complete=True, now=now)

    begun = begin(session, source, make_call(session, now=now), now)

    assert queries.find_carry_over(session, begun).once == ["合同编号", "发票号码", "产品名称", "版本号"]


def test_a_second_application_needs_to_be_wanted(session, now):
    source = make_application(session, now=now)

    with pytest.raises(ApplicationExistsError):
        begin(session, source, source.call, now)

    assert session.scalar(select(func.count(Application.id))) == 1
    begin(session, source, source.call, now, another=True)
    assert session.scalar(select(func.count(Application.id))) == 2


def test_another_organisations_application_is_not_found(session, now):
    source, other = make_application(session, now=now), make_application(session, now=now)

    with pytest.raises(NotFoundError):
        begin(
            session,
            source,
            make_call(session, now=now),
            now,
            organisation=other.organisation,
            actor=owner_of(session, other),
        )


def test_what_was_deleted_for_good_cannot_be_begun_from(session, now):
    source = make_application(session, now=now)
    set_state(session, source, S.PURGED)

    with pytest.raises(ForbiddenError) as refused:
        begin(session, source, make_call(session, now=now), now)

    assert refused.value.code == "draft_purged"


def test_pressing_start_twice_makes_one_draft(session, visit, now, clock):
    source = make_application(session, now=now)
    call = make_call(session, now=now)
    sign_in(visit, session.get_one(Person, source.created_by))
    form = {"organisation": str(source.organisation_id)}

    first = visit.post(f"/apply/new/{call.ref}", data=form)
    second = visit.post(f"/apply/new/{call.ref}", data=form)

    assert (first.status_code, second.status_code) == (303, 200)
    assert "仍要另建一份" in second.text
    assert session.scalar(select(func.count()).where(Application.call_id == call.id)) == 1
    third = visit.post(f"/apply/new/{call.ref}", data={**form, "another": "y"})
    assert third.status_code == 303


def test_the_start_page_warns_of_a_draft_and_of_others_in_the_year(session, visit, now, clock):
    filed = make_application(session, submitted=True, code="hlw", now=now)
    call = make_call(session, code="hlw", now=now)
    make_application(
        session,
        call=call,
        organisation=filed.organisation,
        person=session.get_one(Person, filed.created_by),
        now=now + timedelta(minutes=1),
    )
    sign_in(visit, session.get_one(Person, filed.created_by))

    text = visit.get(f"/apply/new/{call.ref}").text

    assert "本单位在这一批次已有申报" in text
    assert "继续填写" in text
    assert "本单位今年在本专项的其他批次已有申报" in text
    assert filed.ref in text


def test_the_page_after_it_lists_what_stayed_behind(session, visit, now, clock):
    source = make_application(session, complete=True, now=now)
    call = make_call(session, code="hlw", now=now)
    sign_in(visit, session.get_one(Person, source.created_by))

    answer = visit.post(
        f"/apply/new/{call.ref}", data={"organisation": str(source.organisation_id), "source": str(source.id)}
    )
    text = visit.get(answer.location).text

    assert re.search(r"/apply/[0-9a-f-]+/carried$", answer.location)
    assert "产品名称" in text
    assert "新的申报表没有这一项" in text
