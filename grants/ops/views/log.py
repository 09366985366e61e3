"""The audit log for those who audit."""

from __future__ import annotations

import json

from flask import render_template, request
from flask.typing import ResponseReturnValue

from grants import audit
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.ops import presenters, queries
from grants.ops.views.blueprint import bp
from grants.web.guards import current_actor, requires

MAX_TYPED = 80


@bp.route("/staff/audit")
@requires(Role.AUDITOR, Role.ADMINISTRATOR)
@transactional
def audit_log() -> ResponseReturnValue:
    """The log with its filters, and where its chain of seals stands."""
    session, args = db.session(), request.args
    chosen = queries.AuditFilter(
        *(args.get(name, "").strip()[:MAX_TYPED] for name in ("subject_kind", "subject_key", "kind"))
    )
    page = queries.list_audit(session, chosen, after=args.get("after"), before=args.get("before"))
    seq, digest = audit.head(session)
    return render_template(
        "ops/audit_log.html",
        page=page,
        chosen=chosen,
        kept={key: value for key, value in _parts(chosen).items() if value},
        names=queries.names_of(session, page.items),
        details={entry.id: json.loads(entry.detail) for entry in page.items},
        subjects=presenters.SUBJECTS,
        shows_names=current_actor().has(Role.ADMINISTRATOR),
        head=(seq, digest),
        unsealed=queries.count_unsealed(session),
    )


@bp.route("/staff/audit/verify")
@requires(Role.AUDITOR, Role.ADMINISTRATOR)
@transactional
def audit_verify() -> ResponseReturnValue:
    """Recompute the whole log and say what was found; reads only."""
    return render_template("ops/audit_verify.html", report=audit.verify(db.session()))


def _parts(chosen: queries.AuditFilter) -> dict[str, str]:
    return {"subject_kind": chosen.subject_kind, "subject_key": chosen.subject_key, "kind": chosen.kind}
