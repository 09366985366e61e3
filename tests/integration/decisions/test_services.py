"""Proposals on a real database: versions, two persons, what moves and what is kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from grants.applications.states import ApplicationState
from grants.audit import AuditEntry
from grants.calls.domain import FundPlan
from grants.calls.states import Shortfall
from grants.decisions import queries, services
from grants.decisions.domain import Lowering
from grants.decisions.errors import RankingOutdatedError
from grants.decisions.models import Approval, Proposal
from grants.decisions.services import ProposalChange
from grants.decisions.states import ProposalState
from grants.kernel.actor import Actor, Grant, Role
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.kernel.money import yuan
from tests.factories.calls import make_call
from tests.factories.decisions import (
    make_approved,
    make_approver,
    make_officer,
    make_proposal,
    make_reviewed,
)

FUND = ("software-ic", "示例专项资金", yuan(2_000_000))


@pytest.fixture
def call(session, now):
    return make_call(session, open=False, now=now, funds=(FundPlan(*FUND),))


@pytest.fixture
def reviewed(session, call):
    """Three that passed, entitled to 1,200,000, 900,000 and 600,000 yuan, and one that did not."""
    return [
        make_reviewed(session, call, total="90", base_yuan=4_000_000),
        make_reviewed(session, call, total="80", base_yuan=3_000_000),
        make_reviewed(session, call, total="70", base_yuan=2_000_000),
        make_reviewed(session, call, total="50", base_yuan=2_000_000),
    ]


def proposed(proposal: Proposal) -> list[int]:
    return [line.proposed_fen // yuan(10_000) for line in proposal.lines]


def audit_kinds(session, call) -> list[str]:
    query = select(AuditEntry.kind).where(AuditEntry.subject_kind == "call", AuditEntry.subject_key == str(call.id))
    return [kind for kind in session.scalars(query.order_by(AuditEntry.id)) if kind.startswith("proposal.")]


def test_a_proposal_ranks_computes_and_keeps_within_the_budget(session, call, reviewed, now):
    proposal = services.prepare_proposal(session, call, actor=make_officer(session), now=now)

    assert [line.application_id for line in proposal.lines] == [application.id for application in reviewed]
    assert [line.requested_fen for line in proposal.lines][:2] == [yuan(1_200_000), yuan(900_000)]
    assert [line.computed_fen for line in proposal.lines][:2] == [yuan(1_200_000), yuan(900_000)]
    assert proposed(proposal) == [120, 80, 0, 0]
    assert [bool(line.reason) for line in proposal.lines] == [False, True, True, True]
    assert proposal.lines[0].working["steps"][1] == {"what": "支持比例", "amount": "30%"}
    assert proposal.lines[1].working["funds"] == [{"code": "software-ic", "fen": yuan(800_000)}]
    assert audit_kinds(session, call) == ["proposal.prepared"]


def test_every_change_is_a_new_version_with_its_own_fingerprint(session, call, reviewed, now):
    officer = make_officer(session)
    first = services.prepare_proposal(session, call, actor=officer, now=now)
    lowering = ProposalChange(lowerings={reviewed[0].id: Lowering(yuan(1_000_000), "与既有支持重叠")})
    second = services.prepare_proposal(session, call, actor=officer, now=now, changes=lowering, expected_version=1)
    third = services.prepare_proposal(
        session, call, actor=officer, now=now, changes=ProposalChange(shortfall=Shortfall.SKIP, note="改为跳过")
    )

    assert (first.state, second.state, third.state) == (
        ProposalState.SUPERSEDED,
        ProposalState.SUPERSEDED,
        ProposalState.DRAFT,
    )
    assert len({first.sha256, second.sha256, third.sha256}) == 3
    assert proposed(second) == [100, 90, 0, 0]
    assert proposed(third) == [100, 90, 0, 0]
    assert third.lines[0].reason == "与既有支持重叠"


@pytest.mark.parametrize(
    ("amount", "reason", "code"),
    [
        (yuan(1_200_000), "理由", "not_lower_than_computed"),
        (yuan(1_000_001), "理由", "not_whole_wan_yuan"),
        (yuan(1_000_000), " ", "lowering_needs_reason"),
    ],
)
def test_an_unsound_lowering_changes_nothing(session, call, reviewed, now, amount, reason, code):
    officer = make_officer(session)
    services.prepare_proposal(session, call, actor=officer, now=now)
    change = ProposalChange(lowerings={reviewed[0].id: Lowering(amount, reason)})

    with pytest.raises(InvalidError) as refused:
        services.prepare_proposal(session, call, actor=officer, now=now, changes=change)

    assert refused.value.code == code
    assert queries.find_current_proposal(session, call).version == 1


def test_the_second_of_two_officers_is_told(session, call, reviewed, now):
    services.prepare_proposal(session, call, actor=make_officer(session), now=now)

    with pytest.raises(IllegalTransitionError):
        services.prepare_proposal(session, call, actor=make_officer(session), now=now, expected_version=0)


def test_approval_moves_the_applications(session, call, reviewed, now):
    proposal = make_approved(session, call)

    assert proposal.state is ProposalState.APPROVED
    assert [application.state for application in reviewed] == [
        ApplicationState.PROPOSED,
        ApplicationState.PROPOSED,
        ApplicationState.NOT_FUNDED,
        ApplicationState.NOT_FUNDED,
    ]
    assert queries.approved_proposal(session, call) is proposal
    assert audit_kinds(session, call) == ["proposal.prepared", "proposal.submitted", "proposal.approved"]


def test_a_later_change_voids_the_approval_and_reopens(session, call, reviewed, now):
    officer = make_officer(session)
    make_approved(session, call, officer=officer)

    services.prepare_proposal(session, call, actor=officer, now=now, changes=ProposalChange(shortfall=Shortfall.STOP))

    approval = session.scalars(select(Approval)).one()
    assert approval.voided_at == now
    assert {application.state for application in reviewed} == {ApplicationState.REVIEWED}
    assert queries.approved_proposal(session, call) is None


def test_nobody_approves_what_they_had_a_hand_in(session, call, reviewed, now):
    officer = make_officer(session)
    proposal = make_proposal(session, call, officer=officer)
    approver = Grant(Role.APPROVER)
    hands = {"own_proposal": officer.person_id, "officer_of_case": reviewed[0].created_by}
    for code, person_id in hands.items():
        with pytest.raises(ForbiddenError) as refused:
            services.approve_proposal(session, proposal, actor=Actor(person_id, "示例", (approver,)), now=now)
        assert refused.value.code == code

    assert proposal.state is ProposalState.SUBMITTED
    assert {application.state for application in reviewed} == {ApplicationState.REVIEWED}


@pytest.mark.parametrize(
    ("staff", "code"),
    [({"limit_fen": yuan(1_000_000)}, "above_approval_limit"), ({"scope": "SBC-2099-01"}, "role_missing")],
)
def test_an_approver_stays_within_scope_and_limit(session, call, reviewed, now, staff, code):
    proposal = make_proposal(session, call)

    with pytest.raises(ForbiddenError) as refused:
        services.approve_proposal(session, proposal, actor=make_approver(session, **staff), now=now)

    assert refused.value.code == code


def test_an_approval_cites_what_was_seen(session, call, reviewed, now):
    proposal = make_proposal(session, call)

    with pytest.raises(IllegalTransitionError):
        services.approve_proposal(session, proposal, actor=make_approver(session), now=now, sha256="0" * 64)


def test_a_return_needs_a_reason_and_leads_to_the_next_version(session, call, reviewed, now):
    officer, approver = make_officer(session), make_approver(session)
    proposal = make_proposal(session, call, officer=officer)
    with pytest.raises(InvalidError):
        services.return_proposal(session, proposal, reason=" ", actor=approver, now=now)

    services.return_proposal(session, proposal, reason="请说明调减理由", actor=approver, now=now)
    following = services.prepare_proposal(session, call, actor=officer, now=now)

    assert (proposal.state, following.version) == (ProposalState.SUPERSEDED, 2)


def test_what_was_reviewed_meanwhile_is_not_forgotten(session, call, reviewed, now):
    proposal = make_proposal(session, call)
    make_reviewed(session, call, total="95")

    with pytest.raises(RankingOutdatedError):
        services.approve_proposal(session, proposal, actor=make_approver(session), now=now)


def test_nothing_reviewed_nothing_to_rank(session, call, now):
    with pytest.raises(InvalidError) as refused:
        services.prepare_proposal(session, call, actor=make_officer(session), now=now)

    assert refused.value.code == "nothing_to_rank"


def test_tracks_of_the_other_programme_are_computed_too(session, now):
    call = make_call(session, code="hlw", open=False, now=now)
    make_reviewed(session, call, total="75", base_yuan=10_000_000, requested_yuan=3_500_000)

    proposal = services.prepare_proposal(session, call, actor=make_officer(session), now=now)

    assert proposal.lines[0].computed_fen == yuan(3_000_000)
