"""The loader: every fault at once, with path, line and column; bounded input."""

from __future__ import annotations

import re
from random import Random

import pytest

from grants.programmes.domain import FieldKind, parse_definition
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError
from tests.unit.programmes.casebook import shipped, shipped_text


def faults_of(text: str) -> tuple[DefinitionFault, ...]:
    with pytest.raises(DefinitionFaultsError) as refused:
        parse_definition(text)
    return refused.value.faults


def faults_if_any(text: str) -> tuple[DefinitionFault, ...]:
    try:
        parse_definition(text)
    except DefinitionFaultsError as error:
        return error.faults
    return ()


def edited(*replacements: tuple[str, str]) -> str:
    text = shipped_text("sbc")
    for old, new in replacements:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_shipped_definitions_load_without_fault_or_warning(code: str) -> None:
    definition = shipped(code)

    assert definition.code == code
    assert "模拟" in definition.title
    assert definition.warnings == ()
    assert definition.rubric.maximum == 100
    assert all(
        [anchor.level for anchor in criterion.anchors] == ["优", "良", "中", "差"]
        for criterion in definition.rubric.criteria
    )


def test_fields_are_found_by_path() -> None:
    definition = shipped("sbc")

    assert definition.field("org.years.revenue").unit == "wan_yuan"
    assert definition.field("contracts.software").kind is FieldKind.MONEY
    assert definition.field("contracts").column("software") is definition.field("contracts.software")
    assert definition.document("a6").rows_of == "contracts"
    assert definition.section("org").fields[0].path == "org.name"
    with pytest.raises(KeyError):
        definition.field("org.nothing")


def test_rules_know_the_evidence_they_rest_on() -> None:
    definition = shipped("sbc")

    assert definition.rule("SBC-07").evidence == {"reg"}
    assert definition.rule("SBC-21").evidence == frozenset()
    assert definition.rule("SBC-27").evidence == {"claims"}
    assert definition.rule("SBC-32").evidence == {"files"}


def test_many_faults_are_told_at_once_with_their_places() -> None:
    text = edited(
        ("require: not org.is_branch", "require: not org.is_brunch"),
        ("require: rd_invest >= 1000000", "require: release_date >= 1000000"),
        ("severity: manual", "severity: perhaps"),
        ("key: rd_invest, label", "key: rd_invest, colour: red, label"),
        (f'version: "{shipped("sbc").version}"', "version: eins"),
        ("clause: {basis: measures, article: 第五条}", "clause: {basis: measure, article: 第五条}"),
        ("named: sole_application, scope: call", "named: sole_application, scope: planet"),
    )

    faults = faults_of(text)

    told = {(fault.path, fault.line) for fault in faults}
    assert ("rules[SBC-04].require", line_of(text, "not org.is_brunch")) in told
    assert ("rules[SBC-31].require", line_of(text, "release_date >= 1000000")) in told
    assert ("rules[SBC-10].severity", line_of(text, "severity: perhaps")) in told
    assert ("version", line_of(text, "version: eins")) in told
    assert any(fault.path.endswith("[rd_invest].colour") for fault in faults)
    assert any(fault.path == "rules[SBC-13a].clause.basis" and "measures" in fault.message for fault in faults)
    assert any(fault.path == "rules[SBC-28].check.scope" for fault in faults)
    assert list(faults) == sorted(faults, key=lambda fault: (fault.line, fault.column or 0))
    branch = next(fault for fault in faults if fault.path == "rules[SBC-04].require")
    row = text.splitlines()[branch.line - 1]
    assert branch.column == row.index("org.is_brunch") + 1
    assert "is_branch" in branch.message


def test_a_fault_in_a_folded_expression_is_placed_in_its_own_line() -> None:
    text = edited(("and all(contracts, same_text(sold_name,", "and all(contracts, same_text(sold_nam,"))

    (fault,) = faults_of(text)

    assert fault.line == line_of(text, "sold_nam,")
    assert fault.column == text.splitlines()[fault.line - 1].index("sold_nam,") + 1


