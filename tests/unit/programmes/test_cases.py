"""Cases: typed reading, round trips, what is shown, what is missing, what is claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import jsonschema
import pytest
import yaml

from grants.kernel.rules import Cause, Unknown
from grants.programmes.domain import (
    AttachedDocument,
    Case,
    Gap,
    RuleStage,
    build_case_content,
    case_from_json,
    case_schema,
    case_to_json,
    claims_of,
    computed_answers,
    condition_sentence,
    definition_schema,
    evaluate,
    evidence_from_json,
    funding_amount,
    missing_answers,
    parse_definition,
    read_sections,
    required_documents,
    shown_fields,
    to_case_value,
)
from grants.programmes.errors import CaseFaultsError
from tests.unit.programmes.casebook import as_json, base_case, remove, shipped, shipped_text


def read(code: str, given: dict[str, Any]) -> Case:
    return case_from_json(shipped(code), given)


def gaps(code: str, given: dict[str, Any]) -> tuple[Gap, ...]:
    return missing_answers(shipped(code), read(code, given))


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_a_case_survives_the_round_trip(code: str) -> None:
    case = read(code, base_case(code))

    again = case_from_json(shipped(code), case_to_json(shipped(code), case))

    assert again == case


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_the_schemas_accept_what_ships(code: str) -> None:
    jsonschema.validate(as_json(yaml.safe_load(shipped_text(code))), definition_schema())
    jsonschema.validate(base_case(code), case_schema(shipped(code)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**base_case(code), "colour": "red"}, case_schema(shipped(code)))


def test_faults_of_a_case_are_told_all_at_once() -> None:
    given = base_case("sbc")
    given["org"]["employees"] = "many"
    given["org"]["colour"] = "red"
    given["answers"]["requested"] = "150000.001"
    given["answers"]["dev_done_date"] = "2026-02-30"
    given["answers"]["contracts"][0]["related"] = "yes"
    given["answers"]["contracts"][1]["strange"] = 1
    given["evidence"]["moon"] = None
    given["submitted_at"] = "2026-04-01T10:00:00"
    given["call"]["parameters"]["sales_from"] = "soon"

    with pytest.raises(CaseFaultsError) as refused:
        read("sbc", given)

    assert {fault.path for fault in refused.value.faults} == {
        "org.employees",
        "org.colour",
        "requested",
        "dev_done_date",
        "contracts[r1].related",
        "contracts[r2].strange",
        "evidence.moon",
        "submitted_at",
        "call.parameters.sales_from",
    }


JUNK = [None, 5, -1.5, "x", "", [], {}, [1], [[]], {"a": 1}, True, "9" * 40, "NaN", "2026-13-01", 10**40, "\ud800"]


def places(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value, as the keys that lead to it."""
    if way:
        yield way
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield from places(node[key], (*way, key))


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_junk_in_any_place_is_a_fault_or_is_judged(code: str) -> None:
    definition, base, dice = shipped(code), base_case(code), Random(7)
    for way in places(base):
        given = base_case(code)
        owner = given
        for key in way[:-1]:
            owner = owner[key]
        owner[way[-1]] = dice.choice(JUNK)
        try:
            case = case_from_json(definition, given)
        except CaseFaultsError:
            continue
        assert len(evaluate(definition, case, stages=RuleStage)) == len(definition.rules)
        missing_answers(definition, case)
        funding_amount(definition, case)


def test_an_empty_case_is_judged_without_an_exception_and_nothing_fails_by_what_is_missing() -> None:
    for code in ("sbc", "hlw"):
        call = base_case(code)["call"]
        case = read(code, {"definition": code, "call": {**call, "parameters": {}}})

        findings = evaluate(shipped(code), case, stages=RuleStage)

        failed = {finding.rule for finding in findings if finding.verdict.value == "fail"}
        assert failed <= {"SBC-12", "SBC-14b", "SBC-25", "HLW-08"}
        assert all(finding.message for finding in findings)


def test_rules_of_other_stages_are_not_due() -> None:
    findings = evaluate(shipped("hlw"), read("hlw", base_case("hlw")), stages={RuleStage.SUBMIT})

    waiting = {finding.rule for finding in findings if not finding.due}

    assert waiting == {"HLW-23", "HLW-32a", "HLW-32b"}
    assert {(f.verdict.value, f.cause) for f in findings if not f.due} == {("unknown", "not_due")}
    assert len(findings) == len(shipped("hlw").rules)


def test_a_finding_shows_what_it_read_and_on_which_evidence() -> None:
    findings = {f.rule: f.to_json() for f in evaluate(shipped("sbc"), read("sbc", base_case("sbc")), stages=RuleStage)}

    assert {"name": "contracts[r1].software", "value": "300000"} in findings["SBC-21"]["read"]
    assert {"name": "min_sales", "value": "500000"} in findings["SBC-21"]["read"]
    assert findings["SBC-21"]["clause"] == "《软件首版次突破专项支持申报指南（模拟）》二(8)"
    assert findings["SBC-07"]["evidence"][0]["source"] == "演示登记库"
    assert findings["SBC-07"]["evidence"][0]["record"]["status"] == "存续"


