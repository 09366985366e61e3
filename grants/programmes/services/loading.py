"""Loading and publishing definitions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grants import audit
from grants.db import lock_one
from grants.kernel.actor import Actor
from grants.kernel.errors import InvalidError
from grants.programmes import policies, queries
from grants.programmes.domain import Definition, parse_definition
from grants.programmes.models import DefinitionVersion, Programme


def load_definition(session: Session, text: str, *, actor: Actor, now: datetime) -> DefinitionVersion:
    """Keep one version of one programme as it was written.

    A version that is there already with the same content is returned as it is: nothing happens. Otherwise, in order:
    adds the programme if it is new, adds the version, records ``definition.loaded``. In the caller's transaction.

    Raises:
        ForbiddenError: the actor may not load definitions.
        DefinitionFaultsError: the text is faulty; it carries all faults.
        InvalidError: ``definition_version_taken``, the version is there with other content.
    """
    policies.may_load(actor).require()
    definition = parse_definition(text)
    lock_one(session, f"programme:{definition.code}")
    kept = queries.find_version(session, definition.code, definition.version)
    if kept is not None:
        _require_same(kept, definition)
        return kept
    return keep_version(session, definition, loaded_by=actor.person_id, actor=actor, now=now)


def keep_version(
    session: Session, definition: Definition, *, loaded_by: UUID | None, actor: Actor, now: datetime
) -> DefinitionVersion:
    """Add a version that is known to be new, its programme if need be, and record ``definition.loaded``."""
    version = DefinitionVersion(
        programme=_programme_of(session, definition),
        version=definition.version,
        title=definition.title,
        fingerprint=definition.fingerprint,
        source=definition.source,
        loaded_at=now,
        loaded_by=loaded_by,
    )
    session.add(version)
    session.flush()
    detail = {"programme": definition.code, "version": definition.version, "sha256": definition.fingerprint}
    audit.record(session, actor, "definition.loaded", ("definition", version.id), at=now, detail=detail)
    return version


def publish_definition(
    session: Session, version: DefinitionVersion, *, actor: Actor, now: datetime
) -> DefinitionVersion:
    """Let calls be opened on a version, for good; the programme takes its title. Records ``definition.published``.

    Raises:
        ForbiddenError: the actor may not publish, it is published already (``definition_published``), or they have
            loaded it themselves (``definition_own_load``).
    """
    session.refresh(version, ["published_at"], with_for_update=True)
    policies.may_publish(actor, version).require()
    version.published_at = now
    version.programme.title = version.title
    detail = {"programme": version.programme.code, "version": version.version, "sha256": version.fingerprint}
    audit.record(session, actor, "definition.published", ("definition", version.id), at=now, detail=detail)
    return version


def _programme_of(session: Session, definition: Definition) -> Programme:
    programme = queries.find_programme(session, definition.code)
    if programme is None:
        programme = Programme(code=definition.code, title=definition.title)
        session.add(programme)
    return programme


def _require_same(kept: DefinitionVersion, definition: Definition) -> None:
    if kept.fingerprint != definition.fingerprint:
        raise InvalidError("definition_version_taken", programme=definition.code, version=definition.version)