def test_a_fault_in_a_message_is_placed() -> None:
    text = edited(("登记信息显示经营状态为“{reg.status}”", "登记信息显示经营状态为“{reg.state}”"))

    (fault,) = faults_of(text)

    assert (fault.path, fault.line) == ("rules[SBC-07].message", line_of(text, "{reg.state}"))
    assert fault.column == text.splitlines()[fault.line - 1].index("reg.state") + 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  decimals: 2\n", "  decimals: 3\n", "至多保留 2 位小数"),
        ("key: rd_invest, label", "key: sum, label", "保留字"),
        ("key: rd_invest, label", "key: version, label", "重复"),
        ("key: rd_invest, label", "key: cap, label", "重复"),
        ("key: rd_invest, label", "key: severe, label", "列名"),
        ("key: sold_name, label", "key: category, label", "已是另一名称"),
        ("key: sold_name, label", "key: 名称, label", "英文字母"),
        ("expression: call.asof", "expression: T", "成环"),
        ("maximum: 12, step: 0.5", "maximum: 11, step: 0.5", "合计应为 100"),
        ("maximum: 12, step: 0.5", "maximum: 12, step: 0.7", "整数倍"),
        ("share_bp: 10000", "share_bp: 9000", "合计应为 10000"),
        ("pattern: '[0-9]{4}'", "pattern: '([0-9]+)+'", "格式只允许"),
        (
            "kind: choice, required: true, precheck: true, choices: [企业, 事业单位, 社会组织]",
            "kind: choice",
            "choices",
        ),
        ("rows_of: contracts, help: 每份合同", "rows_of: contract, help: 每份合同", "是否为“contracts”"),
        ("accept: [jpg, png]", "accept: [exe]", "不支持的文件类型"),
        ("default: 24, minimum: 6", "default: 3, minimum: 6", "上下限"),
        ("check: {named: sole_application", "check: {named: sole_aplication", "是否为“sole_application”"),
        ("require: credit_auth", "when: credit_auth", "require"),
        ("sentence: 产品研发投入一般", "sentence: 产品研发投入 {rd_invest} 一般", "rd_invest"),
        ("statement: 本单位授权", "note: 本单位授权", "statement"),
        ("{key: correction,", "{key: correction, rounds: 0,", "不小于 1"),
        ("{key: formal_check,", "{key: formal_check, rounds: 2,", "只有补正阶段"),
        ("{key: formal_check,", "{key: reconsideration, enabled: false,", "不能停用"),
        ("{key: formal_check,", "{key: reconsideration, calendar: true,", "工作日"),
        ("  - {key: project_no, label: 项目编号}", "  - {key: bank_account, label: 账号}", "不能公开"),
    ],
)
def test_fault(old: str, new: str, words: str) -> None:
    faults = faults_of(edited((old, new)))

    assert any(words in fault.message for fault in faults), [str(fault) for fault in faults]


@pytest.mark.parametrize(("words", "rounds"), [("", 1), ("rounds: 3, ", 3)])
def test_a_programme_grants_one_round_of_correction_unless_it_says_more(words: str, rounds: int) -> None:
    stages = re.sub(r"{key: correction,[^}]*}", f"{{key: correction, {words}label: 补正}}", shipped_text("sbc"))

    assert parse_definition(stages).correction_rounds == rounds


def test_a_rule_may_not_read_a_conditional_field_unguarded() -> None:
    text = edited(("key: rd_invest, label", 'key: rd_invest, shown_if: dev_mode == "合作", label'))

    assert any(fault.path == "rules[SBC-31].require" for fault in faults_of(text))
    require = "    require: rd_invest >= 1000000"
    guarded = text.replace(require, f'    when: dev_mode == "合作"\n{require}')
    assert parse_definition(guarded).rule("SBC-31").when is not None


