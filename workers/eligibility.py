"""Checking applications: read, judge without a transaction, write; a second delivery finds its run."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from grants.db import reading, writing
from grants.eligibility import queries, services
from grants.eligibility.errors import StaleEvidenceError
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import utc_now
from workers.base import PeriodicTask, finishing, outbox_task
from workers.celery_app import celery
from workers.registers import ask_registers

READINGS = 5  # of a case whose claims change while it is judged
CHANGING = (StaleEvidenceError,)  # a case that went on changing is read again later


def mark_check_failed(session: Session, payload: Mapping[str, str], error: str) -> None:
    """The end of a check that cannot be finished: a state that both sides see, and an officer who starts it again."""
    services.fail_check(session, UUID(payload["revision_id"]), error, actor=SYSTEM, now=utc_now())


@outbox_task("eligibility.check_revision", may_pass=CHANGING, final_failure=mark_check_failed)
def check_revision(*, message_id: str, revision_id: str) -> None:
    """Run the rules due at submission; where a register has to be asked over the network, the enterprise sees meanwhile
    that checking is under way (docs/decisions/0046)."""
    with reading() as session:
        case = services.read_first(session, UUID(revision_id), now=utc_now())
    if case is None:
        return
    if case.questions:
        with writing() as session:
            services.start_check(session, UUID(revision_id), actor=SYSTEM, now=utc_now())
    run(message_id, UUID(revision_id), RunKind.SUBMIT, first=case)


@outbox_task("eligibility.check_at_city", may_pass=CHANGING)
def check_at_city(*, message_id: str, revision_id: str) -> None:
    """Run the rules due once the district has acted or its deadline is over."""
    run(message_id, UUID(revision_id), RunKind.CITY)


@outbox_task("eligibility.check_after_close", may_pass=CHANGING)
def check_after_close(*, message_id: str, revision_id: str) -> None:
    """Run the rules that rest on evidence once more, after T."""
    run(message_id, UUID(revision_id), RunKind.AFTER_CLOSE)


@outbox_task("eligibility.check_again", may_pass=CHANGING)
def check_again(*, message_id: str, revision_id: str) -> None:
    """Judge again, on evidence as it is now, whatever has been judged of the revision."""
    with reading() as session:
        kinds = [found.kind for found in queries.list_runs(session, UUID(revision_id))]
    for kind in kinds:
        run(message_id, UUID(revision_id), kind, again=True, last=kind is kinds[-1])


@outbox_task("eligibility.recheck_claimants")
def recheck_claimants(*, message_id: str, application_id: str) -> None:
    """Have those checked again that failed by what an application held and has let go."""
    with finishing(message_id) as session:
        services.recheck_claimants(session, UUID(application_id), now=utc_now())


def run(
    message_id: str,
    revision_id: UUID,
    kind: RunKind,
    *,
    again: bool = False,
    last: bool = True,
    first: services.CaseToCheck | None = None,
) -> None:
    """Read, judge, record; read again where a claim was made or released in between. ``first``: read already."""
    case = first
    for _ in range(READINGS - 1):
        try:
            return run_once(message_id, revision_id, kind, again=again, last=last, case=case)
        except StaleEvidenceError:
            case = None
    return run_once(message_id, revision_id, kind, again=again, last=last)


def run_once(
    message_id: str,
    revision_id: UUID,
    kind: RunKind,
    *,
    again: bool,
    last: bool,
    case: services.CaseToCheck | None = None,
) -> None:
    """One reading of the case, unless it is given; ``last``: the message is done with it."""
    if case is None:
        with reading() as session:
            case = services.read_case(session, revision_id, kind, now=utc_now())
    judged = services.judge(services.with_answers(case, ask_registers(case.questions)))
    with finishing(message_id) if last else writing() as session:
        services.record_run(session, judged, actor=SYSTEM, now=utc_now(), again=again)


@celery.task(name="eligibility.sweep", base=PeriodicTask, bind=False)
def sweep() -> None:
    """Each minute: end what is overdue, delete what ended long ago, pass on what a district let lie, have evidence
    read again after T."""
    with writing() as session:
        services.expire_overdue(session, actor=SYSTEM, now=utc_now())
    with writing() as session:
        services.purge_ended(session, actor=SYSTEM, now=utc_now())
    with writing() as session:
        services.pass_overdue_districts(session, actor=SYSTEM, now=utc_now())
    with writing() as session:
        services.announce_asof_reached(session, now=utc_now())
    with writing() as session:
        services.ask_unread_again(session, now=utc_now())
