"""Reading programmes, their versions and drafts, and compiling a version once per process."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Definition, parse_definition
from grants.programmes.models import DefinitionDraft, DefinitionVersion, Programme
from grants.programmes.states import DraftState

OPEN_DRAFTS = (DraftState.DRAFTING, DraftState.PROPOSED)
MAX_COMPILED = 64
_compiled: dict[str, Definition] = {}


def definition_of(version: DefinitionVersion) -> Definition:
    """The compiled definition of a version; parsed once per process and fingerprint, for a version never changes.

    Raises:
        DefinitionFaultsError: this release no longer reads what an earlier one loaded.
    """
    found = _compiled.get(version.fingerprint)
    if found is None:
        if len(_compiled) >= MAX_COMPILED:
            _compiled.clear()
        found = _compiled.setdefault(version.fingerprint, parse_definition(version.source))
    return found


def list_programmes(session: Session) -> Sequence[Programme]:
    """Every programme by code, with its versions, in two queries."""
    query = select(Programme).options(selectinload(Programme.versions)).order_by(Programme.code)
    return session.scalars(query).all()


def find_programme(session: Session, code: str) -> Programme | None:
    """The programme of that code, or None."""
    return session.scalars(select(Programme).where(Programme.code == code)).one_or_none()


def find_version(session: Session, code: str, version: str) -> DefinitionVersion | None:
    """One version of a programme, or None."""
    query = (
        select(DefinitionVersion)
        .join(DefinitionVersion.programme)
        .where(Programme.code == code, DefinitionVersion.version == version)
    )
    return session.scalars(query).one_or_none()


def get_version(session: Session, code: str, version: str) -> DefinitionVersion:
    """One version of a programme; raises NotFoundError."""
    found = find_version(session, code, version)
    if found is None:
        raise NotFoundError(programme=code, version=version)
    return found


def get_version_by_id(session: Session, version_id: UUID) -> DefinitionVersion:
    """A version by its key; raises NotFoundError."""
    found = session.get(DefinitionVersion, version_id)
    if found is None:
        raise NotFoundError(version=str(version_id))
    return found


def list_published(session: Session) -> Sequence[DefinitionVersion]:
    """Published versions with their programmes: by programme, the newest first."""
    query = (
        select(DefinitionVersion)
        .join(DefinitionVersion.programme)
        .options(selectinload(DefinitionVersion.programme))
        .where(DefinitionVersion.published_at.is_not(None))
        .order_by(Programme.code, DefinitionVersion.published_at.desc(), DefinitionVersion.id.desc())
    )
    return session.scalars(query).all()


def find_open_draft(session: Session, code: str) -> DefinitionDraft | None:
    """The draft of the programme's next version that is under way, with the people concerned."""
    query = _drafts().where(Programme.code == code, DefinitionDraft.state.in_(OPEN_DRAFTS))
    return session.scalars(query).one_or_none()


def get_open_draft(session: Session, code: str) -> DefinitionDraft:
    """As ``find_open_draft``; raises NotFoundError."""
    found = find_open_draft(session, code)
    if found is None:
        raise NotFoundError(draft=code)
    return found


def list_open_drafts(session: Session) -> dict[UUID, DefinitionDraft]:
    """The drafts under way, by programme."""
    found = session.scalars(_drafts().where(DefinitionDraft.state.in_(OPEN_DRAFTS)))
    return {draft.programme_id: draft for draft in found}


def find_base(session: Session, programme_id: UUID) -> DefinitionVersion | None:
    """What the next version is begun from and compared with: the version published last, or the one loaded last."""
    query = (
        select(DefinitionVersion)
        .where(DefinitionVersion.programme_id == programme_id)
        .order_by(
            DefinitionVersion.published_at.is_(None),
            DefinitionVersion.published_at.desc(),
            DefinitionVersion.loaded_at.desc(),
            DefinitionVersion.id.desc(),
        )
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _drafts() -> Select[DefinitionDraft]:
    return (
        select(DefinitionDraft)
        .join(DefinitionDraft.programme)
        .options(
            contains_eager(DefinitionDraft.programme),
            joinedload(DefinitionDraft.base),
            joinedload(DefinitionDraft.editor),
            joinedload(DefinitionDraft.proposer),
            joinedload(DefinitionDraft.decider),
        )
    )


def get_newest_published(session: Session, code: str) -> DefinitionVersion:
    """The version of a programme that was published last; raises NotFoundError."""
    found = next((version for version in list_published(session) if version.programme.code == code), None)
    if found is None:
        raise NotFoundError(programme=code)
    return found
