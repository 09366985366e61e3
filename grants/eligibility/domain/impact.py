"""What another definition, or other parameters, would have said of a case that was judged. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grants.eligibility.domain.judging import propose
from grants.eligibility.states import ImpactDirection
from grants.programmes.domain import Definition, Finding

ABSENT = "absent"  # the rule is not in that definition
NOT_DUE = "not_due"
PRIVATE = "（不显示）"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding as it was recorded, without what it rests on."""

    rule: str
    title: str
    severity: str
    verdict: str
    cause: str | None
    due: bool
    message: str

    @property
    def word(self) -> str:
        """The verdict, or that it was not due."""
        return str(self.verdict) if self.due else NOT_DUE


@dataclass(frozen=True, slots=True)
class Change:
    """One finding of a case that comes out otherwise; of the whole case (its proposal) with an empty ``rule``."""

    direction: ImpactDirection
    before: str
    after: str
    rule: str = ""
    title: str = ""
    former_message: str = ""
    message: str = ""
    read: tuple[Mapping[str, str], ...] = ()


@dataclass
class ImpactTally:
    """What came of some cases: how many there are, how many change, of which rules and to which side."""

    judged: int = 0
    changed: int = 0
    unreadable: int = 0
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)  # (rule, direction)
    proposals: Counter[tuple[str, str]] = field(default_factory=Counter)  # (before, after)
    titles: dict[str, str] = field(default_factory=dict)

    def count(self, changes: Sequence[Change]) -> None:
        """One case more, with what changes of it."""
        self.judged += 1
        self.changed += bool(changes)
        for change in changes:
            if change.direction is ImpactDirection.PROPOSAL:
                self.proposals[change.before, change.after] += 1
            elif change.direction is ImpactDirection.UNREADABLE:
                self.unreadable += 1
            else:
                self.rules[change.rule, change.direction] += 1
                self.titles[change.rule] = change.title

    def add(self, other: ImpactTally) -> None:
        """Take the figures of other cases in."""
        self.judged, self.changed = self.judged + other.judged, self.changed + other.changed
        self.unreadable += other.unreadable
        self.rules.update(other.rules)
        self.proposals.update(other.proposals)
        self.titles.update(other.titles)

    def to_json(self) -> dict[str, Any]:
        """As a chunk stores it; ``tally_from_json`` reads it back."""
        return {
            "judged": self.judged,
            "changed": self.changed,
            "unreadable": self.unreadable,
            "rules": [[*key, count] for key, count in sorted(self.rules.items())],
            "proposals": [[*key, count] for key, count in sorted(self.proposals.items())],
            "titles": self.titles,
        }


def tally_from_json(stored: Mapping[str, Any]) -> ImpactTally:
    """The figures that a chunk has stored."""
    return ImpactTally(
        stored["judged"],
        stored["changed"],
        stored["unreadable"],
        Counter({(rule, direction): count for rule, direction, count in stored["rules"]}),
        Counter({(before, after): count for before, after, count in stored["proposals"]}),
        dict(stored["titles"]),
    )


def adapt_case(
    after: Definition, former_defaults: Mapping[str, str], case: Mapping[str, Any], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """The JSON of a case as the other definition can read it.

    Answers, columns, documents and parameters that it does not know are left out; what it asks newly is missing. A
    parameter that stood at its former default follows the new one; ``parameters`` replace whatever the call says.
    """
    known = after.fields_by_path
    slots = {slot.key for slot in after.documents}
    keys = {parameter.key for parameter in after.parameters}
    given = case["call"].get("parameters") or {}
    own = {key: value for key, value in given.items() if key in keys and former_defaults.get(key) != value}
    return {
        **case,
        "org": _answers(case.get("org") or {}, "org.", known),
        "answers": _answers(case.get("answers") or {}, "", known),
        "documents": [file for file in case.get("documents") or () if file["key"] in slots],
        "call": {**case["call"], "parameters": {**own, **parameters}},
    }


def _answers(given: Mapping[str, Any], prefix: str, known: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        question = known.get(f"{prefix}{key}")
        if question is None:
            continue
        columns = {column.key for column in question.columns}
        rows = isinstance(value, list) and bool(columns)
        found[key] = [_cells(row, columns) for row in value] if rows else value
    return found


def _cells(row: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {key: cell for key, cell in row.items() if key == "id" or key in columns}


def compare_verdicts(definition: Definition, before: Iterable[Verdict], after: Iterable[Finding]) -> tuple[Change, ...]:
    """The findings of one case that would come out otherwise, in the order of the new definition, then its proposal."""
    former = {verdict.rule: verdict for verdict in before}
    latter = {finding.rule: finding for finding in after}
    changes = [_change(definition, former.get(rule), finding) for rule, finding in latter.items()]
    changes += [_gone(verdict) for rule, verdict in former.items() if rule not in latter and verdict.due]
    found = [change for change in changes if change is not None]
    old, new = propose(former.values()), propose(latter.values())
    if old is not new:
        found.append(Change(ImpactDirection.PROPOSAL, old, new))
    return tuple(found)


def unreadable(reason: str) -> tuple[Change, ...]:
    """A case that the other definition cannot read, and why."""
    return (Change(ImpactDirection.UNREADABLE, "", "", message=reason),)


def _change(definition: Definition, former: Verdict | None, latter: Finding) -> Change | None:
    before = former.word if former is not None else ABSENT
    after = str(latter.verdict) if latter.due else NOT_DUE
    if before == after or {before, after} <= {ABSENT, NOT_DUE}:
        return None
    return Change(
        direction=direction_of(after),
        before=before,
        after=after,
        rule=latter.rule,
        title=latter.title,
        former_message=former.message if former is not None else "",
        message=latter.message,
        read=tuple({"name": name, "value": shown_value(definition, name, value)} for name, value in latter.read),
    )


def _gone(former: Verdict) -> Change:
    return Change(ImpactDirection.OTHER, former.word, ABSENT, former.rule, former.title, former.message)


def direction_of(after: str) -> ImpactDirection:
    """To which side a finding goes that comes out as ``after``."""
    sides = {
        "fail": ImpactDirection.TO_FAIL,
        "pass": ImpactDirection.TO_PASS,
        "unknown": ImpactDirection.TO_UNKNOWN,
    }
    return sides.get(after, ImpactDirection.OTHER)


def shown_value(definition: Definition, name: str, value: str) -> str:
    """A value that a finding has read; personal ones are not for this list."""
    table, _, column = name.partition("[")
    path = f"{table}.{column.partition('].')[2]}" if column else name
    question = definition.fields_by_path.get(path)
    return PRIVATE if question is not None and question.private else value
