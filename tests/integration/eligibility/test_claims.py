"""What only one application may use: who holds it, who takes over, and what the others are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from grants import outbox
from grants.applications import services as applications
from grants.applications.models import Claim
from grants.applications.states import ApplicationState as S
from grants.eligibility import queries, services
from grants.eligibility.models import EligibilityRun
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from tests.factories.accounts import make_organisation
from tests.factories.eligibility import base_case, check, correct_case, make_case_call, set_state, submit_case
from tests.factories.registers import make_registers

INVOICE = "25312000000000777777"


def contracts(*invoices, **cells):
    """The base case's contracts; the first one's invoices are these."""
    first, *others = base_case("sbc")["answers"]["contracts"]
    others = [{**row, "invoice_nos": [f"{INVOICE}-{number}"]} for number, row in enumerate(others)] if cells else others
    return [{**first, "invoice_nos": list(invoices), **cells}]


def using(session, *invoices, call=None, at=None, organisation=None, **cells):
    """An application of its own enterprise that uses these invoices."""
    organisation = organisation or make_organisation(session)
    make_registers(session, organisation.uscc)
    given = {"now": at} if at else {}
    return submit_case(
        session,
        call=call,
        organisation=organisation,
        answers={"contracts": contracts(*invoices, **cells)},
        same_papers=True,
        **given,
    )


def found(session, application, rule="SBC-27"):
    return next(finding for finding in queries.latest_findings(session, application) if finding.rule == rule)


def verdicts(session, *several):
    return [found(session, application).verdict for application in several]


def withdraw(session, application, now):
    applications.advance(session, application, "withdraw", actor=SYSTEM, now=now)
    applications.release_claims(session, application, now=now)
    outbox.publish(session, "application.withdrawn", {"application_id": str(application.id)})
    session.flush()


@pytest.fixture
def call(session):
    return make_case_call(session)


def test_between_calls_the_earlier_holds_and_the_other_is_told_what_where_and_whose(session, call, drain, now):
    other_call = make_case_call(session)
    first = using(session, INVOICE, call=call)
    second = using(session, f" {INVOICE[:8]} {INVOICE[8:]}", call=other_call)
    drain()

    finding = found(session, second)
    assert verdicts(session, first, second) == ["pass", "fail"]
    assert f"（对方写作“{INVOICE}”）已用于申报 {first.ref}" in finding.message
    assert f"{call.year} 年度批次 {call.ref}，登记在前" in finding.message
    assert finding.evidence[0]["record"][0]["application"] == first.ref


def test_the_order_of_the_clock_does_not_matter(session, call, drain, now):
    """Whoever claimed first holds, also where the other's machine says that it was earlier."""
    first = using(session, INVOICE, call=call, at=now)
    second = using(session, INVOICE, call=make_case_call(session), at=now - timedelta(hours=1))
    drain()

    assert verdicts(session, first, second) == ["pass", "fail"]


def test_of_three_the_next_takes_over_and_the_third_goes_on_waiting(session, call, drain, now):
    first, second, third = (using(session, INVOICE, call=call) for _ in range(3))
    drain()
    assert verdicts(session, first, second, third) == ["pass", "fail", "fail"]

    withdraw(session, first, now)
    drain()
    assert verdicts(session, second, third) == ["pass", "fail"]

    withdraw(session, second, now)
    drain()
    assert verdicts(session, third) == ["pass"]


def test_a_correction_gives_up_its_old_number_and_the_next_is_checked_anew(session, call, drain, now):
    first, second = using(session, INVOICE, call=call), using(session, INVOICE, call=call)
    drain()
    assert verdicts(session, first, second) == ["pass", "fail"]

    correct_case(session, first, now=now + timedelta(days=1), contracts=contracts("25312000000000888888"))
    drain()

    assert verdicts(session, first, second) == ["pass", "pass"]


def test_a_number_that_comes_in_by_a_correction_queues_behind_those_who_have_it(session, call, drain, now):
    """Also with the lower receipt number: what has passed does not fail by another's later act."""
    first, second = using(session, "25312000000000888888", call=call), using(session, INVOICE, call=call)
    drain()

    correct_case(session, first, now=now + timedelta(days=1), contracts=contracts(INVOICE))
    drain()
    assert verdicts(session, first, second) == ["fail", "pass"]
    assert "本批次，登记在前" in found(session, first).message

    withdraw(session, second, now + timedelta(days=2))
    drain()
    assert verdicts(session, first) == ["pass"]


def test_what_was_given_up_and_is_taken_again_has_lost_its_place(session, call, drain, now):
    first, second = using(session, INVOICE, call=call), using(session, INVOICE, call=call)
    drain()
    correct_case(session, first, now=now + timedelta(days=1), contracts=contracts("25312000000000888888"))
    correct_case(session, first, now=now + timedelta(days=2), contracts=contracts(INVOICE))
    drain()

    assert verdicts(session, first, second) == ["fail", "pass"]


@pytest.mark.parametrize("state", [S.AWARDED, S.ACCEPTED, S.UNDER_REVIEW])
def test_what_is_decided_or_awarded_goes_on_holding(session, call, drain, now, state):
    first = using(session, INVOICE, call=call)
    drain()
    set_state(session, first, state)

    later = using(session, INVOICE, call=make_case_call(session))
    drain()

    assert verdicts(session, later) == ["fail"]


