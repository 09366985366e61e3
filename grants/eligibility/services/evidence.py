"""Evidence that the system has itself: earlier texts, facts of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.models import Application, Revision
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.documents import ScanState, StoredFile
from grants.kernel.clock import local_date
from grants.programmes.domain import Definition, shingle_similarity
from grants.programmes.models import DefinitionVersion

EARLIER_LIMIT = 200  # the latest earlier applications of the programme that texts are compared with
SIMILAR_FROM = Decimal("0.3")  # less than this is the common language of applications
SIMILAR_LIMIT = 20

FileFacts = tuple[int | None, bool | None]  # pages, whether it is sound
MISSING: FileFacts = (None, False)
EarlierText = tuple[str, str]  # reference of the application, its text


def files_evidence(session: Session, documents: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Any]:
    """Facts of the files of a frozen manifest: what was proved by opening them, and what their scan found.

    A file of the manifest that is not among the stored ones, or in which something was found, is not sound; of one that
    has not been scanned yet nobody knows. Nobody looks for seals yet: null.
    """
    wanted = {str(document["sha256"]) for document in documents}
    query = select(StoredFile.sha256, StoredFile.pages, StoredFile.scan_state).where(StoredFile.sha256.in_(wanted))
    known: dict[str, FileFacts] = {}
    for sha256, pages, state in session.execute(query) if wanted else ():
        former = known.get(sha256, (pages, None))
        known[sha256] = pages, _sounder(former[1], state)
    return files_found(documents, known, now=now)


def _sounder(former: bool | None, state: ScanState) -> bool | None:
    """What is known of the same content, kept several times: one finding is enough, and so is one clean scan."""
    if former is False or state is ScanState.INFECTED:
        return False
    return True if state is ScanState.CLEAN else former


def files_found(
    documents: Sequence[Mapping[str, Any]], known: Mapping[str, FileFacts], *, now: datetime
) -> dict[str, Any]:
    """The evidence ``files`` from a manifest and what is known of the stored files by fingerprint."""
    rows = [
        {
            "document": document["key"],
            "row": document.get("row"),
            "pages": known.get(document["sha256"], MISSING)[0],
            "sound": known.get(document["sha256"], MISSING)[1],
            "sealed": None,
        }
        for document in documents
    ]
    return {"source": "本系统附件检验", "asof": local_date(now).isoformat(), "rows": rows}


def compared_fields(definition: Definition) -> tuple[str, ...]:
    """The fields whose texts the definition compares with earlier applications."""
    fields: dict[str, None] = {}
    for rule in definition.rules:
        if rule.check is not None and rule.check.name == "near_duplicate":
            named = rule.check.parameters["fields"]
            fields.update(dict.fromkeys(named if isinstance(named, tuple) else (str(named),)))
    return tuple(fields)


def list_earlier_contents(session: Session, application: Application) -> Sequence[tuple[str, str]]:
    """Reference and frozen content of the latest applications of the programme submitted before this one."""
    programme_id = application.call.definition.programme_id
    query = (
        select(Application.ref, Revision.content)
        .join(Revision, (Revision.application_id == Application.id) & (Revision.number == Application.revision_no))
        .join(Call, Call.id == Application.call_id)
        .join(DefinitionVersion, DefinitionVersion.id == Call.definition_id)
        .where(DefinitionVersion.programme_id == programme_id)
        .where(Application.id != application.id, Application.submitted_at < application.submitted_at)
        .where(Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.id.desc())
        .limit(EARLIER_LIMIT)
    )
    return [(ref or "", content) for ref, content in session.execute(query)]


def text_of(content: Mapping[str, Any], fields: Iterable[str]) -> str:
    """The compared fields of a content, one after the other."""
    answers = content.get("answers", {})
    return "\n".join(str(answers.get(field) or "") for field in fields)


def earlier_texts_evidence(text: str, earlier: Iterable[EarlierText], *, now: datetime) -> dict[str, Any]:
    """The earlier applications whose texts are most like ``text``, the most alike first. Pure, and the costly part."""
    alike = sorted(
        ((shingle_similarity(text, other), ref) for ref, other in earlier), key=lambda pair: (-pair[0], pair[1])
    )
    rows = [
        {"application": ref, "similarity": f"{similarity:f}", "declared_continuation": None}
        for similarity, ref in alike[:SIMILAR_LIMIT]
        if similarity >= SIMILAR_FROM
    ]
    return {"source": "本系统历史申报文本比对", "asof": local_date(now).isoformat(), "rows": rows}
