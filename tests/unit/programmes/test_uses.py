"""What is used once only: named by fields, columns and both together, compared however it is written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from grants.programmes.domain import Definition, RuleStage, case_from_json, claims_of, evaluate, parse_definition
from grants.programmes.errors import DefinitionFaultsError
from tests.unit.programmes.casebook import base_case, shipped_text

SHIPPED_CHECK = (
    "{named: not_used_elsewhere, table: contracts, keys: [contract_no, invoice_nos], "
    "within_organisation: [contract_no], programmes: all, years: all}"
)
SOUGHT = "named: not_used_elsewhere, programmes: all, years: all"
OWN_PRODUCT = f"{{{SOUGHT}, keys: [product_name], within_organisation: [product_name]}}"


def definition_with(check: str, when: str = "") -> Definition:
    """The shipped ``sbc`` whose rule SBC-27 calls this check, and no other rule claims a thing."""
    text = re.sub(r"  - key: SBC-34\n(    .+\n)+", "", shipped_text("sbc"))
    assert text.count("not_used_elsewhere") == 1
    assert text.count(SHIPPED_CHECK) == 1
    condition = f"\n    when: {when}" if when else ""
    return parse_definition(text.replace(SHIPPED_CHECK, check + condition))


def used(definition: Definition, **answers: Any) -> dict[str, set[str]]:
    """The keys by what they are of; answers replace those of the base case."""
    given = base_case("sbc")
    given["answers"].update(answers)
    found: dict[str, set[str]] = {}
    for claim in claims_of(definition, case_from_json(definition, given)):
        if claim.kind.startswith("used."):
            found.setdefault(claim.kind.removeprefix("used."), set()).add(claim.key)
    return found


def finding(definition: Definition, *rows: dict[str, Any], **answers: Any) -> Any:
    given = base_case("sbc")
    given["answers"].update(answers)
    given["evidence"]["claims"]["rows"] = list(rows)
    findings = evaluate(definition, case_from_json(definition, given), stages=RuleStage)
    return next(found for found in findings if found.rule == "SBC-27")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("示例工业实时数据库软件", "V1.0"),
        ("示例工业 实时数据库软件", "1.0"),
        ("示例工业实时数据库软件", "１．０"),
        ("《示例工业实时数据库软件》", "v1"),
        ("示例工业（实时）数据库软件", "V 1.0.0"),
    ],
)
def test_a_product_is_known_by_name_and_version_however_written(name: str, version: str) -> None:
    definition = definition_with(f"{{{SOUGHT}, keys: [product_name + version], versions: [version], what: product}}")

    assert used(definition, product_name=name, version=version) == {"product": {"示例工业实时数据库软件/1"}}


def test_another_version_is_another_thing() -> None:
    definition = definition_with(f"{{{SOUGHT}, keys: [product_name + version], versions: [version], what: product}}")

    assert used(definition, product_name="甲", version="V1.10") != used(definition, product_name="甲", version="V1.1")
    assert used(definition, product_name="甲", version="10") != used(definition, product_name="甲1", version="0")


@pytest.mark.parametrize(
    "written",
    ["HT-2025（07）第3号", "ＨＴ－2025(07) 第3号", "ht2025〔07〕第3号", "HT—2025[07]第 3 号", "HT/2025_07_第3号"],
)
def test_numbers_lose_width_case_spacing_dashes_and_brackets(written: str) -> None:
    definition = definition_with(f"{{{SOUGHT}, table: copyrights, keys: [reg_no]}}")

    rights = [{**base_case("sbc")["answers"]["copyrights"][0], "reg_no": written}]
    assert used(definition, copyrights=rights) == {"reg_no": {"ht202507第3号"}}


@pytest.mark.parametrize("written", ["", "无", "—", "/", "N/A", "不适用", " 待定 ", "（无）"])
def test_what_says_that_there_is_nothing_is_no_number(written: str) -> None:
    definition = definition_with(f"{{{SOUGHT}, table: copyrights, keys: [reg_no]}}")

    rights = [{**base_case("sbc")["answers"]["copyrights"][0], "reg_no": written}]
    assert used(definition, copyrights=rights) == {}


def test_a_column_and_a_field_make_one_key() -> None:
    definition = definition_with(f"{{{SOUGHT}, table: contracts, keys: [buyer_uscc + contract_no + product_name]}}")

    keys = used(definition)["buyer_uscc+contract_no+product_name"]
    assert len(keys) == len(base_case("sbc")["answers"]["contracts"])
    assert all(key.endswith("/示例工业实时数据库软件") for key in keys)


def test_several_columns_can_hold_the_same_kind_of_thing() -> None:
    definition = definition_with(f"{{{SOUGHT}, table: contracts, keys: [contract_no, invoice_nos], what: paper}}")

    assert set(used(definition)) == {"paper"}


def test_a_key_of_any_length_fits_and_tells_texts_apart() -> None:
    definition = definition_with(f"{{{SOUGHT}, keys: [tech_summary]}}")
    long = "一" * 1_000

    (first,), (second,) = (
        used(definition, tech_summary=long + "甲").values(),
        used(definition, tech_summary=long + "乙").values(),
    )
    assert first != second
    assert max(len(key) for key in first | second) <= 200


def test_a_rule_that_does_not_apply_claims_nothing() -> None:
    definition = definition_with(f"{{{SOUGHT}, keys: [product_name]}}", when='dev_mode == "合作"')

    assert used(definition, dev_mode="自主") == {}
    assert set(used(definition, dev_mode="合作")) == {"product_name"}


def test_the_shipped_rule_finds_a_number_written_otherwise_and_says_what_where_and_whose() -> None:
    definition = definition_with(SHIPPED_CHECK)
    held = {
        "kind": "used.contract_no",
        "key": "91310115MA1K00015K/sl2025001",
        "written_as": "SL 2025（001）",
        "application": "HLW-2025-01-0020",
        "receipt_no": 20,
        "call_ref": "HLW-2025-01",
        "year": 2025,
        "claimed_at": "2025-04-01T10:00:00+08:00",
        "holds": True,
    }

    found = finding(definition, held)

    assert found.verdict == "fail"
    assert found.message == (
        "合同或发票已作为其他申报的依据：合同编号“SL-2025-001”（对方写作“SL 2025（001）”）"
        "已用于申报 HLW-2025-01-0020（2025 年度批次 HLW-2025-01，登记在前）。"
    )
    assert ("contracts[r1].contract_no", "SL-2025-001") in found.read


def test_in_the_same_call_the_lower_number_is_named() -> None:
    definition = definition_with(SHIPPED_CHECK)
    held = {
        "kind": "used.invoice_nos",
        "key": "25312000000000000001",
        "application": "SBC-2026-01-0003",
        "receipt_no": 3,
        "call_ref": base_case("sbc")["call"]["ref"],
        "holds": True,
    }

    assert finding(definition, held).message.endswith("已用于申报 SBC-2026-01-0003（本批次，受理编号在前）。")


def test_what_the_evidence_says_of_the_order_goes_before_the_numbers() -> None:
    definition = definition_with(SHIPPED_CHECK)
    later = {"kind": "used.invoice_nos", "key": "25312000000000000001", "application": "乙", "receipt_no": 999}

    assert finding(definition, {**later, "holds": True}).verdict == "fail"
    assert finding(definition, {**later, "receipt_no": 1, "holds": False}).verdict == "pass"


def test_evidence_that_was_read_before_numbers_were_folded_still_counts() -> None:
    definition = definition_with(SHIPPED_CHECK)
    old = {"kind": "used.contract_no", "key": "91310115MA1K00015K/SL-2025-001", "application": "甲", "receipt_no": 3}

    assert finding(definition, old).verdict == "fail"


def test_the_same_thing_in_two_rows_is_named_once() -> None:
    definition = definition_with(SHIPPED_CHECK)
    contracts = base_case("sbc")["answers"]["contracts"]
    contracts[1]["contract_no"] = "sl 2025-001"

    found = finding(definition, contracts=contracts)

    assert (found.verdict, found.message.count("“")) == ("fail", 1)
    assert "本申报内重复使用：合同编号“sl 2025-001”" in found.message


@pytest.mark.parametrize("check", [SHIPPED_CHECK, OWN_PRODUCT], ids=["of a table", "of fields"])
def test_a_number_of_an_enterprise_that_is_not_known_is_nobody_elses(check: str) -> None:
    """Without the code the number is neither free nor anybody's."""
    definition, given = definition_with(check), base_case("sbc")
    given["org"].pop("uscc")
    case = case_from_json(definition, given)

    found = next(found for found in evaluate(definition, case, stages=RuleStage) if found.rule == "SBC-27")

    assert (found.verdict, found.cause) == ("unknown", "answer")
    assert {claim.kind for claim in claims_of(definition, case)} <= {"used.invoice_nos"}