def test_a_rejection_lets_go(session, call, drain, now):
    first, second = using(session, INVOICE, call=call), using(session, INVOICE, call=call)
    drain()
    applications.advance(session, first, "reject", actor=SYSTEM, now=now)
    outbox.publish(session, "application.rejected", {"application_id": str(first.id)})
    drain()

    assert verdicts(session, second) == ["pass"]


def test_others_who_come_later_do_not_make_a_check_stale(session, call, now):
    """The evidence is of those who come before; a rush behind one does not have it judged again."""
    first = using(session, INVOICE, call=call)
    revision_id = queries.find_revision_id(session, first)
    services.start_check(session, revision_id, actor=SYSTEM, now=now)
    judged = services.judge(services.read_case(session, revision_id, RunKind.SUBMIT, now=now))
    using(session, INVOICE, call=call)

    assert services.record_run(session, judged, actor=SYSTEM, now=now) is not None


def test_a_correction_that_changes_nothing_claimed_leaves_claims_and_says_nothing(session, call, drain, now):
    application = using(session, INVOICE, call=call)
    drain()
    before = {(claim.id, claim.place, claim.claimed_at) for claim in session.scalars(select(Claim))}

    correct_case(session, application, now=now + timedelta(days=1), tested_version="V1.0")

    assert {(claim.id, claim.place, claim.claimed_at) for claim in session.scalars(select(Claim))} == before
    topics = session.scalars(select(outbox.Message.topic)).all()
    assert "application.claims_released" not in topics


@pytest.fixture
def rebuild(app, session):
    """Run the command in the test's savepoint; the figures it prints."""

    def run(*arguments):
        session.commit()
        answer = app.test_cli_runner().invoke(args=["eligibility", "claims", *arguments])
        assert answer.exit_code == 0, answer.output
        session.expire_all()
        return dict(pair.rsplit(" ", 1) for pair in answer.output.strip().split(", "))

    return run


def test_rebuilding_what_is_in_order_does_nothing(session, call, drain, now, rebuild):
    several = [using(session, INVOICE, call=call) for _ in range(3)]
    withdraw(session, several[0], now)
    drain()
    before = sorted((claim.id, claim.key, claim.place) for claim in session.scalars(select(Claim)))

    figures = rebuild("--rebuild")

    assert (figures["taken"], figures["dropped"], figures["checked_again"]) == ("0", "0", "0")
    assert figures["applications"] == "2"
    assert sorted((claim.id, claim.key, claim.place) for claim in session.scalars(select(Claim))) == before


def test_rebuilding_applies_a_new_way_of_comparing_to_the_past(session, call, drain, now, rebuild):
    """Keys as another release made them: whoever was first holds again, whoever passed beside it is checked anew."""
    first, second = using(session, INVOICE, call=call), using(session, INVOICE, call=call, at=now + timedelta(hours=1))
    statement = update(Claim).where(Claim.application_id == first.id, Claim.key == INVOICE)
    session.execute(statement.values(key=f"no. {INVOICE}", place=1, written_as=""))
    drain()
    assert verdicts(session, first, second) == ["pass", "pass"]

    figures = rebuild("--rebuild")
    drain()

    assert (figures["taken"], figures["dropped"], figures["checked_again"]) == ("1", "1", "2")
    assert figures["contested"] == "1"
    assert verdicts(session, first, second) == ["pass", "fail"]
    assert rebuild("--rebuild")["taken"] == "0"
    held = select(Claim.application_id, Claim.written_as).where(Claim.key == INVOICE).order_by(Claim.place)
    assert session.execute(held).all() == [(first.id, INVOICE), (second.id, INVOICE)]


def test_rebuilding_counts_a_claim_from_the_revision_that_made_it(session, call, drain, now, rebuild):
    corrected, other = using(session, "25312000000000888888", call=call), using(session, INVOICE, call=call)
    correct_case(session, corrected, now=now + timedelta(days=1), contracts=contracts(INVOICE))
    session.execute(update(Claim).where(Claim.key == INVOICE).values(key=Claim.key + "-old"))
    drain()

    rebuild("--rebuild")
    drain()

    assert verdicts(session, corrected, other) == ["fail", "pass"]


def test_without_rebuild_the_command_only_counts(session, call, drain, rebuild):
    using(session, INVOICE, call=call), using(session, INVOICE, call=call)

    figures = rebuild()

    assert figures == {"claims": "8", "things": "7", "contested": "1"}


def test_a_check_again_of_those_who_still_fail_adds_no_run(session, call, drain, now):
    first, second, third = (using(session, INVOICE, call=call) for _ in range(3))
    drain()
    withdraw(session, second, now)
    drain()

    assert verdicts(session, first, third) == ["pass", "fail"]
    runs = session.scalars(select(EligibilityRun).where(EligibilityRun.application_id == third.id)).all()
    assert len(runs) == 2  # what it fails by has changed in words: one holder less


def test_checking_is_unmoved_by_who_is_checked_first(session, call, now):
    first, second = using(session, INVOICE, call=call), using(session, INVOICE, call=call)
    check(session, second)
    check(session, first)

    assert verdicts(session, first, second) == ["pass", "fail"]