def test_an_unknown_says_what_is_missing_in_the_words_of_the_form() -> None:
    given = base_case("sbc")
    del given["answers"]["contracts"][1]["software"]

    finding = next(f for f in evaluate(shipped("sbc"), read("sbc", given), stages=RuleStage) if f.rule == "SBC-21")

    assert "首批销售合同第 2 行·合同软件金额（不含税）" in finding.message


def test_sentences_carry_the_figures_of_the_call() -> None:
    definition, call = shipped("sbc"), read("sbc", base_case("sbc")).call

    assert condition_sentence(definition, definition.rule("SBC-21"), call).endswith("不低于 50 万元。")
    assert "30%，最高 400 万元" in condition_sentence(definition, definition.rule("SBC-33"), call)
    assert "2025年1月1日" in condition_sentence(definition, definition.rule("SBC-18"), call)
    for code in ("sbc", "hlw"):
        facts = read(code, base_case(code)).call
        for rule in shipped(code).rules:
            assert "（未取得）" not in condition_sentence(shipped(code), rule, facts)


@pytest.mark.parametrize(
    ("path", "kind", "where"),
    [
        ("answers.product_name", "answer", ("product", "product_name", None)),
        ("answers.contracts.r2.signed_on", "answer", ("sales", "contracts.signed_on", "r2")),
        ("answers.benchmarks.m3", "rows", ("product", "benchmarks", None)),
        ("answers.copyrights", "rows", ("ip", "copyrights", None)),
        ("answers.uses.r1", "answer", ("effects", "uses.user", "r1")),
        ("answers.commit_true", "answer", ("request", "commit_true", None)),
        ("documents.a5", "document", ("documents", "a5", None)),
        ("documents.a8.r2", "document", ("documents", "a8", "r2")),
        ("org.years.2024", "answer", ("org", "org.years.revenue", "2024")),
    ],
)
def test_a_gap_is_told_with_its_place(path: str, kind: str, where: tuple[str, str, str | None]) -> None:
    given = base_case("sbc")
    remove(given, path)

    found = gaps("sbc", given)

    assert (found[0].kind, (found[0].section, found[0].path, found[0].row)) == (kind, where)
    assert found[0].message


@pytest.mark.parametrize(
    ("part", "key", "value", "words"),
    [
        ("answers", "tech_summary", "太短", "至少 200 字"),
        ("answers", "rd_invest", "-1", "不得小于 0 万元"),
        ("answers", "category", "游戏", "没有选项"),
        ("org", "rd_staff", 121, "不得大于从业人员数"),
        ("org", "industry_code", "65A3", "4 位数字"),
        ("org", "reg_district", "320100", "本市的区"),
        ("org", "contact_email", "nobody", "电子邮箱"),
        ("org", "contact_phone", "x", "电话号码"),
    ],
)
def test_an_answer_out_of_bounds_is_a_gap(part: str, key: str, value: object, words: str) -> None:
    given = base_case("sbc")
    given[part][key] = value

    (gap,) = gaps("sbc", given)

    assert words in gap.message


def test_too_many_rows_are_a_gap() -> None:
    given = base_case("sbc")
    given["answers"]["copyrights"] = [{**given["answers"]["copyrights"][0], "id": f"c{n}"} for n in range(21)]

    assert [gap.message for gap in gaps("sbc", given)] == ["“软件著作权”至多填写 20 行，现有 21 行"]


def test_conditional_answers_and_documents() -> None:
    given = base_case("sbc")
    contract = given["answers"]["contracts"][0]
    del contract["buyer_uscc"]
    assert [gap.path for gap in gaps("sbc", given)] == ["contracts.buyer_uscc"]

    contract["buyer_abroad"] = True
    given["answers"]["dev_mode"] = "合作"

    case = read("sbc", given)
    assert ("contracts.buyer_uscc", "r1") not in shown_fields(shipped("sbc"), case)
    assert ("contracts.buyer_uscc", "r2") in shown_fields(shipped("sbc"), case)
    assert [gap.path for gap in missing_answers(shipped("sbc"), case)] == ["co_developers", "a17"]
    assert ("a17", None) in required_documents(shipped("sbc"), case)


def test_a_later_phase_is_not_asked_yet() -> None:
    paths = {path for path, _ in shown_fields(shipped("hlw"), read("hlw", base_case("hlw")))}

    assert "org.bank_account" not in paths
    assert "verified_invest" not in paths
    assert "requested" in paths


def test_computed_answers() -> None:
    found = computed_answers(shipped("hlw"), read("hlw", base_case("hlw")))

    assert found["eligible_invest", None] == Decimal(10_000_000)
    assert found["org.size_class", None] == "中型"

    given = base_case("hlw")
    del given["answers"]["budget"][0]["eligible"]
    unknown = computed_answers(shipped("hlw"), read("hlw", given))
    assert unknown["eligible_invest", None] == Unknown(Cause.ANSWER)


