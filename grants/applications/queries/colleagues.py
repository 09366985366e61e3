"""Reading what the people of one unit arrange among themselves; nobody outside the unit reads any of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from grants.accounts.models import Membership, Person
from grants.accounts.states import MembershipState
from grants.applications.models import AnswerComment, Application, SectionAssignment
from grants.kernel.actor import Actor
from grants.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Thread:
    """The remarks on one answer, the oldest first, with their writers."""

    path: str
    row: str
    comments: tuple[AnswerComment, ...]

    @property
    def place(self) -> tuple[str, str]:
        return self.path, self.row

    @property
    def is_open(self) -> bool:
        return any(comment.resolved_at is None for comment in self.comments)


def require_of_unit(application: Application, actor: Actor) -> None:
    """Raises NotFoundError for whoever is not of the application's unit: the office knows of none of this."""
    if application.organisation_id not in actor.organisation_ids():
        raise NotFoundError(application=str(application.id))


def list_assignments(session: Session, application: Application, actor: Actor) -> Sequence[SectionAssignment]:
    """Whose section it is, with the person, by section; nothing for whoever is not of the unit.

    A section of somebody who has left the unit is nobody's.
    """
    belongs = select(Membership.person_id).where(
        Membership.organisation_id == application.organisation_id,
        Membership.state.in_((MembershipState.VERIFIED, MembershipState.UNVERIFIED)),
    )
    query = (
        select(SectionAssignment)
        .where(SectionAssignment.application_id == application.id)
        .where(SectionAssignment.application_id.in_(_of_unit(actor)))
        .where(SectionAssignment.person_id.in_(belongs))
        .options(joinedload(SectionAssignment.person))
        .order_by(SectionAssignment.section_key)
    )
    return session.scalars(query).all()


def list_threads(
    session: Session, application: Application, actor: Actor, paths: Iterable[str] | None = None
) -> tuple[Thread, ...]:
    """The threads on these answers, or on all, in one query; nothing for whoever is not of the unit."""
    query = (
        select(AnswerComment)
        .where(AnswerComment.application_id == application.id)
        .where(AnswerComment.application_id.in_(_of_unit(actor)))
        .options(joinedload(AnswerComment.writer))
        .order_by(AnswerComment.path, AnswerComment.row_id, AnswerComment.id)
    )
    if paths is not None:
        query = query.where(AnswerComment.path.in_(list(paths)))
    found = session.scalars(query).all()
    return tuple(
        Thread(path, row, tuple(comments))
        for (path, row), comments in groupby(found, key=lambda comment: (comment.path, comment.row_id))
    )


def list_people_of_unit(session: Session, organisation_id: UUID) -> list[Person]:
    """Everybody who acts for the unit now, readers as well; by name."""
    query = (
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.person))
        .order_by(Membership.id)
    )
    people = {found.person_id: found.person for found in session.scalars(query) if found.acts}
    active = (person for person in people.values() if person.disabled_at is None)
    return sorted(active, key=lambda person: (person.name, str(person.id)))


def _of_unit(actor: Actor) -> Select[UUID]:
    return select(Application.id).where(Application.organisation_id.in_(actor.organisation_ids()))