def test_a_condition_that_shows_a_field_may_not_rest_on_it() -> None:
    text = edited(("key: rd_invest, label", "key: rd_invest, shown_if: rd_invest > 0, label"))

    assert any("成环" in fault.message for fault in faults_of(text))


def test_a_comparison_with_a_quotient_is_a_warning() -> None:
    definition = parse_definition(edited(("require: rd_invest >= 1000000", "require: rd_invest / 10000 >= 100")))

    assert [warning.path for warning in definition.warnings] == ["rules[SBC-31].require"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x 1\nb: *x\n", "锚点"),
        ("[" * 10_000, "嵌套"),
        ("a: {" * 5_000, "嵌套"),
        ("a: [1, 2", "YAML"),
        ("a: \x07", "不允许的字符"),
        ("- 1\n- 2\n", "键: 值"),
        ("", "键: 值"),
        ("a: !!python/object:os.system x\n", "类型标签"),
        ("x: " + "长" * 200_000, "500 kB"),
        ("a: [" + "1," * 60_000 + "1]", "50000"),
        ("a: 1\n---\nb: 2\n", "一份定义"),
    ],
)
def test_hostile_or_broken_files_are_refused(text: str, words: str) -> None:
    (fault,) = faults_of(text)

    assert words in fault.message


def test_an_empty_mapping_tells_all_that_is_missing() -> None:
    messages = {fault.message for fault in faults_of("code: sbc\n")}

    assert {"缺少“title”", "缺少“rules”", "缺少“sections”", "缺少“rubric”", "缺少“funding”"} <= messages


def test_keys_given_twice_are_a_fault() -> None:
    (fault,) = faults_of(shipped_text("sbc") + "\ncode: sbc\n")

    assert "重复" in fault.message


def test_the_fingerprint_is_of_the_content() -> None:
    text = shipped_text("sbc")

    assert parse_definition("# 注释\n" + text).fingerprint == shipped("sbc").fingerprint
    assert parse_definition(text.replace("500000", "500001")).fingerprint != shipped("sbc").fingerprint


def test_a_file_damaged_anywhere_is_told_by_its_faults() -> None:
    dice, pieces = Random(7), ["x", "{", "}", "[", ":", '"', "(", "\t", "&", "*", "!", "|", "not ", "{{"]
    for _ in range(100):
        lines = shipped_text("sbc").split("\n")
        for _ in range(3):
            number = dice.randrange(len(lines))
            place = dice.randrange(len(lines[number]) + 1)
            lines[number] = lines[number][:place] + dice.choice(pieces) + lines[number][place + dice.randrange(4) :]
        for fault in faults_if_any("\n".join(lines)):
            assert fault.message
            assert 1 <= fault.line <= len(lines) + 1


VEILED = ("{key: rd_invest, label", '{key: rd_invest, shown_if: dev_mode == "自主", label')
RULE = "require: rd_invest >= 1000000"
RELATED = "          - {key: related,"
COMPUTED = "{key: extra, label: 示例, kind: computed, compute: length(buyer_uscc)}"


