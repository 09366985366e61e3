"""From an accepted application to a result: draw, replace, score, aggregate."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from grants import outbox
from grants.accounts.errors import RoleConflictError
from grants.applications.states import ApplicationState
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError, NotFoundError
from grants.outbox import Message
from grants.reviews import queries, services
from grants.reviews.domain import NoAdmissiblePanelError
from grants.reviews.errors import IncompleteSheetError, PanelIncompleteError
from grants.reviews.models import ReviewResult
from grants.reviews.states import AssignmentState, PanelState
from tests.factories.accounts import actor_of, make_staff, next_uscc
from tests.factories.calls import NOON
from tests.factories.reviews import (
    draw,
    expert_actor,
    full_points,
    hand_in,
    make_accepted,
    make_expert,
    make_pool,
    officer_of,
)


def test_a_draw_invites_a_panel_and_says_how_it_came_about(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)

    panel = draw(session, application, seed="abc")

    assert application.state is ApplicationState.UNDER_REVIEW
    assert len(panel.assignments) == 5
    assert sorted(seat.stratum for seat in panel.assignments if seat.stratum) == [
        "finance", "market", "technical", "technical", "technical",
    ]  # fmt: skip
    assert {seat.state for seat in panel.assignments} == {AssignmentState.INVITED}
    assert panel.seed == "abc"
    assert len(panel.pool) == 9


def test_whoever_may_not_judge_is_left_out_with_the_reason(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    colleague = make_expert(session, "technical", employer_uscc=application.organisation.uscc)
    declared = make_expert(session, "technical")
    services.declare_conflict(
        session, declared.person_id, uscc=application.organisation.uscc, relation="kinship", note="", now=NOON
    )

    panel = draw(session, application)

    assert {(item["expert"], item["reason"]) for item in panel.excluded} == {
        (str(colleague.person_id), "same_employer"),
        (str(declared.person_id), "declared_conflict"),
    }


def test_people_of_a_named_buyer_stay_away_too(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    definition, case = queries.case_of(session, application)
    buyer = next(iter(queries.party_codes(definition, case) - {application.organisation.uscc}))
    expert = make_expert(session, "technical", employer_uscc=buyer)

    panel = draw(session, application)

    assert [item["expert"] for item in panel.excluded] == [str(expert.person_id)]


def test_without_an_admissible_panel_nothing_changes_and_the_shortage_is_named(session: Session) -> None:
    make_pool(session, (("technical",),) * 6)
    application = make_accepted(session)

    with pytest.raises(NoAdmissiblePanelError) as refused, session.begin_nested():
        draw(session, application)

    assert [block.strata for block in refused.value.blocks] == [("finance",), ("market",)]
    session.refresh(application)
    assert application.state is ApplicationState.ACCEPTED


def test_who_declines_is_replaced_and_the_others_keep_their_sheets(session: Session) -> None:
    make_pool(session, (("technical",),) * 7 + (("market",),) * 3 + (("finance",),) * 3)
    application = make_accepted(session)
    first = draw(session, application)
    gone, stays = first.assignments[0], first.assignments[1]
    hand_in(session, stays)
    services.decline_assignment(
        session, gone, reason="曾任顾问", relation="cooperation", actor=expert_actor(session, gone), now=NOON
    )

    second = draw(session, application, seed="again", reason="一位专家回避")

    assert first.state is PanelState.REPLACED
    assert second.number == 2
    assert len(second.assignments) == 5
    assert stays.panel is second
    assert stays.state is AssignmentState.SUBMITTED
    assert gone.expert_id not in {seat.expert_id for seat in second.assignments}
    assert {"expert": str(gone.expert_id), "reason": "declared_conflict"} in second.excluded


@pytest.mark.parametrize(("reason", "code"), [("", "redraw_needs_reason"), ("不满意", "panel_complete")])
def test_a_panel_cannot_be_drawn_again_at_will(session: Session, reason: str, code: str) -> None:
    make_pool(session)
    application = make_accepted(session)
    draw(session, application)

    with pytest.raises(InvalidError) as refused:
        draw(session, application, reason=reason)

    assert refused.value.code == code


def test_only_an_officer_of_the_call_draws_and_only_what_was_accepted(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)

    with pytest.raises(ForbiddenError):
        services.draw_panel(session, application, seed="s", actor=officer_of(session, "HLW-2099-01"), now=NOON)
    application.state = ApplicationState.CHECKED
    with pytest.raises((ForbiddenError, IllegalTransitionError)):
        draw(session, application)


def test_a_file_opens_with_the_undertaking_and_only_for_its_expert(session: Session) -> None:
    make_pool(session)
    seats = draw(session, make_accepted(session)).assignments

    with pytest.raises(NotFoundError):
        queries.get_assignment(session, seats[0].id, expert_actor(session, seats[1]))
    with pytest.raises(ForbiddenError, match="undertaking_missing"):
        services.save_scores(
            session, seats[0], points={}, comments={}, opinion="", actor=expert_actor(session, seats[0]), now=NOON
        )


def test_a_draft_is_kept_and_an_incomplete_sheet_is_not_taken(session: Session) -> None:
    make_pool(session)
    seat = draw(session, make_accepted(session)).assignments[0]
    actor = expert_actor(session, seat)
    services.accept_assignment(session, seat, actor=actor, now=NOON)

    services.save_scores(session, seat, points={"T1a": 850}, comments={}, opinion="草稿", actor=actor, now=NOON)
    session.expire_all()
    assert {score.key: score.hundredths for score in seat.scores}["T1a"] == 850

    with pytest.raises(IncompleteSheetError) as refused:
        services.submit_sheet(session, seat, points={"T1a": 850}, comments={}, opinion="", actor=actor, now=NOON)
    assert {fault.code for fault in refused.value.faults} == {"score_missing"}
    assert seat.state is AssignmentState.ACCEPTED


def test_a_submitted_sheet_is_closed(session: Session) -> None:
    make_pool(session)
    seat = draw(session, make_accepted(session)).assignments[0]
    hand_in(session, seat)

    with pytest.raises(ForbiddenError, match="sheet_submitted"):
        services.save_scores(
            session,
            seat,
            points=full_points(seat),
            comments={},
            opinion="",
            actor=expert_actor(session, seat),
            now=NOON,
        )


def test_the_last_sheet_leads_to_the_result_once(session: Session, drain: Callable[[], int]) -> None:
    make_pool(session)
    application = make_accepted(session)
    panel = draw(session, application)
    for seat, share in zip(list(panel.assignments), (90, 80, 70, 80, 100), strict=True):
        hand_in(session, seat, share=share)
    session.flush()

    drain()
    drain()

    result = session.get_one(ReviewResult, application.id)
    totals = sorted(seat.total_hundredths or 0 for seat in panel.assignments)
    assert result.total_hundredths == int(sum(totals[1:-1]) / 3 + 0.5)
    assert result.passed
    assert application.state is ApplicationState.REVIEWED
    assert panel.state is PanelState.COMPLETED
    assert outbox.status(session, now=NOON).waiting == 0
    assert session.query(Message).filter_by(topic="review.panel_completed").count() == 1


def test_a_missing_sheet_means_no_result(session: Session) -> None:
    make_pool(session)
    panel = draw(session, make_accepted(session))
    for seat in panel.assignments[:4]:
        hand_in(session, seat)

    with pytest.raises(PanelIncompleteError):
        services.complete_review(session, panel, actor=officer_of(session), now=NOON)


def test_whoever_decides_cannot_join_the_pool(session: Session) -> None:
    officer = make_staff(session, Role.OFFICER)
    administrator = actor_of(session, make_staff(session, Role.ADMINISTRATOR))

    with pytest.raises(RoleConflictError):
        services.add_expert(
            session,
            officer,
            employer="示例大学",
            employer_uscc=next_uscc(),
            strata=("technical",),
            field="",
            actor=administrator,
            now=NOON,
        )


def test_a_seat_that_is_not_answered_goes_to_another_expert(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    first = draw(session, application)
    silent, diligent = first.assignments[0], first.assignments[1]
    hand_in(session, diligent)

    second = services.draw_panel(
        session,
        application,
        seed="b",
        actor=officer_of(session),
        now=NOON,
        reason="逾期未答复",
        released=[silent.expert_id],
    )

    assert silent.state is AssignmentState.VOID
    assert diligent.panel is second
    assert diligent.state is AssignmentState.SUBMITTED
    assert silent.expert_id not in {seat.expert_id for seat in second.assignments}
    assert len(second.assignments) == 5
    with pytest.raises(ForbiddenError) as refused:
        services.accept_assignment(session, silent, actor=expert_actor(session, silent), now=NOON)
    assert refused.value.code == "panel_replaced"


def test_a_sheet_that_was_handed_in_is_not_taken_away_at_will(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    seat = draw(session, application).assignments[0]
    hand_in(session, seat)

    with pytest.raises(InvalidError) as refused:
        services.draw_panel(
            session,
            application,
            seed="b",
            actor=officer_of(session),
            now=NOON,
            reason="换人",
            released=[seat.expert_id],
        )

    assert refused.value.code == "sheet_handed_in"


def test_a_relation_declared_while_judging_gives_up_the_seat(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    seat = draw(session, application).assignments[0]
    actor = expert_actor(session, seat)
    services.accept_assignment(session, seat, actor=actor, now=NOON)

    uscc = application.organisation.uscc.lower()
    services.declare_relation(session, uscc=uscc, relation="kinship", note="亲属任职", actor=actor, now=NOON)

    assert seat.state is AssignmentState.DECLINED
    with pytest.raises(ForbiddenError) as refused:
        services.save_scores(session, seat, points={}, comments={}, opinion="", actor=actor, now=NOON)
    assert refused.value.code == "seat_declined"


def test_a_relation_declared_after_handing_in_voids_the_sheet_when_the_office_draws(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    first = draw(session, application)
    for seat in list(first.assignments):
        hand_in(session, seat)
    related = first.assignments[0]
    actor, uscc = expert_actor(session, related), application.organisation.uscc
    services.declare_relation(session, uscc=uscc, relation="kinship", note="", actor=actor, now=NOON)

    second = draw(session, application, seed="b", reason="一名专家声明利害关系")

    assert related.state is AssignmentState.VOID
    assert len(second.kept) == 4
    assert services.complete_review(session, first, actor=officer_of(session), now=NOON) is None
    assert application.state is ApplicationState.UNDER_REVIEW


def test_whoever_lost_the_role_is_not_drawn_and_can_be_replaced(session: Session) -> None:
    pool = make_pool(session)
    application = make_accepted(session)
    first = draw(session, application)
    gone = first.assignments[0]
    for grant in list(gone.expert.person.role_grants):
        session.delete(grant)
    session.flush()
    session.expire_all()

    assert queries.find_leaving(session, application, first) == {gone.expert_id: "unavailable"}
    second = draw(session, application, seed="b", reason="已不在专家库")

    assert gone.state is AssignmentState.VOID
    assert len(second.pool) == len(pool) - 5
    assert gone.expert_id not in {seat.expert_id for seat in second.assignments}


def test_of_two_officers_who_draw_the_second_is_told(session: Session) -> None:
    make_pool(session)
    application = make_accepted(session)
    draw(session, application)

    with pytest.raises(IllegalTransitionError):
        services.draw_panel(session, application, seed="b", actor=officer_of(session), now=NOON, replaces=0)
