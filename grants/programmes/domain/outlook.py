"""Which findings stand while an application is still being thought about, and what the others wait for.

``evaluate`` takes what is empty for what it is: an answer that was not given is missing, a table without rows has none.
That is right of what was submitted. While a form is being filled in, or only a part of it is asked, a finding that
hangs on an empty place says nothing yet, neither for nor against. So each finding is looked at once more with all that
is not told yet unknown for that very reason: where it is decided all the same it stands, whatever is still to come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from grants.kernel.rules import Cause, EvaluationLimitError, Expression, Row, Table, Unknown, Value
from grants.programmes.domain.case import Case, Finding
from grants.programmes.domain.evaluate import result_of
from grants.programmes.domain.kinds import FieldKind, FindingVerdict, Phase
from grants.programmes.domain.model import Definition, Field, NamedComputation, Rule
from grants.programmes.domain.view import CaseView, least_rows

UNTOLD = Unknown(
    Cause.NOT_YET
)  # ``is_missing`` and ``coalesce`` leave this one alone: whether it will come is not known
ROW_TO_COME = ""


class Awaited(StrEnum):
    """What a finding waits for that does not stand yet: the first of these that it needs."""

    LATER = "later"  # a later stage, the instant of submission
    REGISTER = "register"
    ELSEWHERE = "elsewhere"  # answers that are asked in another place than here
    UNDERTAKING = "undertaking"
    DOCUMENT = "document"
    ANSWER = "answer"  # nothing but answers that are asked here


@dataclass(frozen=True, slots=True)
class Outlook:
    """A finding, and what it waits for; ``None`` where it stands. ``open`` are the paths of what is not told yet."""

    finding: Finding
    awaited: Awaited | None = None
    open: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether no answer that is still due can change it."""
        return self.awaited is None


def look_ahead(
    definition: Definition, case: Case, findings: Iterable[Finding], *, asked: Collection[str] | None = None
) -> tuple[Outlook, ...]:
    """What of ``findings``, which ``evaluate`` gave for this very case, stands already.

    Args:
        asked: paths of the fields and columns that are asked here; everything where it is ``None``. What is not asked
            counts as not told, whatever the case says of it.
    """
    view = OpenView(definition, case, asked)
    return tuple(_outlook(view, definition.rule(finding.rule), finding) for finding in findings)


class OpenView(CaseView):
    """The names of a case of which not all is told yet.

    Not told is: what is not asked; what is empty and must be filled in, or is asked about by ``is_missing``; a document
    that is not there; the rest of a table that has fewer rows than it needs. What may stay empty is told by being so.
    """

    no_document = UNTOLD

    def __init__(self, definition: Definition, case: Case, asked: Collection[str] | None = None) -> None:
        super().__init__(definition, case)
        self._asked = asked
        self._tested = _tested(definition)

    def asks(self, path: str) -> bool:
        """Whether the answer at this path is asked here."""
        return self._asked is None or path in self._asked

    def answer(self, field: Field, stored: Value | None) -> Value:
        """See CaseView; what is not told yet is unknown for that."""
        if field.phase is Phase.APPLICATION and (not self.asks(field.path) or (stored is None and self._is_due(field))):
            return UNTOLD
        return super().answer(field, stored)

    def table(self, field: Field, rows: tuple[Row, ...]) -> Value:
        """See CaseView; where rows are to come, one stands for them of which nothing is known, not even whether."""
        if field.fixed_rows is not None or field.phase is not Phase.APPLICATION:
            return super().table(field, rows)
        if field.rows_of:
            followed = self[field.rows_of]
            return Table(field.path, rows, followed.maybe) if isinstance(followed, Table) else UNTOLD
        if not self.asks(field.path) or (not rows and least_rows(field)):
            return UNTOLD
        if len(rows) >= least_rows(field):
            return Table(field.path, rows)
        to_come = Row(ROW_TO_COME, dict.fromkeys(rows[0].cells, UNTOLD))
        return Table(field.path, (*rows, to_come), {ROW_TO_COME: UNTOLD})

    def _is_due(self, field: Field) -> bool:
        name = field.path if field.path in self.definition.section_of else field.key
        return field.required or field.required_if is not None or name in self._tested


def _outlook(view: OpenView, rule: Rule, finding: Finding) -> Outlook:
    if not finding.due:
        return Outlook(finding, Awaited.LATER)
    if _is_told(view, rule, finding):
        return Outlook(finding)
    try:
        value = result_of(view, rule).value
    except EvaluationLimitError:
        return Outlook(finding)
    if not isinstance(value, Unknown) or value.cause in (Cause.HIDDEN, Cause.UNDEFINED):
        return Outlook(finding)
    open_paths = tuple(dict.fromkeys(_open_paths(view, mentioned(view.definition, rule.key))))
    return Outlook(finding, _awaited(view, rule, open_paths), open_paths)


def _is_told(view: OpenView, rule: Rule, finding: Finding) -> bool:
    """Whether the rule was decided by what is all told: looked at once more it would come out as it did."""
    decided = finding.verdict is not FindingVerdict.UNKNOWN
    return decided and rule.check is None and not any(_open_paths(view, _leaned_on(view.definition, rule.key)))


