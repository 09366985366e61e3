"""Reading an organisation's profile."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.accounts.models import Person
from grants.applications.domain import StoredAnswer
from grants.applications.domain.profiles import Place, Profile, profile_parts
from grants.applications.models import ProfileValue
from grants.calls.queries import current_year, list_open
from grants.programmes.domain import Definition, Field
from grants.programmes.queries import definition_of, list_published

NOBODY = UUID(int=0)  # whoever wrote what was kept before profiles knew their authors


def load_profile(session: Session, organisation_id: UUID) -> dict[Place, StoredAnswer]:
    """Everything the profile holds, by (path, row), in one query."""
    query = select(
        ProfileValue.field_key,
        ProfileValue.row_id,
        ProfileValue.value,
        ProfileValue.version,
        ProfileValue.changed_by,
        ProfileValue.changed_at,
        ProfileValue.origin,
    ).where(ProfileValue.organisation_id == organisation_id)
    return {
        (path, row): StoredAnswer(value, version, by or NOBODY, at, origin)
        for path, row, value, version, by, at, origin in session.execute(query)
    }


def profile_questions(
    session: Session, *, now: datetime
) -> tuple[int, tuple[tuple[Definition, tuple[Field, ...]], ...]]:
    """What a profile is asked at present: the year its fixed rows end before, and the fields by definition.

    The fields are those of section A of every programme's newest published version, programmes in the order of their
    codes, a key that several have once; what a call's older version asks besides is asked in its applications. The year
    is the latest of the open calls, or the present one while none is open.
    """
    newest: dict[UUID, Definition] = {}
    for version in list_published(session):
        newest.setdefault(version.programme_id, definition_of(version))
    years = [call.year for call in list_open(session, now)]
    return max(years, default=current_year(now)), profile_parts(newest.values())


def names_of(session: Session, profile: Profile) -> dict[UUID, str]:
    """Who wrote the profile's values, by id."""
    people = {kept.changed_by for kept in profile.values()}
    return dict(iter(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))))) if people else {}
