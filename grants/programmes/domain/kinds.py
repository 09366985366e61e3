"""The closed vocabularies of a programme definition: field kinds, stages, severities, verdicts."""

from __future__ import annotations

from enum import StrEnum

from grants.kernel.rules import Kind


class FieldKind(StrEnum):
    """What a field holds; decides its control on screen, its stored JSON and its kind in the rule language."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    USCC = "uscc"
    CODE = "code"
    PHONE = "phone"
    EMAIL = "email"
    DISTRICT = "district"
    TABLE = "table"
    COMPUTED = "computed"
    UNDERTAKING = "undertaking"


class ParameterKind(StrEnum):
    """What a call may set: money in yuan, whole numbers, basis points, days of the calendar."""

    MONEY = "money"
    INTEGER = "integer"
    BASIS_POINTS = "basis_points"
    DATE = "date"


class Phase(StrEnum):
    """From which stage on a field is asked for."""

    APPLICATION = "application"
    VERIFIED_INVESTMENT = "verified_investment"
    AGREEMENT = "agreement"


class RuleStage(StrEnum):
    """When a rule falls due."""

    SUBMIT = "submit"
    DISTRICT = "district"
    CITY = "city"
    PAYMENT = "payment"


class Severity(StrEnum):
    """What a failed rule leads to."""

    REJECT = "reject"
    RETURN = "return"
    MANUAL = "manual"
    WARN = "warn"
    BLOCK = "block"


class FindingVerdict(StrEnum):
    """What a rule says of one case; ``UNKNOWN`` is never counted as ``FAIL``."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class TieKind(StrEnum):
    """By what equal scores are put in order."""

    CRITERION = "criterion"
    CONDITION = "condition"
    RECEIPT_NO = "receipt_no"


class StageKey(StrEnum):
    """The steps a programme may have, in the order of the process."""

    FILLING = "filling"
    AUTOMATIC_CHECK = "automatic_check"
    DISTRICT_REVIEW = "district_review"
    FORMAL_CHECK = "formal_check"
    CORRECTION = "correction"
    RECONSIDERATION = "reconsideration"
    CREDIT_CHECK = "credit_check"
    PANEL_DRAW = "panel_draw"
    SCORING = "scoring"
    DEFENCE = "defence"
    VERIFIED_INVESTMENT = "verified_investment"
    DECISION = "decision"
    NOTICE = "notice"
    OBJECTIONS = "objections"
    ANNOUNCEMENT = "announcement"
    AGREEMENT = "agreement"
    PAYMENT = "payment"
    MIDTERM = "midterm"
    ACCEPTANCE = "acceptance"
    FINAL_PAYMENT = "final_payment"
    PERFORMANCE = "performance"


NUMBER_KINDS = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY, FieldKind.PERCENT})
YES_NO_KINDS = frozenset({FieldKind.YES_NO, FieldKind.UNDERTAKING})
LIST_KINDS = frozenset({FieldKind.CHOICES, FieldKind.LIST})


def rule_kind(kind: FieldKind) -> Kind:
    """Kind of a field's value in the rule language; a computed field is as its expression says, not as this table."""
    if kind in NUMBER_KINDS:
        return Kind.NUMBER
    if kind in YES_NO_KINDS:
        return Kind.YES_NO
    if kind in LIST_KINDS:
        return Kind.LIST
    return {FieldKind.DATE: Kind.DATE, FieldKind.TABLE: Kind.TABLE}.get(kind, Kind.TEXT)
