"""Sentences that quote values, and how values read in them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grants.kernel.rules import (
    Cause,
    ExpressionFaultsError,
    Fault,
    Row,
    Table,
    Unknown,
    Value,
    format_value,
    parse_template,
)
from tests.unit.kernel.rules.domain_scope import SBC

SOLD = Table(
    "contracts", (Row("r1", {"software": Decimal("300000.00")}), Row("r2", {"software": Decimal("100000.50")}))
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("500000.00"), "500,000"),
        (Decimal("1233333.50"), "1,233,333.5"),
        (Decimal("0.0000000001"), "0.0000000001"),
        (Decimal("1E+6"), "1,000,000"),
        (Decimal("-0.00"), "0"),
        (Decimal("-1234"), "-1,234"),
        (Decimal("100"), "100"),
        (date(2026, 3, 2), "2026年3月2日"),
        (datetime(2026, 3, 2, 1, 5, tzinfo=UTC), "2026年3月2日 09:05"),
        (datetime(2026, 3, 2, 23, 5, 7, tzinfo=UTC), "2026年3月3日 07:05:07"),
        (True, "是"),
        (False, "否"),
        ("示例", "示例"),
        (("甲", "乙"), "甲、乙"),
        (SOLD, "2 行"),
        (Unknown(Cause.EVIDENCE), "（未取得）"),
        (Unknown(Cause.ANSWER), "（未填写）"),
        (Unknown(Cause.DOCUMENT), "（未上传）"),
    ],
)
def test_value_in_words(value: Value, text: str) -> None:
    assert format_value(value) == text


def test_sentence_with_values() -> None:
    template = parse_template("合计 {sum(counted, software)} 元，未达到 {min_sales} 元。", SBC)

    assert template.names == {"counted", "min_sales"}
    assert template.render({"counted": SOLD, "min_sales": Decimal(500000)}) == "合计 400,000.5 元，未达到 500,000 元。"
    assert (
        template.render({"counted": Unknown(Cause.EVIDENCE), "min_sales": Decimal(5)})
        == "合计 （未取得） 元，未达到 5 元。"
    )


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("均价 {min_sales / 3} 元。", "均价 33,333.33 元。"),
        ("每 {1 / 3} 年", "每 0.33 年"),
        ("占 {100 / 3}%", "占 33.3%"),
        ("占 {100 / 3} ％", "占 33.3 ％"),
        ("占 {100 * 2 / 3}%，其余 {100 / 3}%", "占 66.7%，其余 33.3%"),
        ("比例 {3333 / 100}%", "比例 33.33%"),  # two decimals of its own: a rate as it was laid down
        ("{0.125} 与 {2.5}", "0.13 与 2.5"),
        ("{-100000 / 3}", "-33,333.33"),
        ("{0.3 + 1 / 100000}，超过 {0.3}。", "0.30001，超过 0.3。"),  # rounded it would exceed itself
        ("占 {50 + 1 / 30}%，超过 50%。", "占 50.03%，超过 50%。"),
        ("余 {1 / 1024}", "余 0.001"),  # something is not nothing
        ("为 {2 / 3} 与 {2 / 3}", "为 0.67 与 0.67"),
    ],
)
def test_numbers_are_shortened_and_never_read_as_another(text: str, rendered: str) -> None:
    assert parse_template(text, SBC).render({"min_sales": Decimal(100_000)}) == rendered


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("没有引用", "没有引用"),
        ("", ""),
        ("写作 {{名称}}", "写作 {名称}"),
        ('{if(credit_auth, "}", "{")}', "}"),
        ('{if(credit_auth, "\\"}", "{")}', '"}'),
        ("{credit_auth}{credit_auth}", "是是"),
    ],
)
def test_braces(text: str, rendered: str) -> None:
    assert parse_template(text, SBC).render({"credit_auth": True}) == rendered


def test_all_faults_by_place_in_the_sentence() -> None:
    with pytest.raises(ExpressionFaultsError) as refused:
        parse_template("已申请 {reqested} 元\n上限 {T > 3}，{documents.a3}，{", SBC)

    assert refused.value.faults == (
        Fault(1, 6, "没有名为“reqested”的字段或参数，是否应为“requested”？"),
        Fault(2, 9, "日期不能与数字比较"),
        Fault(2, 13, "表达式的结果是材料，材料只能写在 is_missing(…) 里"),
        Fault(2, 27, "花括号不成对；引用的值写作 {名称}，文字里的花括号要写两个"),
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("多了}", "花括号不成对"),
        ("{}", "却是表达式的结尾"),
        ("{a{b}", "花括号不成对"),
        ("长" * 4001, "最多 4000 个"),
        ("{contracts software}", "缺少运算符"),
    ],
)
def test_faulty_sentence(text: str, part: str) -> None:
    with pytest.raises(ExpressionFaultsError, match=part):
        parse_template(text, SBC)
