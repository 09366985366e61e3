"""Named checks: what an expression cannot see, as pure functions of the case and the evidence it carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grants.programmes.domain.checks.claims import USE_KINDS, Claim, claims_of, not_used_elsewhere, sole_application
from grants.programmes.domain.checks.files import documents_sound
from grants.programmes.domain.checks.results import CheckResult, Parameters
from grants.programmes.domain.checks.texts import near_duplicate, words_absent
from grants.programmes.domain.model import CheckCall
from grants.programmes.domain.view import CaseView

__all__ = ["USE_KINDS", "CheckResult", "Claim", "claims_of", "run_check"]


def run_check(check: CheckCall, view: CaseView) -> CheckResult:
    """What the check says of the case."""
    return _CHECKS[check.name](check.parameters, view)


_CHECKS: Mapping[str, Callable[[Parameters, CaseView], CheckResult]] = {
    "sole_application": sole_application,
    "not_used_elsewhere": not_used_elsewhere,
    "documents_sound": documents_sound,
    "near_duplicate": near_duplicate,
    "words_absent": words_absent,
}
