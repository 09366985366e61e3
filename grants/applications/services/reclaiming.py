"""Claims worked out anew from what was submitted, for when things are compared in another way than before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from grants.applications.models import Application, Claim, Revision
from grants.applications.queries import case_json
from grants.applications.services.claiming import CHUNK, Thing, hold_things
from grants.applications.services.letting_go import find_let_go
from grants.applications.states import ENDED, ApplicationState
from grants.calls.models import Call
from grants.programmes.domain import USE_KINDS, case_from_json, claims_of
from grants.programmes.queries import definition_of

LET_GO = frozenset({*ENDED, ApplicationState.REJECTED, ApplicationState.DRAFT})  # hold nothing that stands


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What a batch came to. ``things``: those on which somebody's place may have changed; ``last``: where to go on."""

    applications: int
    taken: int
    dropped: int
    things: frozenset[Thing]
    last: UUID | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    since: datetime
    written_as: str


def rebuild_claims(session: Session, *, after: UUID | None = None, limit: int = 100) -> Reclaimed:
    """Work out what the next applications claim by their revisions, and bring what stands in line. Twice is harmless.

    A claim that is found anew counts from the revision since which it has been made, and takes its place among the
    claims on the same thing by that instant; a claim that stands keeps its place before its neighbours. One that the
    revision in force does not make any more is deleted, and so is what those used who were finally not funded.
    Applications that hold nothing are passed over.

    Effects, in order: locks the applications, holds the things, deletes, writes places and new claims.
    """
    applications = _lock_next(session, after, limit)
    holding = [application for application in applications if application.state not in LET_GO]
    wanted = _wanted(session, holding)
    rows = _rows_of(session, holding)
    taken = {
        place: found for place, found in wanted.items() if place not in rows or rows[place].released_at is not None
    }
    dropped = [
        row for place, row in rows.items() if place in taken or (place not in wanted and row.released_at is None)
    ]
    things = frozenset({thing for _, thing in taken} | {_thing(row) for row in dropped})
    hold_things(session, things)
    for place, found in wanted.items():
        if place in rows and not rows[place].written_as:
            rows[place].written_as = found.written_as
    for row in dropped:
        session.delete(row)
    session.flush()
    _take_places(session, taken)
    last = applications[-1].id if applications else None
    return Reclaimed(len(holding), len(taken), len(dropped), things, last)


def _lock_next(session: Session, after: UUID | None, limit: int) -> Sequence[Application]:
    query = (
        select(Application)
        .options(joinedload(Application.call, innerjoin=True).joinedload(Call.definition, innerjoin=True))
        .where(Application.revision_no > 0)
        .order_by(Application.id)
        .limit(limit)
        .with_for_update(of=Application)
    )
    return session.scalars(query if after is None else query.where(Application.id > after)).all()


def _wanted(session: Session, applications: Sequence[Application]) -> dict[tuple[UUID, Thing], _Wanted]:
    """What the revisions in force claim, and since when without a break; nothing used of those who let go of it."""
    let_go = find_let_go(session, [application.id for application in applications])
    query = (
        select(Revision)
        .where(Revision.application_id.in_([application.id for application in applications]))
        .order_by(Revision.application_id, Revision.number)
    )
    found: dict[UUID, Mapping[Thing, _Wanted]] = defaultdict(dict)
    for revision in session.scalars(query):
        former, now = found[revision.application_id], {}
        definition = definition_of(revision.application.call.definition)
        for claim in claims_of(definition, case_from_json(definition, case_json(revision))):
            thing = (claim.kind, claim.scope, claim.key)
            since = former[thing].since if thing in former else revision.submitted_at
            now[thing] = _Wanted(since, claim.written_as)
        found[revision.application_id] = now
    return {
        (owner, thing): made
        for owner, things in found.items()
        for thing, made in things.items()
        if owner not in let_go or not thing[0].startswith(USE_KINDS)
    }


def _rows_of(session: Session, applications: Sequence[Application]) -> dict[tuple[UUID, Thing], Claim]:
    query = select(Claim).where(Claim.application_id.in_([application.id for application in applications]))
    return {(row.application_id, _thing(row)): row for row in session.scalars(query)}


def _take_places(session: Session, taken: Mapping[tuple[UUID, Thing], _Wanted]) -> None:
    """Add the claims that were found, each before the first of its thing that was made later."""
    groups: dict[Thing, list[Claim]] = defaultdict(list)
    for row in _rows_on(session, {thing for _, thing in taken}):
        groups[_thing(row)].append(row)
    for row in (row for group in groups.values() for row in group):
        row.place = -row.place  # places are unique at every moment
    session.flush()
    for (owner, thing), found in sorted(taken.items(), key=lambda entry: (entry[1].since, entry[0])):
        group, (kind, scope, key) = groups[thing], thing
        later = (number for number, row in enumerate(group) if row.claimed_at > found.since)
        claim = Claim(kind=kind, scope=scope, key=key, written_as=found.written_as, application_id=owner)
        claim.claimed_at = found.since
        group.insert(next(later, len(group)), claim)
    for group in groups.values():
        for place, row in enumerate(group, 1):
            row.place = place
        session.add_all(group)
    session.flush()


def _rows_on(session: Session, things: Iterable[Thing]) -> Iterable[Claim]:
    ordered = sorted(things)
    columns = tuple_(Claim.kind, Claim.scope, Claim.key)
    for start in range(0, len(ordered), CHUNK):
        yield from session.scalars(
            select(Claim).where(columns.in_(ordered[start : start + CHUNK])).order_by(Claim.place)
        )


def _thing(row: Claim) -> Thing:
    return row.kind, row.scope, row.key
