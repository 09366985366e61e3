"""The organisation's profile: typed on its own page, kept from submissions, taken into drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants import audit
from grants.accounts.models import Organisation
from grants.applications.domain import Draft, StoredAnswer, digest
from grants.applications.domain.profiles import FROM_APPLICATION, Newer, Place, kept_in_profile
from grants.applications.models import Answer, Application, ProfileValue
from grants.applications.policies import may_edit_profile
from grants.applications.queries import load_profile, names_of, profile_questions
from grants.applications.services.answers import hold_application, save_held_answers
from grants.applications.services.cells import Base, Conflict, Entry, SaveOutcome, base_of
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes.domain import Field, WrongKindError, to_case_value

KEY = (ProfileValue.organisation_id, ProfileValue.field_key, ProfileValue.row_id)


def save_profile(
    session: Session, organisation: Organisation, entries: Sequence[Entry], *, actor: Actor, now: datetime
) -> SaveOutcome:
    """Store what was changed on the profile's page; where somebody changed the same meanwhile, leave theirs and tell.

    Locks the organisation's profile until the transaction ends. Empty values take away what stands. Audits which
    fields were changed, never their values.

    Raises:
        ForbiddenError: the actor may not fill in for the organisation.
        InvalidError: ``answer_of_wrong_kind``.
        NotFoundError: a path the profile does not ask for at present.
    """
    may_edit_profile(actor, organisation.id).require()
    _require_asked(session, entries, now=now)
    profile = _hold(session, organisation.id)
    changed: dict[Place, Any] = {}
    disputed: list[Conflict] = []
    names = names_of(session, profile)
    for entry in entries:
        kept = profile.get(entry.place)
        if entry.is_untouched or (kept.value if kept else None) == entry.value:
            continue
        if kept is not None and _was_changed(entry, kept):
            base = base_of(kept.value, kept.version)
            by = names.get(kept.changed_by, "")
            disputed.append(Conflict(entry.path, entry.row, entry.value, kept.value, base, by, kept.changed_at))
        else:
            changed[entry.place] = entry.value
    _write(session, organisation.id, changed, by=_person(actor), now=now, origin="")
    if changed:
        detail = {"answers": [f"{path}[{row}]" if row else path for path, row in changed]}
        audit.record(session, actor, "profile.saved", ("organisation", organisation.id), at=now, detail=detail)
    return SaveOutcome(tuple(changed), tuple(disputed), _standing(entries, profile, changed, disputed))


def keep_profile(session: Session, application: Application, draft: Draft, *, by: UUID, now: datetime) -> None:
    """Keep what a submission says in section A for the organisation's next application.

    Before the receipt is taken its origin is the call's reference: the counter of the call is locked afterwards.
    """
    profile = _hold(session, application.organisation_id)
    kept = kept_in_profile(draft, profile)
    origin = f"{FROM_APPLICATION}{application.ref or application.call.ref}"
    _write(session, application.organisation_id, kept, by=by, now=now, origin=origin)


def refresh_from_profile(
    session: Session, application: Application, newer: Sequence[Newer], *, actor: Actor, now: datetime
) -> SaveOutcome:
    """Take these answers from the profile, where nobody has changed them since they were listed as ``newer``.

    Raises as ``save_answers``.
    """
    hold_application(session, application)
    entries = [
        Entry(*one.place, one.new, base_of(one.old.value, one.old.version) if one.old else base_of(None, 0))
        for one in newer
    ]
    outcome = save_held_answers(session, application, entries, actor=actor, now=now)
    saved = set(outcome.saved)
    for origin in sorted({one.origin for one in newer}):
        places = sorted(one.place for one in newer if one.origin == origin and one.place in saved)
        if places:
            session.execute(
                update(Answer)
                .where(Answer.application_id == application.id)
                .where(tuple_(Answer.field_key, Answer.row_id).in_(places))
                .values(origin=origin)
                .execution_options(synchronize_session=False)
            )
    return outcome


def _hold(session: Session, organisation_id: UUID) -> dict[Place, StoredAnswer]:
    """The profile, kept from changing until the transaction ends; new applications are not held up."""
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    session.execute(held)
    return load_profile(session, organisation_id)


def _require_asked(session: Session, entries: Sequence[Entry], *, now: datetime) -> None:
    _, parts = profile_questions(session, now=now)
    fields: dict[str, Field] = {}
    for _definition, asked in parts:
        for field in asked:
            fields.update({column.path: column for column in field.columns} or {field.path: field})
    for entry in entries:
        if entry.path not in fields:
            raise NotFoundError(field=entry.path)
        try:
            to_case_value(fields[entry.path], entry.value)
        except (WrongKindError, ValueError, TypeError) as error:
            raise InvalidError("answer_of_wrong_kind", path=entry.path) from error


def _was_changed(entry: Entry, kept: StoredAnswer) -> bool:
    base = entry.base
    return base is not None and kept.version != base.version and digest(kept.value) != base.digest


def _standing(
    entries: Sequence[Entry],
    profile: Mapping[Place, StoredAnswer],
    changed: Mapping[Place, Any],
    disputed: Sequence[Conflict],
) -> dict[Place, Base]:
    left = {(conflict.path, conflict.row) for conflict in disputed}
    standing: dict[Place, Base] = {}
    for entry in entries:
        kept = profile.get(entry.place)
        version = (kept.version if kept else 0) + (entry.place in changed)
        if entry.place not in left:
            value = entry.value if entry.place in changed else kept.value if kept else None
            standing[entry.place] = base_of(value, version)
    return standing


def _write(
    session: Session, organisation_id: UUID, values: Mapping[Place, Any], *, by: UUID, now: datetime, origin: str
) -> None:
    if not values:
        return
    given = {"organisation_id": organisation_id, "version": 1, "origin": origin, "changed_by": by, "changed_at": now}
    rows = [{**given, "field_key": path, "row_id": row, "value": values[path, row]} for path, row in sorted(values)]
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = upsert(ProfileValue).values(rows)
    new = statement.excluded
    changes = {name: new[name] for name in ("value", "origin", "changed_by", "changed_at")}
    session.execute(
        statement.on_conflict_do_update(index_elements=KEY, set_={**changes, "version": ProfileValue.version + 1})
    )


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id
