"""Evidence that the system has itself: what other applications hold that this one claims, and facts of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Executable, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from grants.applications.models import Application, Claim
from grants.calls.models import Call
from grants.documents import ScanState, StoredFile
from grants.kernel.clock import local_date

OWN = frozenset({"claims", "files"})
SHOWN = 50  # of the claims that come before; one is enough to fail
FileFacts = tuple[int | None, bool | None]  # pages, whether it is sound
MISSING: FileFacts = (None, False)
APPLICATIONS: Any = Application.__table__  # statements on the tables themselves take half the time
CALLS: Any = Call.__table__
CLAIMS: Any = Claim.__table__
FILES: Any = StoredFile.__table__


def own_evidence(
    session: Session, application_id: UUID, documents: Sequence[Mapping[str, Any]], *, needed: Set[str], now: datetime
) -> dict[str, Any]:
    """Those of ``claims`` and ``files`` that are ``needed``, in one query.

    ``claims``: claims of other applications that come before this one's on the same things, released ones left out
    (decision 2). ``holds`` is true of every row: which claim comes first is the order in which they were made, and no
    rule has to work it out.

    ``files``: facts of the files of a frozen manifest: what was proved by opening them, and what their scan found. A
    file of the manifest that is not among the stored ones, or in which something was found, is not sound; of one that
    has not been scanned yet nobody knows. Nobody looks for seals yet: null.
    """
    if not needed & OWN:
        return {}
    wanted = sorted({str(document["sha256"]) for document in documents}) if "files" in needed else []
    claims, known = [], dict[str, FileFacts]()
    session.flush()
    for row in session.connection().execute(_OWN, {"application_id": application_id, "wanted": wanted}):
        if row.is_claim:
            claims.append(_claim(row))
        else:
            former = known.get(row.key, (row.number, None))
            known[row.key] = row.number, _sounder(former[1], row.kind)
    found = {"claims": claims_found(claims, now=now), "files": files_found(documents, known, now=now)}
    return {root: evidence for root, evidence in found.items() if root in needed}


def _claim(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "key": row.key,
        "written_as": row.written_as,
        "application": row.application,
        "receipt_no": row.number,
        "call_ref": row.call_ref,
        "year": row.year,
        "claimed_at": row.claimed_at.isoformat(),
        "holds": True,
    }


def _sounder(former: bool | None, state: str) -> bool | None:
    """What is known of the same content, kept several times: one finding is enough, and so is one clean scan."""
    if former is False or state == ScanState.INFECTED:
        return False
    return True if state == ScanState.CLEAN else former


def claims_found(rows: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Any]:
    """The evidence ``claims`` from the rows of other applications."""
    return {"source": "本系统申报占用记录", "asof": local_date(now).isoformat(), "rows": list(rows)}


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


def _own() -> Executable:
    """Claims that stand and come before those of ``:application_id``, first; then the stored files of ``:wanted``."""
    mine, other, files = CLAIMS.alias(), CLAIMS.alias(), FILES.c
    same = (other.c.kind == mine.c.kind) & (other.c.scope == mine.c.scope) & (other.c.key == mine.c.key)
    claims = (
        select(
            literal(True).label("is_claim"),
            other.c.place,
            other.c.kind,
            other.c.key,
            APPLICATIONS.c.ref.label("application"),
            APPLICATIONS.c.receipt_no.label("number"),
            other.c.written_as,
            other.c.claimed_at,
            CALLS.c.ref.label("call_ref"),
            CALLS.c.year,
        )
        .select_from(mine.join(other, same))
        .join(APPLICATIONS, APPLICATIONS.c.id == other.c.application_id)
        .join(CALLS, CALLS.c.id == APPLICATIONS.c.call_id)
        .where(mine.c.application_id == bindparam("application_id"), mine.c.released_at.is_(None))
        .where(other.c.place < mine.c.place, other.c.released_at.is_(None))
        .order_by(other.c.place, other.c.kind, other.c.key, APPLICATIONS.c.ref)
        .limit(SHOWN)
        .subquery()
    )
    nothing = (null() for _ in range(4))
    facts = (null(), files.scan_state, files.sha256, null(), files.pages, *nothing)
    kept = (
        select(literal(False), *facts)
        .where(files.sha256.in_(bindparam("wanted", expanding=True)))
        .group_by(files.sha256, files.scan_state, files.pages)  # thousands may have handed in the same form
    )
    whole: CompoundSelect[Any] = union_all(select(claims), kept)
    return whole.order_by(*(whole.selected_columns[name] for name in ("place", "kind", "key", "application")))


_OWN = _own()  # built once, for every check runs it twice
