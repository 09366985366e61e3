"""Every rule of the shipped definitions against the written cases."""

from __future__ import annotations

import pytest

from grants.programmes.domain import RuleStage, case_from_json, evaluate, missing_answers
from tests.unit.programmes.casebook import WrittenCase, base_case, casebook, changed_case, shipped, written_cases

NEVER_UNKNOWN = {
    "SBC-12",
    "SBC-14b",
    "HLW-08",
}  # an unticked box is false, an absent file is absent: nothing can be missing


@pytest.mark.parametrize(
    ("code", "written"),
    [pytest.param(code, case, id=f"{case.rule}-{case.expect}-{case.why}") for code, case in written_cases()],
)
def test_rule(code: str, written: WrittenCase) -> None:
    definition = shipped(code)
    case = case_from_json(definition, changed_case(code, written))

    finding = next(f for f in evaluate(definition, case, stages=RuleStage) if f.rule == written.rule)

    assert (finding.verdict.value, finding.cause) == (written.expect, written.cause)
    assert finding.message
    assert "（未取得）" not in finding.message
    assert bool(finding.remedy) == (written.expect in ("fail", "unknown"))


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_every_rule_has_its_cases(code: str) -> None:
    seen: dict[str, set[str]] = {}
    for written in casebook(code)[1]:
        seen.setdefault(written.rule, set()).add(written.expect)

    for rule in shipped(code).rules:
        wanted = {"pass", "fail"} | (set() if rule.key in NEVER_UNKNOWN else {"unknown"})
        assert wanted <= seen.get(rule.key, set()), rule.key


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_base_case_is_complete_and_passes(code: str) -> None:
    definition = shipped(code)
    case = case_from_json(definition, base_case(code))

    findings = evaluate(definition, case, stages=RuleStage)

    assert missing_answers(definition, case) == ()
    assert {f.rule: f.verdict.value for f in findings if f.verdict.value not in ("pass", "not_applicable")} == {}
    assert [f.rule for f in findings] == [rule.key for rule in definition.rules]
