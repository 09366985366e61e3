"""With the released list, who was not funded lets go of what may be used once; who was funded holds it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from grants.applications import services as applications
from grants.applications.models import Claim
from grants.applications.states import ApplicationState as S
from grants.decisions import services as decisions
from grants.eligibility import queries
from grants.eligibility import services as eligibility
from grants.eligibility.models import EligibilityRun
from grants.kernel.actor import Role
from grants.kernel.errors import ForbiddenError
from grants.outbox import Message
from grants.publication import services
from grants.publication.domain import read_content
from grants.publication.queries import find_running_notice
from tests.factories.accounts import actor_of, make_organisation, make_staff
from tests.factories.decisions import make_approved, make_judged, make_officer
from tests.factories.eligibility import base_case, make_case_call, set_state, submit_case
from tests.factories.publication import (
    make_administrator,
    make_notice,
    make_objection,
    make_prepared_list,
    make_released_list,
)
from tests.factories.registers import make_registers

WON, LOST = "25312000000000777777", "25312000000000888888"
NEXT_YEAR = timedelta(days=365)


def using(session, invoice, *, call, organisation=None, now=None):
    """A submitted application whose first contract has this invoice; everything else is its enterprise's own."""
    organisation = organisation or make_organisation(session)
    make_registers(session, organisation.uscc)
    first, *others = base_case("sbc")["answers"]["contracts"]
    others = [{**row, "invoice_nos": [f"{organisation.uscc}-{number}"]} for number, row in enumerate(others)]
    given = {"now": now} if now else {}
    return submit_case(
        session,
        call=call,
        organisation=organisation,
        answers={"contracts": [{**first, "invoice_nos": [invoice]}, *others]},
        same_papers=True,
        **given,
    )


@pytest.fixture
def call(session):
    return make_case_call(session)


@pytest.fixture
def winner(session, call):
    return using(session, WON, call=call)


@pytest.fixture
def loser(session, call):
    return using(session, LOST, call=call)


@pytest.fixture
def approved(session, call, winner, loser, drain, now):
    """Both are checked and reviewed, and one is proposed for support."""
    drain()
    make_judged(session, winner, total="80", now=now)
    make_judged(session, loser, total="41", now=now)
    make_approved(session, call, now=now)
    return call


@pytest.fixture
def notice(session, approved, now):
    return services.publish_notice(session, approved, actor=make_administrator(session), now=now)


@pytest.fixture
def rebuild(app, session):
    """Run the command in the test's savepoint; the figures it prints."""

    def run():
        session.commit()
        answer = app.test_cli_runner().invoke(args=["eligibility", "claims", "--rebuild"])
        assert answer.exit_code == 0, answer.output
        session.expire_all()
        return dict(pair.rsplit(" ", 1) for pair in answer.output.strip().split(", "))

    return run


def held(session, application):
    """The kinds of things an application holds."""
    query = select(Claim.kind).where(Claim.application_id == application.id, Claim.released_at.is_(None))
    return set(session.scalars(query))


def standing(session):
    columns = (Claim.application_id, Claim.kind, Claim.scope, Claim.key)
    return set(session.execute(select(*columns).where(Claim.released_at.is_(None))).all())


def found(session, application, rule="SBC-27"):
    return next(finding for finding in queries.latest_findings(session, application) if finding.rule == rule)


EVERYTHING = {"sole_application.call", "used.contract_no", "used.invoice_nos", "used.product"}


def test_nothing_is_let_go_before_the_list_is_released(session, notice, winner, loser, drain):
    """Until then the proposal, an objection or another list may decide otherwise."""
    assert (winner.state, loser.state) == (S.ON_NOTICE, S.NOT_FUNDED)
    award_list = make_prepared_list(session, notice)
    services.discard_award_list(session, award_list, actor=make_administrator(session), now=award_list.prepared_at)
    drain()

    assert held(session, winner) == held(session, loser) == EVERYTHING


def test_with_the_list_who_was_not_funded_lets_go_of_all_but_having_applied(session, notice, winner, loser, drain):
    make_released_list(session, notice)
    drain()

    assert (winner.state, loser.state) == (S.AWARDED, S.NOT_FUNDED)
    assert held(session, winner) == EVERYTHING
    assert held(session, loser) == {"sole_application.call"}


def test_what_lost_may_be_used_in_the_next_call_and_what_won_may_not(session, notice, winner, loser, drain, now):
    make_released_list(session, notice)
    drain()

    following = make_case_call(session)
    own = using(session, LOST, call=following, organisation=loser.organisation, now=now + NEXT_YEAR)
    anybody = using(session, WON, call=following, now=now + NEXT_YEAR)
    again = using(session, "25312000000000999999", call=following, organisation=winner.organisation)
    drain()

    assert found(session, own).verdict == found(session, own, "SBC-34").verdict == "pass"
    assert found(session, anybody).verdict == "fail"
    assert winner.ref in found(session, anybody).message
    assert found(session, again, "SBC-34").verdict == "fail"


