"""From an approved proposal to a released list on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from grants.applications.models import Application
from grants.decisions import services as decisions
from grants.kernel.clock import local_date, local_instant
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError, NotFoundError
from grants.kernel.working_days import UnknownWorkingDayError
from grants.notifications import InboxItem
from grants.outbox.models import Message
from grants.publication import queries, services
from grants.publication.domain import read_content
from grants.publication.errors import NoticeStillRunsError, ObjectionUndecidedError
from grants.publication.models import Objection
from grants.publication.presenters import status_words
from grants.publication.states import AwardListState, NoticeState, ObjectionState
from tests.factories.accounts import make_member
from tests.factories.calls import make_call
from tests.factories.decisions import make_approved, make_officer, make_reviewed
from tests.factories.publication import (
    GROUNDS,
    after_notice,
    make_administrator,
    make_notice,
    make_objection,
    make_prepared_list,
    make_released_list,
    release_day,
)


def states(session, call) -> list[str]:
    query = select(Application.state).where(Application.call_id == call.id).order_by(Application.ref)
    return [str(state) for state in session.scalars(query)]


def topics(session) -> list[str]:
    return list(session.scalars(select(Message.topic).order_by(Message.id)))


def test_a_notice_freezes_what_was_approved(session, now):
    notice = make_notice(session)
    published = read_content(notice.content)

    assert (notice.ref, notice.version) == (f"GS-{notice.call.ref}-1", 1)
    assert (notice.starts_on, notice.ends_on) == (date(2026, 3, 18), date(2026, 3, 24))
    assert [item.seq for item in published.items] == [1, 2, 3]
    assert len(published.items[0].uscc) == 18
    assert states(session, notice.call) == ["on_notice"] * 3 + ["not_funded"]
    assert "notice.published" in topics(session)


def test_no_score_and_no_person_is_published(session, now):
    notice = make_notice(session)

    assert "total_hundredths" not in notice.content
    assert "rank" not in notice.content
    assert "reason" not in notice.content


def test_without_an_approval_there_is_nothing_to_publish(session, now):
    call = make_call(session, open=False, now=now)
    make_reviewed(session, call)

    with pytest.raises(InvalidError) as refused:
        services.publish_notice(session, call, actor=make_administrator(session), now=now)

    assert refused.value.code == "nothing_approved"


def test_a_proposal_on_notice_is_not_changed_any_more(session, now):
    notice = make_notice(session)

    with pytest.raises(ForbiddenError) as refused:
        decisions.prepare_proposal(session, notice.call, actor=make_officer(session), now=now)

    assert refused.value.code == "already_on_notice"


def test_a_notice_is_published_once(session, now):
    notice = make_notice(session)

    with pytest.raises(IllegalTransitionError):
        services.publish_notice(session, notice.call, actor=make_administrator(session), now=now)


def test_a_notice_beyond_the_calendar_asks_the_administrator(session):
    now = local_instant(date(2031, 12, 29), 9)
    call = make_call(session, open=False, now=now)
    make_reviewed(session, call, now=now)
    make_approved(session, call, now=now)

    with pytest.raises(UnknownWorkingDayError):
        services.plan_notice(session, call, now=now)


@pytest.mark.parametrize(
    ("day", "hour", "code"),
    [
        (date(2026, 3, 17), 23, "notice_not_begun"),
        (date(2026, 3, 18), 0, None),
        (date(2026, 3, 24), 23, None),
        (date(2026, 3, 25), 0, "notice_over"),
    ],
)
def test_objections_are_taken_on_the_days_of_the_notice(session, day, hour, code):
    notice, at = make_notice(session), local_instant(day, hour)
    if code is None:
        assert make_objection(session, notice, now=at).state is ObjectionState.FILED
        return
    with pytest.raises(ForbiddenError) as refused:
        make_objection(session, notice, now=at)

    assert refused.value.code == code


def test_a_notice_over_the_national_holiday_counts_the_working_saturday(session):
    notice = make_notice(session, now=local_instant(date(2026, 9, 29), 12))

    assert (notice.starts_on, notice.ends_on) == (date(2026, 9, 29), date(2026, 10, 10))
    last = local_instant(date(2026, 10, 11), 0) - timedelta(microseconds=1)
    assert make_objection(session, notice, now=last).state is ObjectionState.FILED
    with pytest.raises(ForbiddenError):
        make_objection(session, notice, seq=2, now=last + timedelta(microseconds=1))


def test_one_telephone_number_does_not_flood_a_notice(session, now):
    notice = make_notice(session)
    for number in range(5):
        make_objection(session, notice, grounds=f"{GROUNDS}（{number}）")

    with pytest.raises(InvalidError) as refused:
        make_objection(session, notice)

    assert refused.value.code == "too_many_objections"
    assert make_objection(session, notice, phone="021-55550200").state is ObjectionState.FILED


def test_an_item_that_is_not_there_cannot_be_objected_to(session, now):
    notice = make_notice(session)
    statement = services.ObjectionStatement("SBC-1999-01-0001", "示例", False, "021", "", "理由")

    with pytest.raises(NotFoundError):
        services.file_objection(session, notice, statement, now=now)


def test_a_rejected_objection_leaves_the_notice_as_it_is(session, now):
    notice = make_notice(session)
    objection = make_objection(session, notice)

    following = services.decide_objection(
        session, objection, uphold=False, reply="经核实，不属于同一版本。", actor=make_officer(session), now=now
    )

    assert following is None
    assert (notice.state, objection.state) == (NoticeState.PUBLISHED, ObjectionState.REJECTED)
    with pytest.raises(ForbiddenError) as refused:
        services.decide_objection(session, objection, uphold=True, reply="改", actor=make_officer(session), now=now)
    assert refused.value.code == "objection_decided"


def test_an_upheld_objection_leads_to_a_new_version(session, now):
    notice = make_notice(session)
    objection = make_objection(session, notice, seq=2)

    following = services.decide_objection(
        session, objection, uphold=True, reply="经核实属实。", actor=make_officer(session), now=now
    )

    assert notice.state is NoticeState.SUPERSEDED
    assert (following.ref, following.version, following.state) == (f"GS-{notice.call.ref}-2", 2, NoticeState.PUBLISHED)
    assert objection.application.ref in following.changes
    assert (following.starts_on, following.ends_on) == (notice.starts_on, notice.ends_on)
    assert states(session, notice.call) == ["on_notice", "not_funded", "on_notice", "not_funded"]
    assert [version.ref for version in queries.list_versions(session, notice)] == [notice.ref, following.ref]


def test_a_notice_that_objections_emptied_does_not_open_the_ranking_again(session, now):
    notice, officer = make_notice(session, awards=1), make_officer(session)
    objection = make_objection(session, notice)

    emptied = services.decide_objection(session, objection, uphold=True, reply="属实", actor=officer, now=now)

    assert read_content(emptied.content).items == ()
    with pytest.raises(ForbiddenError) as refused:
        decisions.prepare_proposal(session, notice.call, actor=officer, now=now)
    assert refused.value.code == "already_on_notice"
    assert states(session, notice.call) == ["not_funded", "not_funded"]
    with pytest.raises(InvalidError) as nothing:
        make_prepared_list(session, emptied)
    assert nothing.value.code == "nothing_to_release"


def test_two_upheld_objections_to_one_item_remove_it_once(session, now):
    notice, officer = make_notice(session), make_officer(session)
    first, second = make_objection(session, notice), make_objection(session, notice, phone="021-55550200")

    services.decide_objection(session, first, uphold=True, reply="属实", actor=officer, now=now)
    following = services.decide_objection(session, second, uphold=True, reply="属实", actor=officer, now=now)

    assert following is None
    assert len(queries.list_versions(session, notice)) == 2


def test_no_list_while_the_notice_runs(session, now):
    notice = make_notice(session)

    with pytest.raises(NoticeStillRunsError):
        services.prepare_award_list(
            session,
            notice,
            doc_no="示专项〔2026〕1 号",
            announced_on=date(2026, 3, 30),
            actor=make_administrator(session),
            now=local_instant(notice.ends_on, 23),
        )


def test_an_undecided_objection_holds_the_list_back(session, now):
    notice = make_notice(session)
    objection = make_objection(session, notice)
    with pytest.raises(ObjectionUndecidedError) as refused:
        make_prepared_list(session, notice)
    assert refused.value.facts["items"] == objection.application.ref

    services.decide_objection(
        session, objection, uphold=True, reply="属实", actor=make_officer(session), now=after_notice(notice)
    )
    award_list = make_prepared_list(session, queries.find_running_notice(session, notice.call))

    assert len(read_content(award_list.content).items) == 2


def test_two_people_release_a_list(session, now):
    administrator = make_administrator(session)
    award_list = make_prepared_list(session, administrator=administrator)
    at = release_day(award_list)

    with pytest.raises(ForbiddenError) as refused:
        services.release_award_list(session, award_list, actor=administrator, now=at)
    assert refused.value.code == "own_list"

    services.release_award_list(
        session, award_list, actor=make_administrator(session), now=at, sha256=award_list.sha256
    )

    assert (award_list.state, award_list.notice.state) == (AwardListState.RELEASED, NoticeState.RELEASED)
    assert states(session, award_list.call) == ["awarded"] * 3 + ["not_funded"]
    assert topics(session).count("award_list.released") == 1
    assert queries.get_released_list(session, award_list.ref) is award_list


def test_the_releaser_releases_what_was_seen(session, now):
    award_list = make_prepared_list(session)

    with pytest.raises(IllegalTransitionError):
        services.release_award_list(
            session,
            award_list,
            actor=make_administrator(session),
            now=after_notice(award_list.notice),
            sha256="0" * 64,
        )


def test_a_list_is_not_released_before_the_day_it_bears(session, now):
    award_list = make_prepared_list(session)

    with pytest.raises(InvalidError) as refused:
        services.release_award_list(
            session, award_list, actor=make_administrator(session), now=release_day(award_list) - timedelta(days=1)
        )
    assert refused.value.code == "list_not_due"
    assert award_list.state is AwardListState.PREPARED


def test_an_announcement_is_not_dated_back(session, now):
    notice = make_notice(session)

    with pytest.raises(InvalidError) as refused:
        services.prepare_award_list(
            session,
            notice,
            doc_no="示专项〔2026〕1 号",
            announced_on=notice.ends_on + timedelta(days=1),
            actor=make_administrator(session),
            now=after_notice(notice) + timedelta(days=2),
        )
    assert refused.value.code == "announced_in_the_past"


def test_a_notice_is_published_as_it_was_seen(session, now):
    call = make_call(session, open=False, now=now)
    make_reviewed(session, call, total="80")
    make_approved(session, call)
    seen = services.substance_of(services.plan_notice(session, call, now=now))
    administrator = make_administrator(session)

    with pytest.raises(IllegalTransitionError):
        services.publish_notice(session, call, actor=administrator, now=now + timedelta(days=1), seen=seen)
    notice = services.publish_notice(session, call, actor=administrator, now=now + timedelta(minutes=5), seen=seen)

    assert notice.starts_on == local_date(now)


def test_an_objection_sent_twice_is_one(session, now):
    notice = make_notice(session)

    assert make_objection(session, notice) is make_objection(session, notice, now=now + timedelta(minutes=1))
    assert make_objection(session, notice, phone="021-55550200") is not make_objection(session, notice)
    assert session.scalar(select(func.count()).select_from(Objection)) == 2


@pytest.mark.parametrize(
    ("state", "status"),
    [(NoticeState.PUBLISHED, "公示中"), (NoticeState.SUPERSEDED, "已撤销"), (NoticeState.RELEASED, "已公告")],
)
def test_open_data_say_how_a_notice_stands_now(session, state, status):
    notice = make_notice(session)
    notice.state = state

    assert status_words(notice, read_content(notice.content)) == status


def test_a_list_prepared_again_discards_the_one_before(session, now):
    first = make_prepared_list(session)
    second = make_prepared_list(session, first.notice)

    assert (first.state, second.state) == (AwardListState.DISCARDED, AwardListState.PREPARED)
    assert (first.ref, second.ref) != (second.ref, first.ref)
    with pytest.raises(NotFoundError):
        queries.get_released_list(session, second.ref)


def test_objections_after_the_list_was_prepared_cannot_change_the_notice(session, now):
    notice = make_notice(session)
    objection = make_objection(session, notice, seq=1)
    officer = make_officer(session)
    services.decide_objection(session, objection, uphold=False, reply="不属实", actor=officer, now=now)
    award_list = make_prepared_list(session, notice)

    with pytest.raises(ForbiddenError):
        make_objection(session, notice, seq=2, now=after_notice(notice))
    assert award_list.state is AwardListState.PREPARED


def test_everybody_concerned_is_told_once(session, now):
    call = make_call(session, open=False, now=now)
    funded, failed = make_reviewed(session, call, total="90"), make_reviewed(session, call, total="40")
    members = {make_member(session, funded.organisation).id: "notice.published"}
    members[make_member(session, failed.organisation).id] = "decision.made"
    notice = make_notice(session, call=call)

    services.tell_of_notice(session, notice, now=now)
    services.tell_of_notice(session, notice, now=now + timedelta(hours=1))

    told = {item.person_id: item.kind for item in session.scalars(select(InboxItem))}
    assert told == members


def test_a_removed_applicant_is_told_why(session, now):
    notice = make_notice(session)
    objection = make_objection(session, notice)
    member = make_member(session, objection.application.organisation)
    following = services.decide_objection(
        session, objection, uphold=True, reply="属实", actor=make_officer(session), now=now
    )

    services.tell_of_notice(session, following, now=now)

    item = session.scalars(select(InboxItem)).one()
    assert (item.person_id, item.kind) == (member.id, "decision.made")
    assert "异议成立" in item.facts["outcome"]


def test_awarded_applicants_are_told_of_the_list(session, now):
    award_list = make_released_list(session)
    application = queries.applications_of(session, read_content(award_list.content).items)[0]
    member = make_member(session, application.organisation)

    services.tell_of_list(session, award_list, now=now)

    item = session.scalars(select(InboxItem)).one()
    assert (item.person_id, item.kind, item.path) == (member.id, "award_list.released", f"/awards/{award_list.ref}")
