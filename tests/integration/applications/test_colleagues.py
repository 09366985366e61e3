"""Sections handed to colleagues and remarks on answers: within the unit, and nowhere else."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from grants.accounts.models import Person
from grants.accounts.states import Level, MembershipState
from grants.applications import queries, services
from grants.applications.models import AnswerComment, SectionAssignment
from grants.applications.services.colleagues import COMMENT_LENGTH
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.notifications import InboxItem
from tests.factories.accounts import actor_of, make_member, make_staff, sign_in
from tests.factories.applications import make_application, owner_of
from tests.support.statements import queries_of


@pytest.fixture
def draft(session, now):
    return make_application(session, complete=True, now=now)


@pytest.fixture
def colleague(session, draft):
    return make_member(session, draft.organisation, level=Level.EDITOR)


@pytest.fixture
def reader(session, draft):
    return make_member(session, draft.organisation, level=Level.READER)


def told(session, kind):
    """Who was told of what, the first one first."""
    return session.scalars(select(InboxItem.person_id).where(InboxItem.kind == kind).order_by(InboxItem.id)).all()


def say(session, draft, person, now, text="请核对", path="product_name", row=""):
    return services.write_comment(session, draft, path, row, text, actor=actor_of(session, person), now=now)


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


def test_a_section_is_handed_over_and_told_once(session, now, draft, colleague):
    owner = owner_of(session, draft)

    for _ in range(2):
        services.assign_section(session, draft, "product", colleague.id, actor=owner, now=now)

    assert [one.person_id for one in queries.list_assignments(session, draft, owner)] == [colleague.id]
    assert told(session, "section.assigned") == [colleague.id]
    services.assign_section(session, draft, "product", None, actor=owner, now=now)
    assert queries.list_assignments(session, draft, owner) == []


def test_taking_a_section_oneself_tells_nobody(session, now, draft):
    owner = owner_of(session, draft)

    services.assign_section(session, draft, "documents", owner.person_id, actor=owner, now=now)

    assert told(session, "section.assigned") == []


def test_only_people_of_the_unit_are_given_sections_that_exist(session, now, draft):
    owner, stranger = owner_of(session, draft), make_member(session)
    gone = make_member(session, draft.organisation, state=MembershipState.REFUSED)

    for person in (stranger, gone):
        with pytest.raises(InvalidError) as refused:
            services.assign_section(session, draft, "product", person.id, actor=owner, now=now)
        assert refused.value.code == "not_of_unit"
    with pytest.raises(NotFoundError):
        services.assign_section(session, draft, "nowhere", owner.person_id, actor=owner, now=now)


def test_a_reader_hands_out_nothing_but_may_remark(session, now, draft, reader):
    with pytest.raises(ForbiddenError) as refused:
        services.assign_section(session, draft, "product", reader.id, actor=actor_of(session, reader), now=now)
    say(session, draft, reader, now)

    assert refused.value.code == "level_cannot_edit"
    assert session.scalars(select(AnswerComment.written_by)).all() == [reader.id]


def test_nobody_outside_the_unit_knows_of_any_of_it(session, now, draft, colleague):
    services.assign_section(session, draft, "product", colleague.id, actor=owner_of(session, draft), now=now)
    say(session, draft, colleague, now)

    for person in (make_member(session), make_staff(session, Role.OFFICER), make_staff(session, Role.AUDITOR)):
        actor = actor_of(session, person)
        assert queries.list_threads(session, draft, actor) == ()
        assert queries.list_assignments(session, draft, actor) == []
        with pytest.raises(NotFoundError):
            say(session, draft, person, now)


def test_a_thread_tells_each_of_those_concerned_once_until_it_is_opened_again(session, now, draft, colleague, reader):
    owner = session.get_one(Person, draft.created_by)
    services.assign_section(session, draft, "product", colleague.id, actor=owner_of(session, draft), now=now)

    for _ in range(3):
        say(session, draft, reader, now)
    assert told(session, "answer.commented") == [colleague.id]

    say(session, draft, owner, now)
    say(session, draft, owner, now)
    assert sorted(told(session, "answer.commented")) == sorted([colleague.id, reader.id])

    services.resolve_thread(session, draft, "product_name", "", actor=actor_of(session, colleague), now=now)
    say(session, draft, owner, now)
    assert sorted(told(session, "answer.commented")) == sorted([colleague.id, reader.id] * 2)


def test_who_has_left_the_unit_is_told_nothing(session, now, draft, colleague):
    say(session, draft, colleague, now)
    membership = colleague.memberships[0]
    membership.state = MembershipState.ENDED
    session.flush()

    say(session, draft, session.get_one(Person, draft.created_by), now)

    assert told(session, "answer.commented") == []


def test_a_section_of_somebody_who_has_left_is_nobodys(session, now, draft, colleague):
    owner = owner_of(session, draft)
    services.assign_section(session, draft, "product", colleague.id, actor=owner, now=now)
    colleague.memberships[0].state = MembershipState.ENDED
    session.flush()

    assert queries.list_assignments(session, draft, owner) == []


def test_a_thread_is_closed_and_the_next_remark_opens_it(session, now, draft):
    owner, person = owner_of(session, draft), session.get_one(Person, draft.created_by)
    say(session, draft, person, now)
    say(session, draft, person, now)

    services.resolve_thread(session, draft, "product_name", "", actor=owner, now=now)
    (thread,) = queries.list_threads(session, draft, owner)
    assert not thread.is_open
    assert {comment.resolved_by for comment in thread.comments} == {owner.person_id}
    say(session, draft, person, now, "还有一处")
    (thread,) = queries.list_threads(session, draft, owner, ["product_name"])
    assert thread.is_open
    with pytest.raises(NotFoundError):
        services.resolve_thread(session, draft, "version", "", actor=owner, now=now)


@pytest.mark.parametrize(
    ("path", "row"), [("nothing", ""), ("product_name", "r1"), ("contracts.buyer", ""), ("contracts.buyer", "r9")]
)
def test_a_remark_is_about_an_answer_that_is_there(session, now, draft, path, row):
    with pytest.raises(NotFoundError):
        say(session, draft, session.get_one(Person, draft.created_by), now, path=path, row=row)


@pytest.mark.parametrize(
    ("text", "code"), [(" \r\n ", "comment_empty"), ("一" * (COMMENT_LENGTH + 1), "comment_too_long")]
)
def test_a_remark_says_something_and_not_too_much(session, now, draft, text, code):
    with pytest.raises(InvalidError) as refused:
        say(session, draft, session.get_one(Person, draft.created_by), now, text)

    assert refused.value.code == code


def test_remarks_and_sections_never_reach_a_revision(session, now, draft, colleague):
    services.assign_section(session, draft, "product", colleague.id, actor=owner_of(session, draft), now=now)
    say(session, draft, colleague, now, "不可外传的意见")
    undertakings = services.undertakings_of(queries.load_draft(session, draft).definition)

    services.submit_application(session, draft, actor=owner_of(session, draft), now=now, undertakings=undertakings)

    content = queries.current_revision(session, draft).content
    assert "不可外传的意见" not in content
    assert str(colleague.id) not in content


def test_the_pages_hand_out_and_filter_and_say(session, draft, colleague, client, clock):
    session.commit()
    sign_in(client, session.get_one(Person, draft.created_by))
    address = f"/apply/{draft.id}"
    handed = client.post(f"{address}/colleagues", data={"s-product": str(colleague.id), "was-product": ""})
    assert handed.status_code == 303
    assert f"由{colleague.name}填写" in text_of(client.get(f"{address}/sections/org"))
    assert "没有变化" in text_of(
        client.post(
            f"{address}/colleagues",
            data={"s-product": str(colleague.id), "was-product": str(colleague.id)},
            follow_redirects=True,
        )
    )

    sign_in(client, colleague)
    mine = client.get(f"{address}/missing?mine=1")
    assert re.search(r'<a href="[^"]*mine=1" aria-current="true">我的章节', mine.text)
    assert mine.text.count("data-section=") == len(queries.load_draft(session, draft).definition.sections) + 2
    written = client.post(f"{address}/comments/contracts.buyer?row=r1", data={"body": "名称与<b>合同</b>一致吗"})
    assert written.status_code == 303
    thread = client.get(written.location)
    assert "名称与&lt;b&gt;合同&lt;/b&gt;一致吗" in thread.text
    assert "未处理" in text_of(thread)
    assert "同事意见 1 条" in text_of(client.get(f"{address}/tables/contracts/rows/r1"))
    assert "首批销售合同，合同 1，购买单位" in text_of(client.get(f"{address}/colleagues"))
    assert client.post(f"{address}/comments/contracts.buyer/resolve?row=r1").status_code == 303
    assert "已处理" in text_of(client.get(written.location))
    assert client.post(f"{address}/comments/contracts.buyer?row=r1", data={"body": " "}).status_code == 422


def test_what_a_colleague_changed_meanwhile_is_not_undone(session, draft, colleague, client, clock):
    session.commit()
    sign_in(client, session.get_one(Person, draft.created_by))
    client.post(f"/apply/{draft.id}/colleagues", data={"s-product": str(colleague.id), "was-product": ""})

    client.post(f"/apply/{draft.id}/colleagues", data={"s-product": "", "was-product": "", "s-ip": str(colleague.id)})

    session.expire_all()
    found = session.scalars(select(SectionAssignment.section_key).order_by(SectionAssignment.section_key)).all()
    assert found == ["ip", "product"]


def test_many_remarks_cost_no_more_queries_than_one(session, now, draft, colleague, client, clock):
    say(session, draft, colleague, now)
    session.commit()
    sign_in(client, session.get_one(Person, draft.created_by))
    pages = [f"/apply/{draft.id}/{path}" for path in ("sections/product", "colleagues", "comments/product_name")]
    few = [queries_of(client, page) for page in pages]
    for path in ("product_name", "version", "category", "rd_invest"):
        for number in range(8):
            say(session, draft, colleague, now, f"第 {number} 条", path=path)
    session.commit()

    assert [queries_of(client, page) for page in pages] == few