def test_undecided_cases_that_failed_by_it_are_checked_again_and_decided_ones_are_not(
    session, notice, loser, drain, now
):
    following = make_case_call(session)
    waiting = using(session, LOST, call=following, now=now)
    drain()
    assert found(session, waiting).verdict == "fail"
    decided = using(session, LOST, call=make_case_call(session), now=now)
    drain()
    set_state(session, decided, S.ACCEPTED)
    runs = select(func.count()).where(EligibilityRun.application_id == decided.id)
    before = session.scalar(runs)

    make_released_list(session, notice)
    drain()

    assert found(session, waiting).verdict == "pass"
    assert loser.ref in found(session, decided).message
    assert session.scalar(runs) == before


def test_who_was_taken_off_the_notice_lets_go_with_the_list(session, call, winner, loser, drain, now):
    other = using(session, "25312000000000999999", call=call)
    drain()
    for application in (winner, other):
        make_judged(session, application, total="80", now=now)
    make_judged(session, loser, total="41", now=now)
    notice = make_notice(session, call=call, now=now)
    uphold_all(session, [winner], notice, now)
    drain()
    assert held(session, winner) == EVERYTHING

    make_released_list(session, find_running_notice(session, call))
    drain()

    assert held(session, other) == EVERYTHING
    assert held(session, winner) == held(session, loser) == {"sole_application.call"}


def uphold_all(session, several, notice, now):
    """Objections to these items are filed on the first day and upheld."""
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    refs = [item.project_no for item in read_content(notice.content).items]
    objections = [make_objection(session, notice, seq=refs.index(one.ref) + 1, now=now) for one in several]
    for objection in objections:
        services.decide_objection(session, objection, uphold=True, reply="经核实，异议成立。", actor=officer, now=now)


def test_where_objections_leave_nothing_to_release_all_let_go(session, notice, winner, loser, drain, now, rebuild):
    uphold_all(session, [winner], notice, now)
    drain()

    assert (winner.state, loser.state) == (S.NOT_FUNDED, S.NOT_FUNDED)
    assert held(session, winner) == held(session, loser) == {"sole_application.call"}
    figures = rebuild()
    assert (figures["taken"], figures["dropped"]) == ("0", "0")
    assert held(session, loser) == {"sole_application.call"}


def test_after_the_list_nobody_is_decided_otherwise(session, notice, call, drain, now):
    """What is let go can never have to be claimed again."""
    make_released_list(session, notice)

    with pytest.raises(ForbiddenError) as refused:
        decisions.prepare_proposal(session, call, actor=make_officer(session), now=now)

    assert refused.value.code == "already_on_notice"


def test_many_let_go_in_batches_and_a_second_time_finds_nobody(session, notice, call, drain, now):
    several = [using(session, f"2531200000000011111{number}", call=call) for number in range(3)]
    drain()
    for application in several:
        set_state(session, application, S.NOT_FUNDED, now=now)

    def asked():
        session.flush()
        query = select(Message.topic).where(Message.done_at.is_(None)).order_by(Message.topic)
        return session.scalars(query).all().count("call.concluded")

    before = asked()
    assert applications.let_go_uses(session, call.id, now=now, limit=3) == 3
    assert asked() == before + 1  # a message for the rest
    assert applications.let_go_uses(session, call.id, now=now, limit=3) == 1
    assert asked() == before + 1
    assert applications.let_go_uses(session, call.id, now=now, limit=3) == 0


def test_rebuilding_comes_to_the_same_claims(session, notice, winner, loser, drain, rebuild):
    """From claims as an earlier release left them, and from those that were let go one by one."""
    make_released_list(session, notice)
    before = standing(session)
    figures = rebuild()
    rebuilt = standing(session)
    assert figures["dropped"] == str(len(before) - len(rebuilt)) != "0"
    assert held(session, winner) == EVERYTHING
    assert held(session, loser) == {"sole_application.call"}

    drain()
    assert standing(session) == rebuilt
    assert rebuild()["taken"] == "0"
    assert standing(session) == rebuilt


def test_rebuilding_leaves_what_was_let_go_one_by_one(session, notice, winner, loser, drain, rebuild):
    make_released_list(session, notice)
    drain()
    before = standing(session)

    figures = rebuild()

    assert (figures["taken"], figures["dropped"], figures["checked_again"]) == ("0", "0", "0")
    assert standing(session) == before


def test_before_the_list_rebuilding_takes_nothing_away(session, notice, loser, drain, rebuild):
    drain()
    rebuild()

    assert held(session, loser) == EVERYTHING


def test_rebuilding_checks_those_again_who_failed_by_what_an_earlier_release_had_kept(
    session, notice, drain, now, rebuild
):
    waiting = using(session, LOST, call=make_case_call(session), now=now)
    drain()
    assert found(session, waiting).verdict == "fail"
    make_released_list(session, notice)
    session.execute(Message.__table__.delete().where(Message.topic == "call.concluded"))

    figures = rebuild()
    drain()

    assert figures["checked_again"] == "1"
    assert found(session, waiting).verdict == "pass"
    assert eligibility.count_claims(session).contested == 0
