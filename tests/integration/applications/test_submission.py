import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants import audit, outbox
from grants.accounts.states import Level, MembershipState
from grants.applications import queries, services
from grants.applications.errors import IncompleteApplicationError
from grants.applications.models import Claim
from grants.applications.services import Entry
from grants.applications.states import ApplicationState
from grants.kernel.actor import Role
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.clock import local_date
from grants.kernel.errors import ForbiddenError, IllegalTransitionError, InvalidError
from grants.notifications import InboxItem
from grants.programmes.domain import case_from_json, missing_answers
from grants.programmes.queries import definition_of
from tests.factories.accounts import actor_of, make_membership, make_organisation, make_staff
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import make_call


def undertakings(application):
    return services.undertakings_of(definition_of(application.call.definition))


def submit(session, application, now):
    owner, accepted = owner_of(session, application), undertakings(application)
    return services.submit_application(session, application, actor=owner, now=now, undertakings=accepted)


def topics(session):
    return session.scalars(select(outbox.Message.topic).order_by(outbox.Message.id)).all()


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_a_complete_draft_becomes_a_frozen_revision_with_a_receipt(session, now, code):
    application = make_application(session, code=code, complete=True, now=now)

    revision = submit(session, application, now)

    assert application.state is ApplicationState.SUBMITTED
    assert application.ref == f"{application.call.ref}-0001"
    assert (application.receipt_no, application.submitted_at) == (1, now)
    assert application.title
    assert application.district_code == "310115"
    assert application.requested_fen > 0
    content = json.loads(revision.content)
    assert canonical_json(content).decode() == revision.content
    assert fingerprint(content) == revision.sha256
    assert [one["key"] for one in content["undertakings"]] == ["commit_true", "commit_no_dup", "credit_auth"]
    assert content["undertakings"][0]["at"] == now.isoformat()
    messages = session.scalars(select(outbox.Message).where(outbox.Message.topic == "application.submitted")).all()
    assert [message.payload for message in messages] == [{"revision_id": str(revision.id)}]
    told = session.scalars(select(InboxItem).where(InboxItem.kind == "application.submitted")).all()
    assert [item.facts["ref"] for item in told] == [application.ref]


def test_the_frozen_case_is_the_case_that_was_checked(session, now):
    application = make_application(session, submitted=True, now=now)
    definition = definition_of(application.call.definition)
    revision = queries.current_revision(session, application)

    case = case_from_json(definition, queries.case_json(revision))

    assert missing_answers(definition, case) == ()
    assert case.submitted_at == now
    assert case.documents[0].pages == 1
    assert case.receipt_no == 1


def test_an_incomplete_draft_is_refused_and_changes_nothing(session, now):
    application = make_application(session, now=now)

    with pytest.raises(IncompleteApplicationError) as refused:
        submit(session, application, now)

    assert len(refused.value.gaps) > 20
    assert application.state is ApplicationState.DRAFT
    assert application.revision_no == 0
    assert application.call.next_receipt_no == 1
    assert queries.load_draft(session, application).value("commit_true") is None


def test_undertakings_not_accepted_keep_it_from_being_submitted(session, now):
    application = make_application(session, complete=True, now=now)

    with pytest.raises(IncompleteApplicationError) as refused:
        services.submit_application(
            session, application, actor=owner_of(session, application), now=now, undertakings=["commit_true"]
        )

    assert [gap.path for gap in refused.value.gaps] == ["commit_no_dup", "credit_auth"]


def test_after_the_close_it_is_refused_with_both_times(session, now):
    application = make_application(session, complete=True, now=now)
    late = application.call.closes_at

    with pytest.raises(ForbiddenError) as refused:
        submit(session, application, late)

    assert refused.value.code == "submission_late"
    assert refused.value.facts["closed_at"] == refused.value.facts["arrived_at"] == "2026年04月29日 12:00:00"
    assert application.state is ApplicationState.DRAFT


def test_one_instant_before_the_close_it_is_taken(session, now):
    application = make_application(session, complete=True, now=now)

    submit(session, application, application.call.closes_at - timedelta(microseconds=1))

    assert application.receipt_no == 1


