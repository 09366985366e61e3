"""Evidence of what other applications hold that this one claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.orm import Session, aliased

from grants.applications.models import Application, Claim
from grants.calls.models import Call
from grants.kernel.clock import local_date

SHOWN = 50  # of the claims that come before; one is enough to fail


def claims_evidence(session: Session, application: Application, *, now: datetime) -> dict[str, Any]:
    """Claims of other applications that come before this one's on the same things, released ones left out (decision 2).

    ``holds`` is true of every row: which claim comes first is the order in which they were made, and no rule has to
    work it out.
    """
    rows = [
        {
            "kind": kind,
            "key": key,
            "written_as": written_as,
            "application": ref,
            "receipt_no": receipt_no,
            "call_ref": call_ref,
            "year": year,
            "claimed_at": claimed_at.isoformat(),
            "holds": True,
        }
        for kind, key, written_as, claimed_at, ref, receipt_no, call_ref, year in session.execute(
            _BEFORE, {"application_id": application.id}
        )
    ]
    return claims_found(rows, now=now)


def claims_found(rows: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[str, Any]:
    """The evidence ``claims`` from the rows of other applications."""
    return {"source": "本系统申报占用记录", "asof": local_date(now).isoformat(), "rows": list(rows)}


def _before() -> Executable:
    """Claims that stand and come before those of ``:application_id``; built once, for every check runs it twice."""
    mine, other = aliased(Claim), aliased(Claim)
    return (
        select(
            other.kind,
            other.key,
            other.written_as,
            other.claimed_at,
            Application.ref,
            Application.receipt_no,
            Call.ref,
            Call.year,
        )
        .select_from(mine)
        .join(other, (other.kind == mine.kind) & (other.scope == mine.scope) & (other.key == mine.key))
        .join(Application, Application.id == other.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(mine.application_id == bindparam("application_id"), mine.released_at.is_(None))
        .where(other.place < mine.place, other.released_at.is_(None))
        .order_by(other.place, other.kind, other.key, Application.ref)
        .limit(SHOWN)
    )


_BEFORE = _before()
