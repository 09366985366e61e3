"""Writing the next version of a definition, piece by piece, by any number of administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import audit
from grants.db import lock_one
from grants.kernel.actor import Actor
from grants.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from grants.programmes import policies, queries
from grants.programmes.domain import editing
from grants.programmes.domain.editing import Edited
from grants.programmes.errors import DefinitionFaultsError, DraftMovedError
from grants.programmes.models import DefinitionDraft, DefinitionVersion, Programme
from grants.programmes.states import DEFINITION_DRAFT

MAX_BYTES = 500_000  # as the loader's
RULE_ORDER = (
    "key",
    "title",
    "clause",
    "severity",
    "at",
    "when",
    "require",
    "check",
    "message",
    "remedy",
    "sentence",
)
PARAMETER_ORDER = ("key", "kind", "label", "default", "minimum", "maximum")


def start_draft(session: Session, programme: Programme, *, actor: Actor, now: datetime) -> DefinitionDraft:
    """Begin the next version from the one published last, under the next free number; the draft under way where there
    is one already. Records ``definition_draft.started``.

    Raises:
        ForbiddenError: the actor is no administrator.
    """
    policies.may_draft(actor).require()
    lock_one(session, f"programme:{programme.code}")
    found = queries.find_open_draft(session, programme.code)
    if found is not None:
        return found
    base = queries.find_base(session, programme.id)
    if base is None:
        raise NotFoundError(programme=programme.code)
    taken = {version.version for version in programme.versions}
    content = editing.set_entry(editing.normalise(base.source), "version", editing.next_version(base.version, taken))
    person = person_of(actor)
    draft = DefinitionDraft(
        programme=programme,
        base=base,
        content=content,
        created_by=person,
        created_at=now,
        edited_by=person,
        edited_at=now,
    )
    session.add(draft)
    session.flush()
    record(session, draft, "definition_draft.started", actor=actor, now=now, base=base.version)
    return draft


def save_part(
    session: Session, draft: DefinitionDraft, part: str, text: str, *, seen: str, actor: Actor, now: datetime
) -> DefinitionDraft:
    """Exchange the lines of one part (``rules``; empty: the whole text). Faults are no obstacle. Records
    ``definition_draft.edited``, unless nothing has changed.

    ``seen``: fingerprint of the part that the editor was shown; other parts may have moved meanwhile.

    Raises:
        ForbiddenError: the actor may not, or the draft is with the second person.
        DraftMovedError: somebody else has changed this part.
        InvalidError: ``draft_too_large``; ``draft_in_pieces``, the text as it stands cannot be taken apart.
    """
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    try:
        _require_seen(editing.part_text(draft.content, part), seen)
        content = editing.replace_part(draft.content, part, text)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error
    return _write(session, draft, content, actor=actor, now=now, piece=part or "all")


def edit_rule(
    session: Session,
    draft: DefinitionDraft,
    key: str,
    changes: Mapping[str, Edited],
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> DefinitionDraft:
    """Change entries of one rule; None takes one away. Otherwise as ``save_part``.

    Raises as that does, and NotFoundError where there is no such rule.
    """
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    _require_seen(rule_text(draft, key), seen)
    content = edited_rule(draft.content, key, changes)
    return _write(session, draft, content, actor=actor, now=now, piece=f"rules[{key}]")


def edit_parameters(
    session: Session,
    draft: DefinitionDraft,
    changes: Mapping[str, Mapping[str, Edited]],
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> DefinitionDraft:
    """Change entries of parameters, by the parameter's key; None takes an entry away. ``seen``: fingerprint of
    all their lines. Otherwise as ``save_part``; raises as that does, and NotFoundError for a key that is not there."""
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    _require_seen(parameters_text(draft), seen)
    content = edited_parameters(draft.content, changes)
    return _write(session, draft, content, actor=actor, now=now, piece="parameters")


def add_rule(
    session: Session, draft: DefinitionDraft, entries: Mapping[str, Edited], *, actor: Actor, now: datetime
) -> DefinitionDraft:
    """Put a rule at the end of the list; raises as ``save_part``, and ``rule_key_taken``."""
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    key = str(entries["key"])
    content = added_rule(draft.content, entries)
    return _write(session, draft, content, actor=actor, now=now, piece=f"rules[{key}]")


def remove_rule(
    session: Session, draft: DefinitionDraft, key: str, *, seen: str, actor: Actor, now: datetime
) -> DefinitionDraft:
    """Take a rule out; raises as ``edit_rule``."""
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    _require_seen(rule_text(draft, key), seen)
    content = editing.remove_item(draft.content, "rules", key)
    return _write(session, draft, content, actor=actor, now=now, piece=f"rules[{key}]")


def discard_draft(session: Session, draft: DefinitionDraft, *, actor: Actor, now: datetime) -> DefinitionDraft:
    """Give a draft up; its text is kept. Records ``definition_draft.discarded``."""
    lock_draft(session, draft)
    policies.may_edit_draft(actor, draft).require()
    draft.state = DEFINITION_DRAFT.next(draft.state, "discard")
    session.flush()
    record(session, draft, "definition_draft.discarded", actor=actor, now=now)
    return draft


def edited_rule(content: str, key: str, changes: Mapping[str, Edited]) -> str:
    """The text with a rule changed; raises InvalidError ``draft_in_pieces``, NotFoundError."""
    try:
        return editing.edit_item(content, "rules", key, changes, order=RULE_ORDER)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error
    except KeyError as error:
        raise NotFoundError(rule=key) from error


def edited_parameters(content: str, changes: Mapping[str, Mapping[str, Edited]]) -> str:
    """The text with parameters changed; raises as ``edited_rule``."""
    try:
        for key, entries in changes.items():
            content = editing.edit_item(content, "parameters", key, entries, order=PARAMETER_ORDER)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error
    except KeyError as error:
        raise NotFoundError(parameter=str(error)) from error
    return content


def added_rule(content: str, entries: Mapping[str, Edited]) -> str:
    """The text with one rule more; raises InvalidError ``rule_key_taken``, ``draft_in_pieces``."""
    given = {name: value for name in RULE_ORDER if (value := entries.get(name)) is not None}
    try:
        if str(given["key"]) in editing.item_keys(content, "rules"):
            raise InvalidError("rule_key_taken", key=str(given["key"]))
        lines = "".join(editing.emit_entry(name, value, 2) for name, value in given.items())
        return editing.add_item(content, "rules", f"- {lines[2:]}")
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error


def rule_text(draft: DefinitionDraft, key: str) -> str:
    """The lines of a rule as they stand; raises InvalidError ``draft_in_pieces``, NotFoundError."""
    try:
        return editing.item_text(draft.content, "rules", key)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error
    except KeyError as error:
        raise NotFoundError(rule=key) from error


def parameters_text(draft: DefinitionDraft) -> str:
    """The lines of the parameters as they stand; raises InvalidError ``draft_in_pieces``."""
    try:
        return editing.part_text(draft.content, "parameters")
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error


def fingerprint_of(text: str) -> str:
    """SHA-256 of a piece of text, by which an editor says what they saw."""
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def lock_draft(session: Session, draft: DefinitionDraft) -> None:
    """Hold the draft's row and read it anew."""
    session.execute(select(DefinitionDraft.id).where(DefinitionDraft.id == draft.id).with_for_update())
    session.refresh(draft, ["state", "content", "revision", "base_id", "proposed_by", "summary"])


