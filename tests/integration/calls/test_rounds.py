"""Planning, announcing and withdrawing calls; applying to them; what rules may know of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from grants.audit import AuditEntry
from grants.calls import policies, queries, services
from grants.calls.domain import Phase
from grants.calls.errors import CallFaultsError
from grants.calls.models import CallFund
from grants.calls.states import CallState
from grants.db import db
from grants.kernel.actor import ANONYMOUS, SYSTEM, Role
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError, NotFoundError
from grants.kernel.money import yuan
from grants.programmes.domain import case_from_json
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_member, make_staff
from tests.factories.calls import CONTACT, FUNDS, make_call, make_draft, make_plan, parameters_for
from tests.factories.programmes import make_version


def test_opening_a_call_takes_the_next_reference_and_keeps_every_figure(session, now):
    version = make_version(session)
    opened = [
        services.open_call(
            session,
            definition_version=version,
            title="示例批次申报指南（模拟）",
            opens_at=now,
            closes_at=now + timedelta(days=30),
            parameters=parameters_for("sbc", local_date(now)),
            funds=FUNDS,
            contact=CONTACT,
            actor=SYSTEM,
            now=now,
        )
        for _ in range(2)
    ]

    assert [call.ref for call in opened] == ["SBC-2026-01", "SBC-2026-02"]
    call = queries.get_call(session, "SBC-2026-01")
    assert (call.state, call.year, call.asof_on) == (CallState.ANNOUNCED, 2026, local_date(now + timedelta(days=30)))
    assert call.funds[0].ceiling_fen == yuan(30_000_000)
    kinds = session.scalars(select(AuditEntry.kind).where(AuditEntry.subject_key == str(call.id)))
    assert sorted(kinds) == ["call.announced", "call.drafted"]


def test_what_rules_may_know_of_a_call_fits_a_case(session):
    call = make_call(session)

    case = case_from_json(
        definition_of(call.definition),
        {"definition": "sbc", "call": queries.call_facts(call), "org": {}, "answers": {}, "documents": []},
    )

    assert case.call.effective_close == call.closes_at
    assert case.call.funds == ("software-ic",)
    assert case.call.parameters["max_contracts"] == 3


def test_a_version_that_is_not_published_cannot_be_pinned(session, now):
    version = make_version(session, published=False)

    with pytest.raises(ForbiddenError) as refused:
        services.draft_call(session, make_plan(), definition_version=version, actor=SYSTEM, now=now)

    assert refused.value.code == "definition_not_published"


def test_a_taken_reference_is_a_fault_of_the_plan(session, now):
    taken = make_call(session)

    with pytest.raises(CallFaultsError) as refused:
        make_draft(session, ref=taken.ref)

    assert [fault.path for fault in refused.value.faults] == ["ref"]


def test_editing_a_draft_replaces_its_funds(session, now):
    call = make_draft(session)
    plan = services.plan_of(call)
    fund = replace(plan.funds[0], ceiling_fen=yuan(1_000_000))

    services.edit_call(session, call, replace(plan, funds=(fund,), title="改过的批次名称"), actor=SYSTEM, now=now)
    session.expire_all()

    assert queries.get_call(session, call.ref).title == "改过的批次名称"
    assert [row.ceiling_fen for row in session.scalars(select(CallFund))] == [yuan(1_000_000)]


def test_two_editors_of_a_draft_do_not_overwrite_each_other(session, now):
    call = make_draft(session)
    seen, plan = services.plan_fingerprint(call), services.plan_of(call)
    services.edit_call(session, call, replace(plan, title="先改的名称"), base=seen, actor=SYSTEM, now=now)

    with pytest.raises(IllegalTransitionError):
        services.edit_call(session, call, replace(plan, title="后改的名称"), base=seen, actor=SYSTEM, now=now)

    assert call.title == "先改的名称"
    with pytest.raises(IllegalTransitionError):
        services.announce_call(session, call, base=seen, actor=SYSTEM, now=now)


def test_an_announced_call_is_not_edited(session, now):
    call = make_call(session)

    with pytest.raises(ForbiddenError) as refused:
        services.edit_call(session, call, services.plan_of(call), actor=SYSTEM, now=now)

    assert refused.value.code == "call_announced"


def test_a_call_that_is_over_is_not_announced(session, now):
    call = make_draft(session, opens_at=now - timedelta(days=2), closes_at=now)

    with pytest.raises(InvalidError) as refused:
        services.announce_call(session, call, actor=SYSTEM, now=now)

    assert refused.value.code == "call_over_before_announced"


def test_withdrawing_ends_with_the_opening(session, now):
    upcoming = make_call(session, opens_at=now + timedelta(days=1))
    open_now = make_call(session)

    services.withdraw_call(session, upcoming, reason="示例原因", actor=SYSTEM, now=now)

    assert upcoming.state is CallState.WITHDRAWN
    with pytest.raises(ForbiddenError) as refused:
        services.withdraw_call(session, open_now, reason="示例原因", actor=SYSTEM, now=now)
    assert refused.value.code == "call_has_opened"


def test_nobody_but_an_administrator_manages(session, now):
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    call = make_draft(session)

    for actor in (ANONYMOUS, officer):
        with pytest.raises(ForbiddenError):
            services.announce_call(session, call, actor=actor, now=now)
        with pytest.raises(ForbiddenError):
            services.draft_call(session, make_plan(), definition_version=call.definition, actor=actor, now=now)


def test_drafts_are_not_for_everybody(session):
    call = make_draft(session)

    with pytest.raises(NotFoundError):
        queries.get_call(session, call.ref, visible=policies.visible_to(ANONYMOUS))
    auditor = actor_of(session, make_staff(session, Role.AUDITOR))
    assert queries.get_call(session, call.ref, visible=policies.visible_to(auditor)) is call


@pytest.mark.parametrize(
    ("shift", "reason"),
    [(timedelta(days=-17), "call_not_open_yet"), (timedelta(0), ""), (timedelta(days=42), "call_closed")],
)
def test_who_may_apply_when(session, now, shift, reason):
    call = make_call(session)
    member = actor_of(session, make_member(session))

    verdict = policies.may_apply(member, call, now=now + shift)

    assert verdict.reason == reason


def test_applying_needs_somebody_who_fills_in_for_an_organisation(session, now):
    call = make_call(session)
    officer = actor_of(session, make_staff(session, Role.OFFICER))

    assert policies.may_apply(ANONYMOUS, call, now=now).reason == "sign_in_to_apply"
    assert policies.may_apply(officer, call, now=now).reason == "no_organisation_to_apply_for"
    draft = make_draft(session)
    assert policies.may_apply(officer, draft, now=now).reason == "call_not_announced"


def count_queries(work):
    statements = []
    engine = db.engine

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_lists_page_by_phase_with_a_fixed_number_of_queries(session, now):
    make_call(session)
    session.expire_all()
    few = count_queries(lambda: queries.list_calls(session, Phase.OPEN, now=now))
    for number in range(29):
        make_call(session, closes_at=now + timedelta(days=50 + number))
    session.expire_all()
    session.expunge_all()

    page = queries.list_calls(session, Phase.OPEN, now=now)
    assert (len(page.items), page.previous) == (25, None)
    rest = queries.list_calls(session, Phase.OPEN, now=now, after=page.next)
    assert (len(rest.items), rest.next) == (5, None)
    closes = [call.closes_at for call in (*page.items, *rest.items)]
    assert closes == sorted(closes)
    session.expunge_all()
    assert count_queries(lambda: [call.funds for call in queries.list_calls(session, Phase.OPEN, now=now).items]) == few
    assert [call.ref for call in queries.list_open(session, now)] == [call.ref for call in (*page.items, *rest.items)]
    assert session.scalar(select(func.count()).select_from(CallFund)) == 30
