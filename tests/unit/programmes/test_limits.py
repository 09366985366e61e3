"""What takes too many steps decides nothing, wherever a definition asks for it."""

from __future__ import annotations

from grants.programmes.domain import (
    FindingVerdict,
    RuleStage,
    case_from_json,
    evaluate,
    funding_amount,
    missing_answers,
    parse_definition,
)
from tests.unit.programmes.casebook import base_case, shipped_text

EDITS = (
    ("values:\n", "values:\n  - {key: heavy, label: 示例, expression: 'sum(oss, sum(oss, sum(oss, 1)))'}\n"),
    ("require: rd_invest >= 1000000", "require: heavy < 0"),
    ("  base: base\n", "  base: base + heavy\n"),
    ("{key: release_date, label", "{key: release_date, ensure: heavy < 0, ensure_message: 示例, label"),
    ("{key: lab_cma, label", "{key: lab_cma, required_if: heavy < 0, label"),
)


def test_too_many_steps_decide_nothing() -> None:
    text = shipped_text("sbc")
    for old, new in EDITS:
        text = text.replace(old, new, 1)
    definition = parse_definition(text)
    given = base_case("sbc")
    given["answers"]["oss"] = [{"id": f"r{number}", "name": "示例组件", "licence": "MIT"} for number in range(200)]
    case = case_from_json(definition, given)

    findings = {finding.rule: finding for finding in evaluate(definition, case, stages=RuleStage)}

    assert (findings["SBC-31"].verdict, findings["SBC-31"].cause) == (FindingVerdict.UNKNOWN, "undefined")
    assert (findings["SBC-33"].verdict, findings["SBC-33"].cause) == (FindingVerdict.UNKNOWN, "undefined")
    assert findings["SBC-21"].verdict is FindingVerdict.PASS
    assert missing_answers(definition, case) == ()
    assert funding_amount(definition, case).computed_fen is None
