"""What an organisation says about itself once, for all its applications: section A of the definitions.

A profile goes by (path, row) like the answers of a draft. A table with rows of its own keeps their order at its own
path as a list of row ids. Name and credit code are no part of it: they are the organisation's registration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grants.applications.domain.drafts import Draft, StoredAnswer
from grants.applications.domain.scope import EditScope
from grants.kernel.clock import local_date
from grants.programmes.domain import Definition, Field, FieldKind, Phase, WrongKindError, fixed_row_ids, to_case_value

ORG = "org"
REGISTERED = ("name", "uscc")
NOT_KEPT = frozenset({FieldKind.COMPUTED, FieldKind.UNDERTAKING})
REGISTRATION = "registration"
FROM_PROFILE = "profile:"
FROM_APPLICATION = "application:"

Place = tuple[str, str]
Profile = Mapping[Place, StoredAnswer]


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a new draft begins with: values by (path, row), the origin of each, and rows by table."""

    values: Mapping[Place, Any]
    origins: Mapping[Place, str]
    rows: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Newer:
    """An answer of a draft that the profile, or the registration, has better by now."""

    field: Field
    row: str
    old: StoredAnswer | None
    new: Any
    origin: str

    @property
    def place(self) -> Place:
        return self.field.path, self.row


def profile_parts(definitions: Iterable[Definition]) -> tuple[tuple[Definition, tuple[Field, ...]], ...]:
    """What the profile's page asks: the fields of every definition's section A by key, each once.

    Of a key that several definitions have, the first counts. Tables count where their rows are fixed; those with rows
    of their own are kept from applications and edited there.
    """
    taken: set[str] = set(REGISTERED)
    parts = []
    for definition in definitions:
        fields = tuple(field for field in _section(definition) if field.key not in taken and _is_asked(field))
        taken.update(field.key for field in fields)
        if fields:
            parts.append((definition, fields))
    return tuple(parts)


def prefill(definition: Definition, profile: Profile, *, registered: Mapping[str, str], call_year: int) -> Prefilled:
    """What of the profile and of the registration fits section A of a definition; the rest is left out.

    ``registered``: name and credit code by field key.
    """
    values: dict[Place, Any] = {}
    origins: dict[Place, str] = {}
    rows: dict[str, tuple[str, ...]] = {}
    for field in _section(definition):
        if field.key in registered:
            values[field.path, ""], origins[field.path, ""] = registered[field.key], REGISTRATION
            continue
        if field.kind is FieldKind.TABLE and field.fixed_rows is None:
            rows[field.path] = _own_rows(profile, field)
        for place, cell in _places(field, rows.get(field.path), call_year):
            kept = profile.get(place)
            if kept is not None and _fits(cell, kept.value):
                values[place], origins[place] = kept.value, profile_origin(kept)
    return Prefilled(values, origins, rows)


def profile_origin(kept: StoredAnswer) -> str:
    """How an answer taken from the profile says so: with the day since which it stands there."""
    return f"{FROM_PROFILE}{local_date(kept.changed_at).isoformat()}"


def newer_in_profile(
    draft: Draft, profile: Profile, *, registered: Mapping[str, str], scope: EditScope
) -> tuple[Newer, ...]:
    """What would change if section A of a draft were taken from the profile again, in the order of the form.

    Only what was changed in the profile after the draft's answer, and may be edited now; the registered name and code
    only where nobody has typed others. Rows of tables that people add to are left alone.
    """
    found = prefill(draft.definition, profile, registered=registered, call_year=int(draft.call["year"]))
    return tuple(
        Newer(draft.definition.field(place[0]), place[1], draft.answers.get(place), value, found.origins[place])
        for place, value in found.values.items()
        if _own_table(place) not in found.rows
        and value != draft.value(*place)
        and scope.opens(*place)
        and _is_newer(draft.answers.get(place), profile.get(place))
    )


def kept_in_profile(draft: Draft, profile: Profile) -> dict[Place, Any]:
    """What a submitted draft adds to the profile: what was given in section A and is not known so already.

    Empty answers take nothing away, and what was changed in the profile after the draft's answer stays.
    """
    kept: dict[Place, Any] = {}
    for field in _section(draft.definition):
        if field.key in REGISTERED:
            continue
        own = draft.row_ids(field) if field.kind is FieldKind.TABLE and field.fixed_rows is None else None
        if own is not None and list(own) != _value(profile, (field.path, "")):
            kept[field.path, ""] = list(own)
        for place, _ in _places(field, own, int(draft.call["year"])):
            answer, former = draft.answers.get(place), profile.get(place)
            if answer is not None and _adds(answer, former):
                kept[place] = answer.value
    return kept


def _section(definition: Definition) -> Sequence[Field]:
    return [
        field
        for section in definition.sections
        if section.key == ORG
        for field in section.fields
        if field.kind not in NOT_KEPT
    ]


def _is_asked(field: Field) -> bool:
    in_place = field.kind is not FieldKind.TABLE or field.fixed_rows is not None
    return field.phase is Phase.APPLICATION and in_place


def _places(field: Field, own_rows: Sequence[str] | None, call_year: int) -> list[tuple[Place, Field]]:
    """Every answer of a field: itself, or the cells of its rows; a fixed row's name is no answer."""
    if field.kind is not FieldKind.TABLE:
        return [((field.path, ""), field)]
    named = field.fixed_rows.column if field.fixed_rows is not None else None
    rows = fixed_row_ids(field, call_year) if named is not None else own_rows or ()
    return [((column.path, row), column) for row in rows for column in field.columns if column.key != named]


def _own_rows(profile: Profile, table: Field) -> tuple[str, ...]:
    kept = _value(profile, (table.path, ""))
    return tuple(str(row) for row in kept) if isinstance(kept, list) else ()


def _own_table(place: Place) -> str:
    return place[0].rpartition(".")[0] if place[1] else ""


def _value(profile: Profile, place: Place) -> Any:
    found = profile.get(place)
    return None if found is None else found.value


def _adds(answer: StoredAnswer, former: StoredAnswer | None) -> bool:
    if answer.value is None:
        return False
    return former is None or (former.value != answer.value and former.changed_at < answer.changed_at)


def _is_newer(answer: StoredAnswer | None, kept: StoredAnswer | None) -> bool:
    """Whether the profile's word came after the draft's; the registration's holds until somebody types another."""
    if answer is None:
        return True
    return answer.origin == REGISTRATION if kept is None else kept.changed_at > answer.changed_at


def _fits(field: Field, value: Any) -> bool:
    if value is None or field.kind is FieldKind.TABLE:
        return False
    try:
        to_case_value(field, value)
    except (WrongKindError, ValueError, TypeError):
        return False
    return True
