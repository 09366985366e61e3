"""What only one application may use: claims taken with a submission, given up by a correction, freed at the end.

Of those who claim one key the first holds it, whatever comes later (docs/decisions/0038): claims on one key are made
one after the other, and their order never changes. So nobody who holds something loses it to another's later act, and
only what is given up makes anybody else's check come out differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from grants import outbox
from grants.applications.models import Application, Claim
from grants.db import lock_many
from grants.programmes import domain as programmes

Thing = tuple[str, str, str]  # kind, scope and key
CHUNK = 500
DRAWERS = 4_096  # of locks; things in the same one wait for each other though they differ


def claim_uses(
    session: Session, application: Application, claims: Iterable[programmes.Claim], *, now: datetime
) -> None:
    """Make the application's claims those of its revision: new ones taken, those it gave up released.

    One that stands keeps its place; one that was given up before and is taken again queues behind the others. The
    application is locked by the caller.

    Effects, in order: holds the things that are new until the transaction ends, adds claims, releases, and, where it
    released any, publishes ``application.claims_released`` so that those who failed by them are checked anew.
    """
    wanted = {(claim.kind, claim.scope, claim.key): claim for claim in claims}
    claimed = select(Claim).where(Claim.application_id == application.id)
    rows = session.scalars(claimed) if application.revision_no else ()  # at the first submission there are none
    former = {(claim.kind, claim.scope, claim.key): claim for claim in rows}
    standing = {thing for thing, claim in former.items() if claim.released_at is None}
    _take(session, application, {thing: wanted[thing] for thing in wanted.keys() - standing}, former, now=now)
    given_up = standing - wanted.keys()
    for thing in given_up:
        former[thing].released_at = now
    if given_up:
        outbox.publish(session, "application.claims_released", {"application_id": str(application.id)})


def release_claims(session: Session, application: Application, *, now: datetime) -> None:
    """Let others have what this application claimed."""
    session.execute(
        update(Claim).where(Claim.application_id == application.id, Claim.released_at.is_(None)).values(released_at=now)
    )


def hold_things(session: Session, things: Iterable[Thing]) -> None:
    """Let nobody else claim these before the transaction ends; what others claimed before is to be seen from now on.

    Comes after locks of applications and before the call's counter.
    """
    lock_many(session, "claim", {_drawer(thing) for thing in things})


def _take(
    session: Session,
    application: Application,
    new: Mapping[Thing, programmes.Claim],
    former: Mapping[Thing, Claim],
    *,
    now: datetime,
) -> None:
    if not new:
        return
    hold_things(session, new)
    last = _last_places(session, sorted(new))
    for thing, claim in sorted(new.items()):
        row = former.get(thing)
        if row is None:
            row = Claim(kind=claim.kind, scope=claim.scope, key=claim.key, application_id=application.id)
            session.add(row)
        row.place, row.claimed_at, row.released_at = last.get(thing, 0) + 1, now, None
        row.written_as = claim.written_as


def _last_places(session: Session, things: Sequence[Thing]) -> dict[Thing, int]:
    columns = (Claim.kind, Claim.scope, Claim.key)
    found: dict[Thing, int] = {}
    for start in range(0, len(things), CHUNK):
        query = select(*columns, func.max(Claim.place)).where(tuple_(*columns).in_(things[start : start + CHUNK]))
        for kind, scope, key, place in session.execute(query.group_by(*columns)):
            found[kind, scope, key] = place
    return found


def _drawer(thing: Thing) -> int:
    return int.from_bytes(sha256("\n".join(thing).encode()).digest()[:4]) % DRAWERS
