"""The blueprint, and what every page of it begins with."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.orm import Session

from grants.calls.models import Call
from grants.calls.queries import get_call
from grants.db import db
from grants.decisions import policies, queries
from grants.decisions.models import Proposal
from grants.kernel.actor import Role
from grants.kernel.errors import IllegalTransitionError, NotFoundError
from grants.web.guards import current_actor

bp = Blueprint("decisions", __name__)
READERS = (Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_call(ref: str) -> Call:
    """The call, where the actor may read its ranking; NotFoundError otherwise."""
    return get_call(db.session(), ref, visible=policies.visible_to(current_actor()))


def current_version(session: Session, call: Call) -> Proposal:
    """The version in force; NotFoundError before the first."""
    proposal = queries.find_current_proposal(session, call)
    if proposal is None:
        raise NotFoundError(call=call.ref)
    return proposal


def require_seen(proposal: Proposal, sha256: str | None) -> None:
    """Raise IllegalTransitionError where the version is not the one on the page that was sent."""
    if sha256 != proposal.sha256:
        raise IllegalTransitionError(sha256=sha256)
