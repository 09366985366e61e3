"""Who wants which mails when. What the law has us tell is always mailed at once; the inbox always has everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from grants.kernel.clock import SHANGHAI, local_date, local_instant
from grants.notifications.models import MailChoice

DIGEST_AT = time(8)  # in Shanghai


class Manner(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class Theme(StrEnum):
    """What a person chooses for, as a whole."""

    CASE = "case"  # steps of one's application that ask for nothing
    COLLEAGUES = "colleagues"  # sections, remarks, members of one's unit
    REMINDERS = "reminders"  # drafts that are not submitted yet
    OFFICE = "office"  # work that waits in the office


# By kind, or by all kinds that begin so. What is not named here is always mailed at once.
THEMES: Mapping[str, Theme] = {
    "check.finished": Theme.CASE,
    "application.accepted": Theme.CASE,
    "file.": Theme.CASE,
    "file.infected_in_case": Theme.OFFICE,
    "section.": Theme.COLLEAGUES,
    "answer.commented": Theme.COLLEAGUES,
    "membership.joined": Theme.COLLEAGUES,
    "membership.left": Theme.COLLEAGUES,
    "draft.unfinished": Theme.REMINDERS,
    "extension.proposed": Theme.OFFICE,
    "definition.proposed": Theme.OFFICE,
    "reconsideration.asked": Theme.OFFICE,
    "revocation.proposed": Theme.OFFICE,
    "outage.": Theme.OFFICE,
}


def theme_of(kind: str) -> Theme | None:
    """What a kind belongs to, by its longest name in ``THEMES``; None for what is always mailed at once."""
    names = [name for name in THEMES if kind == name or (name.endswith(".") and kind.startswith(name))]
    return THEMES[max(names, key=len)] if names else None


def manners_of(session: Session, kind: str, person_ids: Collection[UUID]) -> Mapping[UUID, Manner]:
    """How each of these people wants mails of a kind; whoever has not chosen is missing and gets them at once."""
    theme = theme_of(kind)
    if theme is None:
        return {}
    found = session.connection().execute(_CHOICES, {"theme": theme, "people": list(person_ids)})
    return {person_id: Manner(manner) for person_id, manner in found}


CHOSEN: Any = MailChoice.__table__
_CHOICES = select(CHOSEN.c.person_id, CHOSEN.c.manner).where(
    CHOSEN.c.theme == bindparam("theme"), CHOSEN.c.person_id.in_(bindparam("people", expanding=True))
)


def choices_of(session: Session, person_id: UUID) -> Mapping[Theme, Manner]:
    """What a person gets when, theme by theme."""
    query = select(MailChoice.theme, MailChoice.manner).where(MailChoice.person_id == person_id)
    chosen = {Theme(theme): Manner(manner) for theme, manner in session.execute(query)}
    return {theme: chosen.get(theme, Manner.AT_ONCE) for theme in Theme}


def choose(session: Session, person_id: UUID, choices: Mapping[Theme, Manner]) -> None:
    """Keep what the person chose; what is held for a digest already stays in it."""
    if not choices:
        return
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    rows = [{"person_id": person_id, "theme": theme.value, "manner": manner.value} for theme, manner in choices.items()]
    statement = upsert(MailChoice).values(rows)
    keys = [MailChoice.person_id, MailChoice.theme]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"manner": statement.excluded.manner}))


def next_digest_at(now: datetime) -> datetime:
    """The next eight o'clock in Shanghai."""
    here = now.astimezone(SHANGHAI)
    day = local_date(now) if here.time() < DIGEST_AT else local_date(now) + timedelta(days=1)
    return local_instant(day, DIGEST_AT.hour)
