"""What is public, and what its being public changes for others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.accounts.models import Organisation
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.decisions.models import ProposalLine
from grants.kernel.actor import Actor
from grants.publication.models import AwardList, Notice
from grants.publication.states import AwardListState, NoticeState

SHOWN_NEWS = 5


def calls_on_record(session: Session, call_ids: Collection[UUID]) -> frozenset[UUID]:
    """Of these calls, those whose outcome has been made public by a notice."""
    query = select(Notice.call_id).where(Notice.call_id.in_(call_ids)).distinct()
    return frozenset(session.scalars(query))


def find_notice_end(session: Session, call_id: UUID) -> date | None:
    """The last day of the notice that stands for a call."""
    query = select(func.max(Notice.ends_on)).where(Notice.call_id == call_id, Notice.state == NoticeState.PUBLISHED)
    return session.scalar(query)


@dataclass(frozen=True, slots=True)
class News:
    """A public notice or a final list for the home page; ``kind`` is ``notice`` or ``award_list``."""

    kind: str
    ref: str
    title: str
    at: datetime
    is_open: bool


def list_news(session: Session, *, today: date) -> list[News]:
    """The latest notices and lists, the newest first: two queries."""
    notices = session.execute(
        select(Notice.ref, Notice.title, Notice.published_at, Notice.ends_on, Notice.state)
        .order_by(Notice.published_at.desc(), Notice.id.desc())
        .limit(SHOWN_NEWS)
    )
    lists = session.execute(
        select(AwardList.ref, AwardList.title, AwardList.released_at)
        .where(AwardList.state == AwardListState.RELEASED)
        .order_by(AwardList.released_at.desc(), AwardList.id.desc())
        .limit(SHOWN_NEWS)
    )
    news = [
        News("notice", ref, title, at, state is NoticeState.PUBLISHED and ends_on >= today)
        for ref, title, at, ends_on, state in notices
    ]
    news += [News("award_list", ref, title, at, False) for ref, title, at in lists if at is not None]
    return sorted(news, key=lambda item: item.at, reverse=True)[:SHOWN_NEWS]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What has been published so far: notices running now, awards of the latest year and their sum in fen."""

    notices: int
    year: int | None
    awards: int
    awarded_fen: int


def read_public_figures(session: Session, *, today: date) -> PublicFigures:
    """Counts for the home page, from what is public only: two queries."""
    running = select(func.count()).where(
        Notice.state == NoticeState.PUBLISHED, Notice.starts_on <= today, Notice.ends_on >= today
    )
    released = (
        select(Call.year, func.count(ProposalLine.application_id), func.sum(ProposalLine.proposed_fen))
        .select_from(AwardList)
        .join(Notice, Notice.id == AwardList.notice_id)
        .join(ProposalLine, ProposalLine.proposal_id == Notice.proposal_id)
        .join(Application, Application.id == ProposalLine.application_id)
        .join(Call, Call.id == AwardList.call_id)
        .where(AwardList.state == AwardListState.RELEASED, Application.state == ApplicationState.AWARDED)
        .group_by(Call.year)
        .order_by(Call.year.desc())
        .limit(1)
    )
    latest = session.execute(released).first()
    year, awards, awarded_fen = latest if latest is not None else (None, 0, 0)
    return PublicFigures(session.scalar(running) or 0, year, awards, int(awarded_fen or 0))


def list_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations the actor acts for, by name."""
    query = select(Organisation).where(Organisation.id.in_(actor.organisation_ids())).order_by(Organisation.name)
    return session.scalars(query).all()
