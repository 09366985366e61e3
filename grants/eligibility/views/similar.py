"""The texts of a case beside those of an earlier application, with what both have marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from grants.applications.models import Revision
from grants.applications.queries import case_content, get_by_ref
from grants.db import db, transactional
from grants.eligibility import policies
from grants.eligibility.queries.similarity import ComparedPair, get_compared
from grants.eligibility.services.similarity import left_out_of
from grants.eligibility.views.blueprint import bp
from grants.programmes.domain import Definition
from grants.programmes.domain.similarity import Piece, compared_fields, compared_threshold, mark_passages
from grants.programmes.queries import definition_of
from grants.web.guards import current_actor, requires


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of one side, in pieces."""

    label: str
    pieces: Sequence[Piece]


@bp.route("/staff/cases/<ref>/similar/<other>")
@requires(*policies.COMPARING)
@transactional
def similar(ref: str, other: str) -> ResponseReturnValue:
    """Both texts, the passages they share, and how the figure came about."""
    session, actor = db.session(), current_actor()
    application = get_by_ref(session, ref, actor)
    policies.may_compare(actor, application).require()
    pair = get_compared(session, application, other, actor)
    definition = definition_of(application.call.definition)
    own, others = sides(pair, definition)
    numbered = {piece.number: len(piece.text) for field in own for piece in field.pieces if piece.anchor}
    return render_template(
        "eligibility/similar.html",
        application=application,
        pair=pair,
        other=pair.other.application,
        own=own,
        others=others,
        passages=len(numbered),
        longest=max(numbered.values(), default=0),
        similarity=Decimal(str(pair.row["similarity"])),
        threshold=compared_threshold(definition),
    )


def sides(pair: ComparedPair, definition: Definition) -> tuple[list[ComparedField], list[ComparedField]]:
    """The fields of both sides; each as its own definition names them."""
    its_definition = definition_of(pair.other.application.call.definition)
    own, others = texts_of(pair.own, definition), texts_of(pair.other, its_definition)
    left_out = left_out_of(definition, pair.stock)
    marked, its_marked = mark_passages(list(own.values()), list(others.values()), left_out)
    return labelled(definition, own, marked), labelled(its_definition, others, its_marked)


def texts_of(revision: Revision, definition: Definition) -> dict[str, str]:
    """The compared texts of a revision by field, those that are blank left out."""
    answers: Mapping[str, Any] = case_content(revision)["answers"]
    return {field: str(answers[field]) for field in compared_fields(definition) if answers.get(field)}


def labelled(
    definition: Definition, texts: Mapping[str, str], marked: Sequence[Sequence[Piece]]
) -> list[ComparedField]:
    """The pieces under the labels of their fields."""
    return [
        ComparedField(definition.fields_by_path[field].label, pieces)
        for field, pieces in zip(texts, marked, strict=True)
    ]