def value(expression: str) -> tuple[str, str]:
    """An edit that adds the value ``extra``."""
    return "values:\n", f"values:\n  - {{key: extra, label: 示例, expression: '{expression}'}}\n"


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param([VEILED], "“rd_invest”有时不显示", id="a field"),
        pytest.param(
            [VEILED, value("rd_invest * 2"), (RULE, "require: extra >= 1")], "“extra”有时不显示", id="a value"
        ),
        pytest.param(
            [
                VEILED,
                (RULE, 'when: dev_mode == "自主"\n    require: rd_invest >= 1'),
                ("  base: base\n", "  base: rd_invest\n"),
            ],
            "“funding.entitled”有时不显示",
            id="the entitlement",
        ),
        pytest.param(
            [value("all(contracts, valid_uscc(buyer_uscc))"), (RULE, "require: extra")],
            "“extra”有时不显示",
            id="a value over a conditional column",
        ),
        pytest.param(
            [
                ("      - key: patents\n", '      - key: patents\n        shown_if: dev_mode == "自主"\n'),
                (RULE, "require: count(patents) >= 1"),
            ],
            "“patents”有时不显示",
            id="a table",
        ),
        pytest.param(
            [
                ("  - key: effects\n", '  - key: effects\n    shown_if: dev_mode == "自主"\n'),
                (RULE, "require: count(uses) >= 1"),
            ],
            "“uses”有时不显示",
            id="a table of a section",
        ),
        pytest.param(
            [
                (RELATED, f"          - {COMPUTED}\n{RELATED}"),
                (RULE, "require: all(contracts, extra >= 1)"),
            ],
            "列“extra”有时不显示",
            id="a computed column",
        ),
    ],
)
def test_a_rule_on_something_that_may_be_hidden_needs_a_guard(edits: list[tuple[str, str]], message: str) -> None:
    found = faults_of(edited(*edits))

    assert any(message in fault.message for fault in found), found


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param(
            [VEILED, value("rd_invest * 2"), (RULE, 'when: dev_mode == "自主"\n    require: extra >= 1')],
            id="the field's own condition",
        ),
        pytest.param(
            [VEILED, value("rd_invest * 2"), (RULE, "when: extra > 0\n    require: extra >= 1")],
            id="the value itself",
        ),
        pytest.param(
            [VEILED, value('if(dev_mode == "自主", rd_invest, 0)'), (RULE, "require: extra >= 0")],
            id="a guard within the value",
        ),
    ],
)
def test_a_guard_counts_through_values(edits: list[tuple[str, str]]) -> None:
    assert faults_if_any(edited(*edits)) == ()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("default: 五十万, ", "“五十万”不是数字"),
        ("default: [], ", "应为单个值"),
        ("default: , ", "应有默认值"),
        ("", "应有默认值"),
    ],
)
def test_a_parameter_without_a_readable_default_is_told_once(written: str, words: str) -> None:
    (fault,) = faults_of(edited(("default: 500000, ", written)))

    assert fault.path == "parameters[min_sales].default"
    assert words in fault.message


def test_a_faulty_value_is_told_once_and_not_at_everything_that_reads_it() -> None:
    (fault,) = faults_of(edited(("expression: call.asof", "expression: call.asoff")))

    assert (fault.path, fault.message) == (
        "values[T]",
        "没有名为“call.asoff”的字段或参数，是否应为“call.asof”？",
    )


def test_what_reads_a_faulty_value_is_still_looked_through() -> None:
    found = faults_of(edited(("expression: call.asof", "expression: call.asoff"), ("due_on < T", "due_onn < T")))

    assert [fault.path for fault in found] == ["values[T]", "rules[SBC-29].require"]


def test_a_document_of_a_row_is_told_with_the_table_it_belongs_to() -> None:
    (fault,) = faults_of(edited((RULE, "require: not is_missing(documents.a6)")))

    assert "表格“contracts”" in fault.message


def test_of_faults_beyond_number_only_that_there_are_more_is_told():
    rule = "  - key: X{}\n    title: t\n    clause: {{basis: guide, article: a}}\n    severity: warn\n"
    words = "    require: {}\n    message: m\n    remedy: r\n    sentence: s\n".format(" and ".join(["nope"] * 40))
    head, tail = shipped_text("sbc").split("rubric:\n")
    text = head + "".join(rule.format(number) + words for number in range(40)) + "rubric:\n" + tail

    with pytest.raises(DefinitionFaultsError) as refused:
        parse_definition(text)

    assert 500 <= len(refused.value.faults) <= 501
    assert any("其余没有列出" in fault.message for fault in refused.value.faults)