def _awaited(view: OpenView, rule: Rule, open_paths: tuple[str, ...]) -> Awaited:
    if any(view.case.evidence.get(root) is None for root in rule.evidence if root != "files"):
        return Awaited.REGISTER
    answers = [path for path in open_paths if path in view.definition.fields_by_path]
    elsewhere = [path for path in answers if not view.asks(path)]
    if elsewhere:
        ticked = all(view.definition.field(path).kind is FieldKind.UNDERTAKING for path in elsewhere)
        return Awaited.UNDERTAKING if ticked else Awaited.ELSEWHERE
    if len(open_paths) > len(answers) or rule.evidence:
        return Awaited.DOCUMENT
    return Awaited.ANSWER if answers else Awaited.LATER


def _open_paths(view: OpenView, names: Collection[str]) -> Iterator[str]:
    """Of these names the fields, columns and documents that are not told yet, in the order of the definition."""
    for path, section in view.definition.section_of.items():
        field = view.definition.field(path)
        if path in names and section.phase is Phase.APPLICATION and field.kind is not FieldKind.COMPUTED:
            value = view[path]
            yield from _open_in(field, value, names) if isinstance(value, Table) else [path] * (value == UNTOLD)
    for slot in view.definition.documents:
        name = f"documents.{slot.key}"
        if name in names and (slot.rows_of or view[name] == UNTOLD):
            yield name


def _open_in(table: Field, value: Table, names: Collection[str]) -> Iterator[str]:
    if value.maybe:
        yield table.path
    rows = [row for row in value.rows if row.id not in value.maybe]
    for column in table.columns:
        if column.key in names and any(row.cells[column.key] == UNTOLD for row in rows):
            yield column.path


def amount_waits_for(definition: Definition, case: Case, *, asked: Collection[str] | None = None) -> tuple[str, ...]:
    """Paths of the answers that are not told yet and on which the amount rests, in the order of the definition."""
    view = OpenView(definition, case, asked)
    return tuple(dict.fromkeys(_open_paths(view, _reached(definition, ("funding.entitled",)))))


@lru_cache(maxsize=4_096)
def mentioned(definition: Definition, rule_key: str) -> frozenset[str]:
    """Everything that a rule may come to read, through values and computed fields: paths of fields, keys of columns,
    documents, evidence, facts of the call."""
    return _reached(definition, _spoken(definition.rule(rule_key)))


@lru_cache(maxsize=4_096)
def _leaned_on(definition: Definition, rule_key: str) -> frozenset[str]:
    """``mentioned``, and what decides whether any of that is shown."""
    return _closure(_spoken(definition.rule(rule_key)), _leans_on(definition))


def _reached(definition: Definition, names: Iterable[str]) -> frozenset[str]:
    return _closure(names, _rests_on(definition))


def _closure(names: Iterable[str], rests_on: Mapping[str, frozenset[str]]) -> frozenset[str]:
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += rests_on.get(name, ())
    return frozenset(found)


def _spoken(rule: Rule) -> Iterator[str]:
    for expression in (rule.when, rule.require):
        if expression is not None:
            yield from expression.mentions
    for parameter in rule.check.parameters.values() if rule.check is not None else ():
        if isinstance(parameter, str | tuple):
            yield from (parameter,) if isinstance(parameter, str) else parameter
    if rule.check is not None and "claims" in rule.evidence:
        yield "org.uscc"


@lru_cache(maxsize=64)
def _rests_on(definition: Definition) -> dict[str, frozenset[str]]:
    """What each worked-out name of the definition mentions."""
    found = {value.key: value.expression.mentions for value in definition.values}
    for path, field in definition.fields_by_path.items():
        name = path if path in definition.section_of else field.key
        if isinstance(field.compute, NamedComputation):
            arguments = field.compute.arguments.values()
            found[name] = frozenset[str]().union(*(expression.mentions for expression in arguments))
        elif field.compute is not None:
            found[name] = field.compute.mentions
    funding = definition.funding
    own = [
        funding.base,
        *(part for track in funding.tracks for part in (track.when, track.ratio_bp, track.cap) if part),
    ]
    found["funding.entitled"] = frozenset[str]().union(*(expression.mentions for expression in own))
    return found


@lru_cache(maxsize=64)
def _leans_on(definition: Definition) -> dict[str, frozenset[str]]:
    """What each name rests on, the conditions by which a field, its table or its section is shown among it."""
    found = dict(_rests_on(definition))
    for section in definition.sections:
        for field in section.fields:
            for one in (field, *field.columns):
                conditions = [each.shown_if for each in (section, field, one) if each.shown_if is not None]
                name = one.path if one is field else one.key
                found[name] = found.get(name, frozenset()).union(*(condition.mentions for condition in conditions))
    return found


@lru_cache(maxsize=64)
def _tested(definition: Definition) -> frozenset[str]:
    """The names of which some rule or value asks whether they are missing."""
    expressions: list[Expression] = [value.expression for value in definition.values]
    for rule in definition.rules:
        expressions += [part for part in (rule.when, rule.require) if part is not None]
    return frozenset[str]().union(*(expression.tests for expression in expressions))
