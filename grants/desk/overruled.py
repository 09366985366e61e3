"""The report of overruled rules: pure, from counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from grants.desk.queries import GivenOverrule, OverruleCount
from grants.eligibility.presenters import PERSON_VERDICTS
from grants.eligibility.states import PersonVerdict
from grants.kernel.sheets import csv_bytes


@dataclass(frozen=True, slots=True)
class OverruledRule:
    """One rule. ``found``: cases in which the machine found it failed or could not judge; ``share_bp``: of those, how
    many were overruled to met or not applicable, in basis points. ``against``: cases that a person found failed."""

    rule: str
    title: str
    found: int
    overruled: int
    against: int
    share_bp: int
    officers: tuple[tuple[str, int], ...]
    given: tuple[GivenOverrule, ...]


def overruled_rules(
    counts: Iterable[OverruleCount], found: Mapping[str, int], given: Sequence[GivenOverrule]
) -> list[OverruledRule]:
    """The rules that were overruled, the largest share first."""
    by_rule: defaultdict[str, list[OverruleCount]] = defaultdict(list)
    for count in counts:
        by_rule[count.rule].append(count)
    rules = [
        _rule(rule, rows, found.get(rule, 0), tuple(one for one in given if one.rule == rule))
        for rule, rows in by_rule.items()
    ]
    return sorted(rules, key=lambda one: (-one.share_bp, -one.overruled, one.rule))


def _rule(rule: str, rows: Sequence[OverruleCount], found: int, given: tuple[GivenOverrule, ...]) -> OverruledRule:
    overruled = sum(row.cases for row in rows if row.verdict != PersonVerdict.FAIL)
    officers: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        officers[row.officer] += row.cases
    return OverruledRule(
        rule=rule,
        title=rows[0].title,
        found=found,
        overruled=overruled,
        against=sum(row.cases for row in rows) - overruled,
        share_bp=min(10_000, 10_000 * overruled // found) if found else 0,
        officers=tuple(sorted(officers.items(), key=lambda pair: (-pair[1], pair[0]))),
        given=given,
    )


def by_officer(counts: Iterable[OverruleCount]) -> list[tuple[str, int, int]]:
    """Officers with how many findings and how many different rules they overruled, whoever did most first."""
    cases: defaultdict[str, int] = defaultdict(int)
    rules: defaultdict[str, set[str]] = defaultdict(set)
    for count in counts:
        cases[count.officer] += count.cases
        rules[count.officer].add(count.rule)
    return sorted(((name, cases[name], len(rules[name])) for name in cases), key=lambda row: (-row[1], row[0]))


def percent(share_bp: int) -> str:
    """Basis points as per cent with one decimal, cut off: 33.3."""
    return f"{share_bp // 100}.{share_bp % 100 // 10}"


def report_csv(counts: Iterable[OverruleCount], found: Mapping[str, int]) -> bytes:
    """One line per rule, officer and verdict: UTF-8 with byte order mark, formulas disarmed."""
    heads = (_("规则"), _("名称"), _("经办人"), _("改判为"), _("改判件数"), _("系统发现件数"))
    rows = []
    for count in counts:
        verdict = str(PERSON_VERDICTS[PersonVerdict(count.verdict)])
        rows.append((count.rule, count.title, count.officer, verdict, str(count.cases), str(found.get(count.rule, 0))))
    return csv_bytes(heads, rows)
