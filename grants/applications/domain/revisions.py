"""What a submission freezes, and what later stages read of it. docs/canonical-json.md specifies the bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grants.applications.domain.drafts import Draft
from grants.kernel.canonical import canonical_json
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import Case, CaseView, Definition, Field, FieldKind, funding_amount

FORMAT = "1"
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A statement that a person accepted, in full, and when."""

    key: str
    statement: str
    person: UUID | None
    name: str
    at: datetime


def revision_content(
    draft: Draft,
    *,
    application_id: UUID,
    number: int,
    first_submitted_at: datetime,
    submitted_at: datetime,
    undertakings: tuple[Undertaking, ...],
) -> dict[str, Any]:
    """Everything a revision holds. ``submitted_at`` is this revision's, ``first_submitted_at`` the first's."""
    definition = draft.definition
    return {
        "format": FORMAT,
        "application": str(application_id),
        "revision": number,
        "definition": {
            "code": definition.code,
            "version": definition.version,
            "fingerprint": definition.fingerprint,
        },
        "call": {"ref": draft.call["ref"], "effective_close": draft.call["effective_close"]},
        "submitted_at": instant_text(first_submitted_at),
        "revision_at": instant_text(submitted_at),
        **draft.content,
        "undertakings": [
            {
                "key": undertaking.key,
                "statement": undertaking.statement,
                "person": str(undertaking.person) if undertaking.person else None,
                "name": undertaking.name,
                "at": instant_text(undertaking.at),
            }
            for undertaking in undertakings
        ],
    }


def instant_text(instant: datetime) -> str:
    """An instant as a revision writes it, in Shanghai: the same instant is always the same text."""
    return instant.astimezone(SHANGHAI).isoformat()


def canonical_text(content: Mapping[str, Any]) -> str:
    """The canonical JSON of a revision as text; its UTF-8 bytes are what the fingerprint is of."""
    return canonical_json(content).decode()


def case_content_of(text: str) -> dict[str, Any]:
    """``org``, ``answers`` and ``documents`` of a frozen revision, the manifest's numbers as numbers again."""
    content = json.loads(text)
    documents = [{**document, **_numbers(document)} for document in content["documents"]]
    return {"org": content["org"], "answers": content["answers"], "documents": documents}


def title_of(draft: Draft) -> str:
    """The title of a draft, empty while unnamed."""
    return title_in(draft.definition, draft.case)


def title_in(definition: Definition, case: Case) -> str:
    """The product's or project's name with its version, as the definition's publication says."""
    names = CaseView(definition, case)
    publication = definition.publication
    parts = [publication.project_name.evaluate(names)]
    if publication.version is not None:
        parts.append(publication.version.evaluate(names))
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())[:TITLE_LENGTH]


def renames(definition: Definition, paths: Set[str]) -> bool:
    """Whether the title may be another once these answers have changed.

    Where it rests on a name that is computed, or asked for only at times, any answer may change it.
    """
    publication = definition.publication
    names = publication.project_name.names | (publication.version.names if publication.version else frozenset())
    for name in names:
        field = definition.fields_by_path.get(name)
        if field is None or field.kind is FieldKind.COMPUTED or _is_conditional(definition, field):
            return True
    return not names.isdisjoint(paths)


def _is_conditional(definition: Definition, field: Field) -> bool:
    section = definition.section_of.get(field.path)
    return section is None or field.shown_if is not None or section.shown_if is not None


def requested_fen_of(draft: Draft) -> int:
    """The amount asked for in fen, 0 while there is none."""
    return max(0, funding_amount(draft.definition, draft.case).requested_fen or 0)


def receipt_ref(call_ref: str, number: int) -> str:
    """``SBC-2027-01-0012``: the call's reference and the receipt number."""
    return f"{call_ref}-{number:04d}"


def _numbers(document: Mapping[str, Any]) -> dict[str, int | None]:
    return {key: None if document[key] is None else int(document[key]) for key in ("pages", "size")}
