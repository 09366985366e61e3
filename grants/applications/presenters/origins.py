"""Where an answer was taken from, and who wrote a value of the profile, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from grants.applications.domain import Draft, StoredAnswer
from grants.applications.domain.profiles import FROM_APPLICATION, FROM_PROFILE, REGISTRATION, Place
from grants.web.filters import local_date


def origin_words(origin: str) -> str:
    """``取自单位资料，2026年10月1日 更新``; empty for what a person typed."""
    if origin == REGISTRATION:
        return str(_("取自单位登记"))
    if origin.startswith(FROM_PROFILE):
        day = local_date(date.fromisoformat(origin.removeprefix(FROM_PROFILE)))
        return str(_("取自单位资料，%(day)s 更新", day=day))
    if origin.startswith(FROM_APPLICATION):
        return str(_("取自申报 %(ref)s", ref=origin.removeprefix(FROM_APPLICATION)))
    return ""


def origins_of(draft: Draft, places: Mapping[str, Place]) -> dict[str, str]:
    """By input name, where its answer was taken from; inputs that somebody filled in are left out."""
    found = {name: draft.answers[place].origin for name, place in places.items() if place in draft.answers}
    return {name: words for name, origin in found.items() if (words := origin_words(origin))}


def author_words(kept: StoredAnswer, names: Mapping[UUID, str]) -> str:
    """Who gave a value of the profile when: typed there, or in an application."""
    facts = {"day": local_date(kept.changed_at), "name": names.get(kept.changed_by, "")}
    if kept.origin.startswith(FROM_APPLICATION):
        ref = kept.origin.removeprefix(FROM_APPLICATION)
        return str(_("取自申报 %(ref)s，%(day)s %(name)s提交", ref=ref, **facts))
    return str(_("%(day)s %(name)s填写", **facts)) if facts["name"] else str(_("%(day)s 填写", **facts))
