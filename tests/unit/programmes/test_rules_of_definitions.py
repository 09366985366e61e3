"""Every rule of the shipped definitions against the written cases; ``test_case_tables`` runs them by the command."""

from __future__ import annotations

from collections import Counter

import pytest

from grants.programmes.domain import RuleStage, case_from_json, evaluate, missing_answers
from tests.unit.programmes.casebook import (
    CODES,
    WrittenCase,
    base_case,
    casebook,
    changed_case,
    shipped,
    written_cases,
)

GAPS = ("（未取得）", "（未填写）", "（未上传）")
NEVER_UNKNOWN = {
    "SBC-12": "an unticked box is false, never missing",
    "SBC-14b": "an absent file is absent: that is what the rule asks",
    "HLW-08": "an unticked box is false, never missing",
}


@pytest.mark.parametrize(
    ("code", "written"),
    [pytest.param(code, case, id=f"{case.rule}-{case.verdict}-{case.name}") for code, case in written_cases()],
)
def test_rule(code: str, written: WrittenCase) -> None:
    definition = shipped(code)
    case = case_from_json(definition, changed_case(code, written))

    finding = next(f for f in evaluate(definition, case, stages=RuleStage) if f.rule == written.rule)

    assert (finding.verdict.value, finding.cause) == (written.verdict, written.cause), finding.message
    assert written.says in finding.message
    assert finding.message
    assert not any(gap in finding.message for gap in GAPS) or leaves_something_out(written)
    assert bool(finding.remedy) == (written.verdict in ("fail", "unknown"))


def leaves_something_out(written: WrittenCase) -> bool:
    """Whether the rule fails although an answer, or a column of a register's record, is missing."""
    records = [row for value in written.changes.values() if isinstance(value, list) for row in value]
    return written.verdict == "fail" and bool(written.deletions or any(isinstance(row, dict) for row in records))


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_its_cases(code: str) -> None:
    seen: dict[str, set[str]] = {}
    for written in casebook(code)[1]:
        seen.setdefault(written.rule, set()).add(written.verdict)

    for rule in shipped(code).rules:
        wanted = {"pass", "fail"} | (set() if rule.key in NEVER_UNKNOWN else {"unknown"})
        wanted |= {"not_applicable"} if rule.when is not None else set()
        assert wanted <= seen.pop(rule.key, set()), rule.key
    assert not seen, "rules that the definition does not have"


@pytest.mark.parametrize("code", CODES)
def test_the_tables_head_each_rule_by_its_title(code: str) -> None:
    headings = {(written.rule, written.title) for written in casebook(code)[1]}

    assert headings == {(rule.key, rule.title) for rule in shipped(code).rules}


@pytest.mark.parametrize("code", CODES)
def test_no_case_is_written_twice(code: str) -> None:
    cases = casebook(code)[1]
    names = Counter((written.rule, written.name) for written in cases)
    changes = Counter(
        (written.rule, str(written.changes), str(written.additions), written.deletions) for written in cases
    )

    assert [name for name, count in names.items() if count > 1] == []
    assert [place for place, count in changes.items() if count > 1] == []


def test_a_rule_that_cannot_be_unknown_is_one_that_ships() -> None:
    assert {rule.key for code in CODES for rule in shipped(code).rules} >= set(NEVER_UNKNOWN)


@pytest.mark.parametrize("code", CODES)
def test_base_case_is_complete_and_passes(code: str) -> None:
    definition = shipped(code)
    case = case_from_json(definition, base_case(code))

    findings = evaluate(definition, case, stages=RuleStage)

    assert missing_answers(definition, case) == ()
    assert {f.rule: f.verdict.value for f in findings if f.verdict.value not in ("pass", "not_applicable")} == {}
    assert [f.rule for f in findings] == [rule.key for rule in definition.rules]