def test_the_grace_counts_only_where_submission_began_before_the_close(session, now):
    call = make_call(session, now=now, grace_minutes=10)
    begun, idle = (make_application(session, call=call, complete=True, now=now) for _ in range(2))
    services.begin_submission(session, begun, actor=owner_of(session, begun), now=call.closes_at - timedelta(seconds=1))
    services.begin_submission(session, idle, actor=owner_of(session, idle), now=call.closes_at)

    revision = submit(session, begun, call.closes_at + timedelta(minutes=9))
    with pytest.raises(ForbiddenError):
        submit(session, idle, call.closes_at + timedelta(seconds=1))

    close = json.loads(revision.content)["call"]["effective_close"]
    assert close.startswith("2026-04-29T12:10:00")


def test_a_second_press_gives_the_same_receipt(session, now):
    application = make_application(session, complete=True, now=now)
    first = submit(session, application, now)

    second = submit(session, application, now + timedelta(seconds=1))

    assert second.id == first.id
    assert application.submitted_at == now
    assert topics(session).count("application.submitted") == 1


def test_an_unverified_member_may_fill_in_but_not_submit(session, now):
    membership = make_membership(session, state=MembershipState.UNVERIFIED, may_draft=True)
    application = make_application(
        session, organisation=membership.organisation, person=membership.person, complete=True, now=now
    )

    with pytest.raises(ForbiddenError) as refused:
        submit(session, application, now)

    assert refused.value.code == "membership_unverified"


@pytest.mark.parametrize("level", [Level.READER, Level.EDITOR])
def test_only_who_may_bind_the_organisation_submits(session, now, level):
    application = make_application(session, complete=True, now=now)
    other = make_membership(session, organisation=application.organisation, level=level).person

    with pytest.raises(ForbiddenError) as refused:
        services.submit_application(session, application, actor=actor_of(session, other), now=now)

    assert refused.value.code == "level_cannot_submit"


def test_claims_are_made_and_released_by_withdrawal(session, now):
    application = make_application(session, submitted=True, now=now)
    kinds = set(session.scalars(select(Claim.kind).where(Claim.released_at.is_(None))))
    assert "sole_application.call" in kinds
    assert {"used.contract_no", "used.invoice_nos"} <= kinds

    services.withdraw_application(
        session, application, reason="改报下一批", actor=owner_of(session, application), now=now
    )

    assert application.state is ApplicationState.WITHDRAWN
    assert session.scalars(select(Claim).where(Claim.released_at.is_(None))).all() == []
    assert "application.withdrawn" in topics(session)


def test_withdrawal_needs_a_reason_and_ends_with_the_draw(session, now):
    application = make_application(session, submitted=True, now=now)
    owner = owner_of(session, application)
    with pytest.raises(InvalidError, match="withdrawal_without_reason"):
        services.withdraw_application(session, application, reason="  ", actor=owner, now=now)
    for event in ("start_check", "finish_check", "accept", "draw_panel"):
        services.advance(session, application, event, actor=owner, now=now)

    with pytest.raises(ForbiddenError) as refused:
        services.withdraw_application(session, application, reason="来不及", actor=owner, now=now)

    assert refused.value.code == "too_late_to_withdraw"


def test_section_a_is_kept_for_the_next_application(session, now):
    organisation = make_organisation(session)
    first = make_application(session, organisation=organisation, submitted=True, now=now, org_employees=321)

    second = make_application(session, call=make_call(session, code="hlw", now=now), organisation=organisation, now=now)

    draft = queries.load_draft(session, second)
    assert draft.value("org.employees") == 321
    assert draft.value("org.name") == organisation.name
    former = queries.load_draft(session, first)
    assert draft.value("org.years.revenue", "2025") == former.value("org.years.revenue", "2025") > 0


def returned(session, application, now, items):
    for event in ("start_check", "finish_check"):
        services.advance(session, application, event, actor=owner_of(session, application), now=now)
    officer = actor_of(session, make_staff(session, Role.OFFICER))
    return services.return_for_correction(
        session,
        application,
        items=items,
        reason="请补正以下内容",
        due_on=local_date(now) + timedelta(days=7),
        actor=officer,
        now=now,
    )


