"""What a decision, an opinion or a run can be refused for."""

from __future__ import annotations

from grants.kernel.errors import DomainError, InvalidError


class StaleEvidenceError(DomainError):
    """What a run read has changed before it could be stored: read and judge again."""

    code = "evidence_changed"


class UnfinishedCheckError(DomainError):
    """The check of a revision could not be finished; an officer may start it again."""

    code = "check_unfinished"


class DecisionIncompleteError(InvalidError):
    """A decision lacks its reason, its items or the rule it rests on; the code says which."""


class ReconsiderationIncompleteError(InvalidError):
    """A request to look at a rejection again, or its answer, says nothing or too much; the code says which."""


class FindingChangedError(DomainError):
    """The finding that an officer has read is no longer the one in force: read it again."""

    code = "finding_changed"


class OverruleIncompleteError(InvalidError):
    """An overrule lacks its reason or clause, or says nothing against the finding; the code says which."""
