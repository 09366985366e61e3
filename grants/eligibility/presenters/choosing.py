"""What an officer can choose from: verdicts, clauses, grounds."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from grants.applications.models import Application
from grants.eligibility.domain import Standing
from grants.eligibility.presenters.wording import PERSON_VERDICTS
from grants.programmes.queries import definition_of


def verdict_choices(finding: Any) -> list[tuple[str, str]]:
    """What can be said against a finding: every verdict but its own."""
    return [(str(key), str(words)) for key, words in PERSON_VERDICTS.items() if key != finding.verdict]


def clauses_of(application: Application) -> list[str]:
    """Every clause that the programme's rules cite, in the order of the rules."""
    definition = definition_of(application.call.definition)
    return list(dict.fromkeys(definition.clause_text(rule) for rule in definition.rules))


def ground_choices(standing: Standing) -> list[tuple[str, str]]:
    """The rules on which a rejection may rest: key, and title, clause and what was found."""
    grounds = set(standing.grounds)
    return [(finding.rule, _ground_words(finding)) for finding in standing.held if finding.rule in grounds]


def _ground_words(finding: Any) -> str:
    return _(
        "%(rule)s %(title)s：%(message)s 依据：%(clause)s",
        rule=finding.rule,
        title=finding.title,
        message=finding.message,
        clause=finding.clause,
    )