def test_a_correction_opens_what_it_names_and_nothing_else(session, now):
    application = make_application(session, submitted=True, now=now)
    returned(session, application, now, [{"path": "product_name", "reason": "与证书不一致"}, {"document": "a3"}])
    owner = owner_of(session, application)

    services.save_answers(session, application, [Entry("product_name", "", "示例数据库软件")], actor=owner, now=now)
    with pytest.raises(ForbiddenError) as refused:
        services.save_answers(session, application, [Entry("version", "", "V9")], actor=owner, now=now)
    with pytest.raises(ForbiddenError):
        services.require_slot(session, application, "a1", "", actor=owner, now=now)

    assert refused.value.code == "not_in_correction"
    assert services.require_slot(session, application, "a3", "", actor=owner, now=now).key == "a3"


def test_a_correction_after_the_close_keeps_number_and_first_instant(session, now):
    application = make_application(session, submitted=True, now=now)
    closed = application.call.closes_at + timedelta(days=1)
    request = returned(session, application, closed, [{"path": "product_name"}])
    entry, owner = Entry("product_name", "", "更正后的名称"), owner_of(session, application)
    services.save_answers(session, application, [entry], actor=owner, now=closed)

    revision = submit(session, application, closed + timedelta(days=2))

    assert (revision.number, application.revision_no) == (2, 2)
    assert (application.receipt_no, application.submitted_at) == (1, now)
    assert json.loads(revision.content)["submitted_at"] == now.isoformat()
    assert request.answered_at == closed + timedelta(days=2)
    assert application.call.next_receipt_no == 2
    case = case_from_json(definition_of(application.call.definition), queries.case_json(revision))
    assert case.submitted_at == now < case.call.effective_close


def test_a_correction_ends_with_its_last_day_in_shanghai(session, now):
    application = make_application(session, submitted=True, now=now)
    request = returned(session, application, now, [{"path": "product_name"}])
    end = now.replace(hour=0) + timedelta(days=8)
    assert local_date(end) == request.due_on + timedelta(days=1)

    with pytest.raises(ForbiddenError) as refused:
        submit(session, application, end)
    submit(session, application, end - timedelta(seconds=1))

    assert refused.value.code == "correction_late"


def test_a_correction_must_name_something_that_exists(session, now):
    application = make_application(session, submitted=True, now=now)

    with pytest.raises(InvalidError, match="correction_item_unknown"):
        returned(session, application, now, [{"path": "no_such_field"}])


def test_an_event_out_of_turn_is_refused(session, now):
    application = make_application(session, submitted=True, now=now)

    with pytest.raises(IllegalTransitionError):
        services.advance(session, application, "accept", actor=owner_of(session, application), now=now)


def test_everything_that_happened_is_in_the_log(session, now):
    application = make_application(session, submitted=True, now=now)
    services.advance(session, application, "start_check", actor=owner_of(session, application), now=now)

    kinds = session.scalars(
        select(audit.AuditEntry.kind)
        .where(audit.AuditEntry.subject_key == str(application.id))
        .order_by(audit.AuditEntry.subject_no)
    ).all()

    assert kinds[0] == "application.started"
    assert kinds[-2:] == ["application.submitted", "application.check_started"]
    assert "application.answers_saved" in kinds
    assert "application.file_attached" in kinds


def test_what_nobody_submitted_in_time_expires(session, now):
    call = make_call(session, now=now, grace_minutes=10)
    idle, begun = make_application(session, call=call, now=now), make_application(session, call=call, now=now)
    services.begin_submission(session, begun, actor=owner_of(session, begun), now=now)
    late = make_application(session, submitted=True, now=now)
    returned(session, late, now, [{"path": "product_name"}])
    end = now.replace(hour=0) + timedelta(days=8)

    assert services.expire_overdue(session, now=end - timedelta(seconds=1)) == 0
    assert services.expire_overdue(session, now=end) == 1
    assert late.state is ApplicationState.EXPIRED
    assert "application.expired" in topics(session)
    assert services.expire_overdue(session, now=call.closes_at) == 1
    assert (idle.state, begun.state) == (ApplicationState.EXPIRED, ApplicationState.DRAFT)
    assert services.expire_overdue(session, now=call.closes_at + timedelta(minutes=10)) == 1
