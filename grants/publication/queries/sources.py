"""From a call, its definition and an approved proposal to the values that are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from grants.applications.models import Application, Revision
from grants.applications.queries import case_json
from grants.calls.models import Call
from grants.decisions.models import Proposal
from grants.programmes.domain import Definition, PublicColumn, StageKey, case_from_json
from grants.programmes.queries import definition_of
from grants.publication.domain import Column, PublicItem, Round, in_public_order, public_item


def round_of(call: Call) -> Round:
    """What a call and its definition contribute. The unit is the first line of the call's contact."""
    definition = definition_of(call.definition)
    publication = definition.publication
    contact = tuple(line.strip() for line in call.contact.splitlines() if line.strip())
    provider = publication.dataset.get("provider", "")
    return Round(
        programme_code=definition.code,
        programme=definition.title,
        call_ref=call.ref,
        year=call.year,
        unit=contact[0] if contact else provider,
        contact=contact or (provider,),
        basis=(_guide(definition),),
        with_district=_has_district(definition),
        notice_columns=_columns(publication.notice),
        award_columns=_columns(publication.awards),
        open_columns=_columns(publication.open_data),
        dataset=dict(publication.dataset),
    )


def public_items(session: Session, call: Call, proposal: Proposal) -> tuple[PublicItem, ...]:
    """The funded lines of a proposal as the public will read them, in public order; one query."""
    definition = definition_of(call.definition)
    amounts = {line.application_id: line.proposed_fen for line in proposal.lines if line.proposed_fen}
    query = (
        select(Revision)
        .join(Revision.application)
        .where(Application.id.in_(list(amounts)), Revision.number == Application.revision_no)
        .options(contains_eager(Revision.application).joinedload(Application.call))
    )
    return in_public_order(
        [
            public_item(
                definition,
                case_from_json(definition, case_json(revision)),
                project_no=revision.application.ref or "",
                district_code=revision.application.district_code or "",
                amount_fen=amounts[revision.application_id],
            )
            for revision in session.scalars(query)
        ]
    )


def applications_of(session: Session, items: Sequence[PublicItem]) -> Sequence[Application]:
    """The applications behind these items, by number."""
    refs = [item.project_no for item in items]
    query = select(Application).where(Application.ref.in_(refs))
    return session.scalars(query.order_by(Application.ref)).all()


def count_applications(session: Session, call: Call) -> int:
    """How many applications the call received (submitted at least once)."""
    query = select(func.count()).where(Application.call_id == call.id, Application.submitted_at.is_not(None))
    return session.scalar(query) or 0


def _guide(definition: Definition) -> str:
    """The title of what most rules of the definition rest on: its guide."""
    cited = Counter(rule.clause[0] for rule in definition.rules)
    most = max(definition.basis, key=lambda basis: cited[basis.id])
    return most.title


def _has_district(definition: Definition) -> bool:
    return any(stage.key == StageKey.DISTRICT_REVIEW and stage.enabled for stage in definition.stages)


def _columns(columns: Sequence[PublicColumn]) -> tuple[Column, ...]:
    return tuple(Column(column.key, column.label) for column in columns)
