"""Comparing the texts of an application with earlier ones: read what is worth comparing, then compare it exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.eligibility.models import StockPhrases
from grants.eligibility.queries.similarity import Alike, Band, OtherText, find_alike, find_stock
from grants.kernel.clock import local_date
from grants.programmes.domain import Definition
from grants.programmes.domain.similarity import (
    Overlap,
    bare,
    bare_text,
    compared_fields,
    continuing_fields,
    form_shingles,
    overlap,
    shingles,
)

SIMILAR_FROM = Decimal("0.3")  # less than this is the common language of applications
SIMILAR_LIMIT = 20  # rows of evidence
SOURCE = "本系统历史申报文本比对"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A bare text, what is not counted of it, its bands, and the other texts worth comparing.

    ``declared`` are the numbers of those that the applicant names as what this one continues; ``stock_id`` says which
    stock phrases are among what is left out.
    """

    text: str
    left_out: frozenset[str]
    stock_id: int | None
    bands: tuple[Band, ...]
    others: Alike
    declared: frozenset[str]


def read_comparison(
    session: Session, application: Application, definition: Definition, content: Mapping[str, Any]
) -> Comparison:
    """The text of a content and the texts of others that have bands in common with it."""
    text = compared_text(definition, content)
    stock = find_stock(session, application.call.definition.programme_id)
    left_out = left_out_of(definition, stock)
    bands = sketch(text, left_out)
    others = find_alike(session, bands, to=application)
    own = [found for found in others.earlier if found.organisation_id == application.organisation_id]
    return Comparison(
        text=text,
        left_out=left_out,
        stock_id=None if stock is None else stock.id,
        bands=bands,
        others=others,
        declared=declared_continuations(own, definition, content),
    )


def earlier_texts_evidence(comparison: Comparison, *, now: datetime) -> dict[str, Any]:
    """The earlier applications whose texts are most like the text, the most alike first. Pure, and the costly part.

    A row has the working as well: the shingles shared, those of the text with fewer, the revision compared with and the
    stock phrases left out.
    """
    alike = sorted(
        _scored(comparison, comparison.others.earlier), key=lambda pair: (-pair[0].share, pair[1].application)
    )
    rows = [
        {
            "application": other.application,
            "similarity": f"{shared.share:f}",
            "declared_continuation": other.application in comparison.declared,
            "revision": str(other.revision_id),
            "shared": shared.shared,
            "smaller": shared.smaller,
            "stock": comparison.stock_id,
        }
        for shared, other in alike[:SIMILAR_LIMIT]
    ]
    return {"source": SOURCE, "asof": local_date(now).isoformat(), "rows": rows}


def later_alike(comparison: Comparison) -> tuple[UUID, ...]:
    """Revisions submitted later and checked earlier that are much like the text: when they were checked it could not
    be found yet, so they are to be checked again. Pure."""
    return tuple(other.revision_id for _, other in _scored(comparison, comparison.others.later))


def _scored(comparison: Comparison, others: Sequence[OtherText]) -> list[tuple[Overlap, OtherText]]:
    own = shingles(comparison.text, comparison.left_out)
    scored = [(overlap(own, shingles(other.text, comparison.left_out)), other) for other in others]
    return [(shared, other) for shared, other in scored if shared.share >= SIMILAR_FROM]


def compared_text(definition: Definition, content: Mapping[str, Any]) -> str:
    """The bare text of the fields that the definition compares."""
    answers = content.get("answers", {})
    return bare_text(str(answers.get(field) or "") for field in compared_fields(definition))


def left_out_of(definition: Definition, stock: StockPhrases | None) -> frozenset[str]:
    """The shingles that do not count: the form's own, and the programme's stock phrases."""
    phrases = stock.shingles.split("\n") if stock is not None and stock.shingles else ()
    return form_shingles(definition).union(phrases)


def sketch(text: str, left_out: Set[str]) -> tuple[Band, ...]:
    """The bands of a bare text; the module that makes them is loaded when the first text is sketched."""
    module = import_module("grants.eligibility.services.similarity.sketching")
    bands: tuple[Band, ...] = module.bands_of(text, left_out)
    return bands


def declared_continuations(
    own: Sequence[OtherText], definition: Definition, content: Mapping[str, Any]
) -> frozenset[str]:
    """The applications of the same organisation that the applicant names: by number, or, in a field that the check's
    ``continues`` names, by exactly their title.

    That a draft was begun from an earlier application declares nothing: whoever submits a supported project once more
    would begin like that.
    """
    fields = continuing_fields(definition)
    cells = [bare(cell) for field in fields for cell in _cells(content.get("answers", {}).get(field))]
    return frozenset(
        found.application
        for found in own
        if any(_names(cell, bare(found.application)) for cell in cells) or bare(found.title) in cells
    )


def _cells(answer: object) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, Mapping):
        return [cell for value in answer.values() for cell in _cells(value)]
    if isinstance(answer, list | tuple):
        return [cell for value in answer for cell in _cells(value)]
    return []


def _names(said: str, number: str) -> bool:
    """Whether a bare text names an application's number, and not a longer one that begins alike."""
    place = said.find(number) if number else -1
    while place >= 0:
        if not said[place + len(number) : place + len(number) + 1].isdigit():
            return True
        place = said.find(number, place + 1)
    return False
