"""What a written notice says of a decision, as facts: the words around them are the typesetter's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grants.eligibility.domain.corrections import correction_items
from grants.eligibility.domain.judging import needs_correction
from grants.programmes.domain import Definition

Place = tuple[str, str, str]


def clauses_by_place(
    definition: Definition, findings: Sequence[Any], documents: Iterable[tuple[str, str | None]]
) -> dict[Place, list[str]]:
    """The clauses on which each place (path, row, document) is to be put right, in the order of the rules.

    ``documents``: the slots that were asked for, each resting on the check of the documents where that failed.
    """
    clause_of = {finding.rule: finding.clause for finding in findings if needs_correction(finding)}
    return {
        (item.path or "", item.row or "", item.document or ""): list(
            dict.fromkeys(clause_of[rule] for rule in item.rules if rule in clause_of)
        )
        for item in correction_items(definition, findings, documents)
    }


def ground_of(finding: Any) -> dict[str, Any]:
    """The rule that a rejection rests on, what it says of this case, and the records it was read from."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "message": finding.message,
        "clause": finding.clause,
        "evidence": [_source(used) for used in finding.evidence if used.get("source")],
    }


def _source(used: Mapping[str, Any]) -> dict[str, str]:
    return {"source": str(used["source"]), "asof": str(used.get("asof") or "")}