def record(
    session: Session, draft: DefinitionDraft, kind: str, *, actor: Actor, now: datetime, **facts: object
) -> None:
    """Put what was done to a draft on record."""
    detail = {
        "programme": draft.programme.code,
        "revision": draft.revision,
        "sha256": fingerprint_of(draft.content),
        **facts,
    }
    audit.record(session, actor, kind, ("definition_draft", draft.id), at=now, detail=detail)


def person_of(actor: Actor) -> UUID:
    """The person who acts: a draft is written by persons only."""
    if actor.person_id is None:
        raise ForbiddenError("signed_out")
    return actor.person_id


def _require_seen(text: str, seen: str) -> None:
    if fingerprint_of(text) != seen:
        raise DraftMovedError


def _write(
    session: Session, draft: DefinitionDraft, content: str, *, actor: Actor, now: datetime, piece: str
) -> DefinitionDraft:
    if len(content.encode("utf-8", errors="surrogatepass")) > MAX_BYTES:
        raise InvalidError("draft_too_large", kilobytes=MAX_BYTES // 1000)
    if "\x00" in content:
        raise InvalidError("draft_unprintable")
    if content == draft.content:
        return draft
    draft.content, draft.revision = content, draft.revision + 1
    draft.edited_by, draft.edited_at = person_of(actor), now
    session.flush()
    record(session, draft, "definition_draft.edited", actor=actor, now=now, piece=piece)
    return draft


def base_of(session: Session, draft: DefinitionDraft) -> DefinitionVersion:
    """What the draft is compared with now: the version published last."""
    found = queries.find_base(session, draft.programme_id)
    return found if found is not None else draft.base
