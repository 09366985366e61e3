"""Telling the members of an applicant what has become of their application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from grants.accounts.queries import members_to_tell
from grants.applications.domain import place_words, scope_of
from grants.applications.models import Application
from grants.notifications import Letter, notify, subject_of, text_of
from grants.programmes.domain import CaseView, Definition, case_from_json

RETURNED = "application.returned"


def correction_facts(
    definition: Definition,
    case: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    *,
    reason: str,
    due_on: date,
    round_no: int,
) -> dict[str, str]:
    """What the notice of a return says: the reason, every item with its place, which round it is, the last day."""
    view = CaseView(definition, case_from_json(definition, case))
    lines = [
        f"{number}. {place_words(definition, view, item)}：{item.reason}"
        for number, item in enumerate(scope_of(items).items or (), 1)
    ]
    rounds = max(round_no, definition.correction_rounds)
    return {
        "reason": reason,
        "due_on": day_words(due_on),
        "items": "\n".join(lines),
        "round": f"第 {round_no} 次补正，共 {rounds} 次",
    }


def correction_letter(application: Application, facts: Mapping[str, str]) -> Letter:
    """The notice of a return as every member of the applicant will read it, without salutation."""
    whole = {**common_facts(application), **facts}
    return Letter(subject_of(RETURNED, whole), text_of(RETURNED, whole))


def common_facts(application: Application) -> dict[str, str]:
    """What every message about an application says of it."""
    return {"name": application.call.title, "ref": application.ref or "", "title": application.title}


def day_words(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def tell_enterprise(
    session: Session,
    application: Application,
    kind: str,
    *,
    key: str,
    facts: Mapping[str, str],
    now: datetime,
    is_new: bool = False,
) -> None:
    """Tell every member of the applicant once per ``key``; the message leads to the application's status page.
    ``is_new`` as in ``notify``."""
    notify(
        session,
        event_key=f"{kind}:{key}",
        kind=kind,
        recipients=members_to_tell(session, application.organisation_id),
        facts={**common_facts(application), **facts},
        path=f"/apply/{application.id}/",
        now=now,
        is_new=is_new,
    )
