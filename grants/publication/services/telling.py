"""Who is told when something has been published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.queries import members_to_tell
from grants.applications.models import Application
from grants.decisions.models import ProposalLine
from grants.notifications import notify
from grants.publication import queries
from grants.publication.domain import day_text, read_content
from grants.publication.models import AwardList, Notice, Objection
from grants.publication.states import ObjectionState

NOT_FUNDED = "未列入拟支持项目"


def tell_of_notice(session: Session, notice: Notice, *, now: datetime) -> None:
    """Tell the applicants once: those on the notice that it runs, the others of the ranking that they are not funded
    and why. A later version tells only the one it removed."""
    published = read_content(notice.content)
    if notice.version > 1:
        _tell_removed(session, notice, now=now)
        return
    for application in queries.applications_of(session, published.items):
        facts = {
            "name": published.programme,
            "ref": application.ref or "",
            "title": application.title,
            "starts_on": day_text(notice.starts_on),
            "ends_on": day_text(notice.ends_on),
        }
        _tell(session, notice.id, "notice.published", application, facts, f"/notices/{notice.ref}", now)
    for line in _unfunded(session, notice):
        _tell_refusal(session, notice, line.application, line.reason, now=now)


def tell_of_list(session: Session, award_list: AwardList, *, now: datetime) -> None:
    """Tell everybody on a released list, once."""
    published = read_content(award_list.content)
    for application in queries.applications_of(session, published.items):
        facts = {"name": award_list.title, "ref": application.ref or "", "title": application.title}
        path = f"/awards/{award_list.ref}"
        _tell(session, award_list.id, "award_list.released", application, facts, path, now)


def _unfunded(session: Session, notice: Notice) -> Sequence[ProposalLine]:
    query = (
        select(ProposalLine)
        .where(ProposalLine.proposal_id == notice.proposal_id, ProposalLine.proposed_fen == 0)
        .options(joinedload(ProposalLine.application).joinedload(Application.call))
        .order_by(ProposalLine.rank)
    )
    return session.scalars(query).all()


def _tell_removed(session: Session, notice: Notice, *, now: datetime) -> None:
    """The item that this version no longer has was taken off by an upheld objection to an earlier one."""
    query = (
        select(Objection)
        .join(Objection.notice)
        .where(
            Notice.call_id == notice.call_id,
            Notice.version < notice.version,
            Objection.state == ObjectionState.UPHELD,
            Objection.decided_at == notice.published_at,
        )
        .options(joinedload(Objection.application))
    )
    for objection in session.scalars(query):
        _tell_refusal(session, notice, objection.application, f"公示期间异议成立：{objection.reply}", now=now)


def _tell_refusal(session: Session, notice: Notice, application: Application, reason: str, *, now: datetime) -> None:
    facts = {
        "name": read_content(notice.content).programme,
        "ref": application.ref or "",
        "title": application.title,
        "outcome": f"{NOT_FUNDED}：{reason.rstrip('。')}",
    }
    _tell(session, notice.id, "decision.made", application, facts, f"/apply/{application.id}/", now)


def _tell(
    session: Session,
    issued_id: object,
    kind: str,
    application: Application,
    facts: dict[str, str],
    path: str,
    now: datetime,
) -> None:
    notify(
        session,
        event_key=f"{kind}:{issued_id}:{application.id}",
        kind=kind,
        recipients=members_to_tell(session, application.organisation_id),
        facts=facts,
        path=path,
        now=now,
    )