@pytest.mark.parametrize(
    ("answer", "words"),
    [("2000000", "20"), ("3000000", "13.3333"), ("-3000000", "-13.3333"), ("600000", "66.6667")],
)
def test_a_number_that_is_worked_out_is_read_with_few_decimals(answer: str, words: str) -> None:
    text = re.sub(r"compute: \{named: size_class.*?\"\}", 'compute: "40000000 / rd_invest"', shipped_text("sbc"))
    definition, given = parse_definition(text), base_case("sbc")
    given["answers"]["rd_invest"] = answer

    (read,) = [
        field
        for section in read_sections(definition, case_from_json(definition, given), with_private=False)
        for field in section.fields
        if field.path == "org.size_class"
    ]

    assert read.text == words


def test_stored_answers_become_the_case() -> None:
    definition = shipped("sbc")
    content = build_case_content(
        definition,
        answers={
            "org.name": "示例软件有限公司",
            "requested": 15_000_050,
            "product_name": " ",
            "size": 1,
            "rd_invest": None,
        },
        rows={
            "contracts": [("r2", {"software": 100, "buyer": None}), ("r1", {"invoice_nos": ["1"], "related": False})]
        },
        documents=[AttachedDocument("a5", None, 12, "ab")],
    )

    assert content["org"] == {"name": "示例软件有限公司"}
    assert content["answers"] == {
        "requested": "150000.50",
        "contracts": [{"id": "r2", "software": "1.00"}, {"id": "r1", "related": False, "invoice_nos": ["1"]}],
    }
    assert content["documents"] == [
        {"key": "a5", "row": None, "pages": 12, "sha256": "ab", "name": "", "size": None},
    ]
    assert case_from_json(definition, {"call": base_case("sbc")["call"], **content}).answers["requested"] == Decimal(
        "150000.50"
    )


def test_stored_values_by_kind() -> None:
    definition = shipped("sbc")

    assert to_case_value(definition.field("requested"), 12_345) == Decimal("123.45")
    assert to_case_value(definition.field("org.employees"), 120) == Decimal(120)
    assert to_case_value(definition.field("release_date"), "2025-02-01") == date(2025, 2, 1)
    assert to_case_value(definition.field("copyrights.holders"), ["示例软件有限公司"]) == ("示例软件有限公司",)
    assert to_case_value(definition.field("product_name"), None) == Unknown(Cause.ANSWER)
    assert to_case_value(definition.field("credit_auth"), None) is False


def test_claims_of_a_case() -> None:
    claims = {
        (claim.kind, claim.scope, claim.key) for claim in claims_of(shipped("sbc"), read("sbc", base_case("sbc")))
    }

    assert claims == {
        ("sole_application.call", "SBC-2026-01", "91310115MA1K00015K"),
        ("used.contract_no", "*:*", "91310115MA1K00015K/sl2025001"),
        ("used.contract_no", "*:*", "91310115MA1K00015K/sl2025002"),
        ("used.invoice_nos", "*:*", "25312000000000000001"),
        ("used.invoice_nos", "*:*", "25312000000000000002"),
        ("used.product", "*:*", "91310115MA1K00015K/示例工业实时数据库软件/1"),
    }
    sole, project = claims_of(shipped("hlw"), read("hlw", base_case("hlw")))
    assert (sole.kind, sole.scope) == ("sole_application.programme_year", "hlw:2026")
    assert (project.kind, project.key) == ("used.project", "91310115MA1K00015K/样例装备远程运维服务平台")


def test_evidence_arrives_apart_from_the_case() -> None:
    case = read("sbc", base_case("sbc")).with_evidence(evidence_from_json({"reg": None}))

    finding = next(f for f in evaluate(shipped("sbc"), case, stages=RuleStage) if f.rule == "SBC-07")

    assert (finding.verdict.value, finding.cause) == ("unknown", "evidence")
    assert finding.remedy == "无须申报单位处理。"


def test_what_could_not_be_compared_is_not_taken_for_different() -> None:
    given = base_case("hlw")
    given["evidence"]["earlier_texts"]["rows"] = [{"id": "1", "application": "HLW-2025-01-0001"}]

    finding = next(f for f in evaluate(shipped("hlw"), read("hlw", given), stages=RuleStage) if f.rule == "HLW-22")

    assert (finding.verdict.value, finding.cause) == ("unknown", "evidence")


def test_a_finding_names_the_table_whose_rows_are_undecided() -> None:
    given = base_case("sbc")
    del given["answers"]["contracts"][0]["first_invoice_on"]

    finding = next(f for f in evaluate(shipped("sbc"), read("sbc", given), stages=RuleStage) if f.rule == "SBC-19b")

    assert (finding.verdict.value, finding.cause) == ("unknown", "answer")
    assert finding.message == "缺少填报内容，暂时无法判断：开票时间在支持期内的合同。"