def test_a_plain_field_that_is_missing_leaves_it_open() -> None:
    definition = definition_with(f"{{{SOUGHT}, keys: [product_name]}}")

    found = finding(definition, product_name=None)

    assert (found.verdict, found.cause) == ("unknown", "answer")


def test_many_hits_are_told_in_a_bounded_sentence() -> None:
    definition = definition_with(SHIPPED_CHECK)
    rows = [
        {"kind": "used.invoice_nos", "key": "25312000000000000001", "application": f"SBC-{n}", "holds": True}
        for n in range(40)
    ]

    assert "等共 40 处" in finding(definition, *rows).message


@pytest.mark.parametrize(
    ("check", "path", "said"),
    [
        ("keys: [product_nam]", "check.keys", "product_nam"),
        ("keys: [product_name + versio], versions: [version]", "check.keys", "versio"),
        ("keys: [product_name], versions: [version]", "check.versions", "version"),
        ("keys: [contracts]", "check.keys", "contracts"),
        ("keys: [call.ref]", "check.keys", "call.ref"),
        ("keys: [reg.status]", "check.keys", "reg.status"),
        ("keys: [contract_no]", "check.keys", "contract_no"),
        ("table: contracts, keys: [contract_no], within_organisation: [invoice_nos]", "within_organisation", "invoice"),
        ("keys: [product_name], what: 1x", "check.what", "字母开头"),
        ("keys: [product_name+version+category+dev_mode+tech_summary]", "check.keys", "至多"),
        ("table: contracts", "check.keys", "缺少"),
    ],
)
def test_keys_that_name_nothing_are_faults_of_the_definition(check: str, path: str, said: str) -> None:
    with pytest.raises(DefinitionFaultsError) as refused:
        definition_with(f"{{{SOUGHT}, {check}}}")

    assert any(path in fault.path and said in fault.message for fault in refused.value.faults)
