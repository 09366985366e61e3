"""What a definition says about the comparison of texts: which fields, and which words are the form's own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from grants.programmes.domain.model import CheckCall, Definition, Field
from grants.programmes.domain.similarity.shingles import bare_text, shingles

NEAR_DUPLICATE = "near_duplicate"


def compared_fields(definition: Definition) -> tuple[str, ...]:
    """The fields whose texts the definition compares with earlier applications."""
    return _named(definition, "fields")


def continuing_fields(definition: Definition) -> tuple[str, ...]:
    """The fields in which an applicant names the application that this one continues; the compared ones count as
    well."""
    return tuple(dict.fromkeys((*_named(definition, "continues"), *compared_fields(definition))))


def compared_threshold(definition: Definition) -> Decimal | None:
    """The share from which the strictest of the definition's checks fails; None where nothing is compared."""
    named = (check.parameters["threshold"] for check in _checks(definition))
    return min((share for share in named if isinstance(share, Decimal)), default=None)


def _named(definition: Definition, parameter: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for check in _checks(definition):
        named = check.parameters.get(parameter, ())
        found.update(dict.fromkeys(named if isinstance(named, tuple) else (str(named),)))
    return tuple(found)


def _checks(definition: Definition) -> Iterator[CheckCall]:
    for rule in definition.rules:
        if rule.check is not None and rule.check.name == NEAR_DUPLICATE:
            yield rule.check


def form_shingles(definition: Definition) -> frozenset[str]:
    """The shingles of the form itself: titles, labels, help, guidance, examples, choices, statements. Nobody copies
    these from another applicant."""
    return shingles(bare_text(_form_texts(definition)))


def _form_texts(definition: Definition) -> Iterator[str]:
    yield from (definition.title, definition.summary)
    for section in definition.sections:
        yield from (section.title, section.help)
        for field in section.fields:
            yield from _field_texts(field)
    for slot in definition.documents:
        yield from (slot.label, slot.help)


def _field_texts(field: Field) -> Iterator[str]:
    yield from (field.label, field.help, field.guidance, field.example, field.statement)
    yield from field.choice_labels.values()
    yield from field.choices
    for column in field.columns:
        yield from _field_texts(column)
