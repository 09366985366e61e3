"""What the rules will say, as far as they need nothing from outside: told before the submission."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from grants.applications.domain.drafts import Draft
from grants.programmes.domain import (
    Case,
    Definition,
    FieldKind,
    Finding,
    FindingVerdict,
    Outlook,
    RuleStage,
    evaluate,
    look_ahead,
)

NOBODY, EPOCH = UUID(int=0), datetime.fromtimestamp(0, UTC)
NOT_YET = "not_yet"


def undertakings_asked(draft: Draft) -> tuple[str, ...]:
    """Paths of the undertakings that are asked for with this application."""
    return tuple(
        path
        for path in draft.definition.section_of
        if draft.definition.field(path).kind is FieldKind.UNDERTAKING and (path, "") in draft.shown
    )


def advance_findings(draft: Draft) -> tuple[Finding, ...]:
    """The findings of the rules that read no evidence, as they will be once the undertakings are ticked.

    The same ``evaluate`` as after the submission; what only a later instant can tell is left out.
    """
    return _advance_findings(draft.definition, _ticked(draft).case)


def advance_outlooks(draft: Draft) -> tuple[Outlook, ...]:
    """``advance_findings``, and of each that says no whether it stands or only tells of what is still empty."""
    case = _ticked(draft).case
    found = _advance_findings(draft.definition, case)
    against = [finding for finding in found if finding.verdict is FindingVerdict.FAIL]
    known = {one.finding.rule: one for one in look_ahead(draft.definition, case, against)}
    return tuple(known.get(finding.rule, Outlook(finding)) for finding in found)


def _advance_findings(definition: Definition, case: Case) -> tuple[Finding, ...]:
    own = {rule.key for rule in definition.rules if not rule.evidence and rule.at is RuleStage.SUBMIT}
    found = evaluate(definition, case, stages={RuleStage.SUBMIT})
    return tuple(finding for finding in found if finding.rule in own and finding.cause != NOT_YET)


def _ticked(draft: Draft) -> Draft:
    return draft.with_values({(path, ""): True for path in undertakings_asked(draft)}, by=NOBODY, at=EPOCH)
