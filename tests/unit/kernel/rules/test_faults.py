"""Every kind of fault: a clear sentence at the right column, all of them at once."""

import pytest

from grants.kernel.rules import ExpressionFaultsError, Fault, Kind, Name, Scope, compile_expression
from tests.unit.kernel.rules.domain_scope import SBC


def faults_of(text: str, scope: Scope = SBC, **options: object) -> tuple[Fault, ...]:
    """What is wrong with a text that must be refused."""
    with pytest.raises(ExpressionFaultsError) as refused:
        compile_expression(text, scope, **options)  # type: ignore[arg-type]
    return refused.value.faults


CASES = [
    # names
    ("reqested <= cap", 1, "没有名为“reqested”的字段或参数，是否应为“requested”？"),
    ("sum(counted, sofware) > 1", 14, "是否应为“software”？"),
    ("cuont(contracts) > 1", 1, "没有名为“cuont”的函数，是否应为“count”？"),
    ("zzzzzzzz > 1", 1, "没有名为“zzzzzzzz”的字段或参数"),
    ("software > 1", 1, "“software”是表格“contracts”的列，只能在读取该表格的函数里使用"),
    ("is_missing(documents.a6)", 12, "“documents.a6”按表格“contracts”逐行提交"),
    ("sum > 1", 1, "“sum”是函数，后面要写括号和参数"),
    ("org == 1", 1, "“org”后面要写“.”和具体名称"),
    ("software_codes == 1", 1, "“software_codes”是名单，只能写在“in”的后面"),
    ("requested(1) > 1", 1, "没有名为“requested”的函数"),
    # kinds
    ("T > 3", 5, "日期不能与数字比较"),
    ("3 < T", 5, "数字不能与日期比较"),
    ("T <= submitted_at", 6, "日期不能与时刻比较，时刻精确到几点几分，只能与时刻比较"),
    ('requested == "1"', 14, "数字不能与文字比较"),
    ('org.name < "a"', 1, "“<”的两边都应是数字或日期或时刻，这里是文字"),
    ("contracts == contracts", 1, "表格要用 count、sum、any、all 等函数读取"),
    ("T + 1 > T", 1, "“+”只能用于数字，日期的推移请用 add_days 或 add_months"),
    ('org.name + "x" == "y"', 1, "“+”的两边都应是数字，这里是文字"),
    ("-T > T", 2, "负号后面应是数字，这里是日期"),
    ("not requested", 5, "“not”的后面应是是否，这里是数字"),
    ("requested and credit_auth", 1, "“and”的两边都应是是否，这里是数字"),
    ("documents.a3 and credit_auth", 1, "材料只能写在 is_missing(…) 里"),
    ("documents.a3", 1, "材料只能写在 is_missing(…) 里"),
    ("if(requested, 1, 2) > 1", 4, "“if”的条件应是是否，这里是数字"),
    ('if(credit_auth, 1, "a") == 1', 20, "“if”的各项应同是数字，这里是文字"),
    ('coalesce(requested, "a") == 1', 21, "“coalesce”的各项应同是数字，这里是文字"),
    ("is_missing(requested + 1)", 22, "“is_missing”里只能写一个字段、列或材料的名称"),
    ("is_missing(contracts)", 12, "“is_missing”的参数应是"),
    ("min(requested, T) > 1", 16, "“min”的各项应同是数字，这里是日期"),
    ("any(contracts, software)", 16, "“any”逐行计算的值应是是否，这里是数字"),
    ("sum(requested, 1) > 1", 5, "“sum”的第 1 个参数应是表格，这里是数字"),
    ("count(requested) > 1", 7, "“count”的第 1 个参数应是表格，这里是数字"),
    ("min(contracts, sold_name) == 1", 16, "“min”逐行计算的值应是"),
    ("count(first(contracts, T, by=signed_on)) > 1", 24, "“first”的行数应是数字，这里是日期"),
    ("count(first(contracts, 1, by=sold_name)) > 1", 30, "“first”逐行计算的值应是"),
    ("add_months(T, T) > T", 15, "“add_months”的第 2 个参数应是数字，这里是日期"),
    ("T in (1, 2)", 7, "“in”括号里的各项都应是日期，这里是数字"),
    ('"a" in (call.funds)', 9, "列表请不要放在括号里"),
    ('"a" in org.name', 8, "“in”的后面应是文字列表，这里是文字"),
    ("requested in call.funds", 1, "在列表中查找的应是文字，这里是数字"),
    ("contracts in (1, 2)", 1, "“in”的前面应是"),
    # how functions are written
    ("count(contracts, 1) > 1", 1, "“count”的参数不对，写法是 count(表格)"),
    ("sum(contracts) > 1", 1, "“sum”的参数不对，写法是 sum(表格, 数字)"),
    ("min(contracts) > 1", 1, "“min”的参数不对"),
    ("min(1) > 1", 1, "“min”的参数不对"),
    ("max() > 1", 1, "“max”的参数不对"),
    ("count(first(contracts, 1)) > 1", 7, "写法是 first(表格, 行数, by=排序的值)"),
    ("count(contracts, by=1) > 1", 1, "“count”的参数不对"),
    ("length() > 1", 1, "写法是 length(文字或列表)"),
    ("if(credit_auth, 1) > 1", 1, "写法是 if(条件, 是则取, 否则取)"),
    ("is_missing()", 1, "写法是 is_missing(字段或材料)"),
    ("coalesce(requested) > 1", 1, "写法是 coalesce(值, 缺失时取)"),
    ("last_of(contracts) > 1", 1, "写法是 last_of(表格, 列)"),
    ('date("2026-02-30") > T', 6, '日期要写成 date("2026-03-02")，并且是存在的一天'),
    ('date("20260302") > T', 6, "日期要写成"),
    ("date(T) > T", 6, "日期要写成"),
    ("date() > T", 1, "“date”的参数不对"),
    # writing
    ("requested <= 30% * cap", 16, "30% 写作 0.3"),
    ("requested ＜ cap", 11, "不能使用“＜”，是否应为半角的“<”？"),
    ("（requested > 1）", 1, "不能使用“（”，是否应为半角的“(”？"),
    ("org.name == “示例”", 13, "文字请放在半角双引号内"),
    ("org.name == '示例'", 13, "文字请放在半角双引号内"),
    ('org.name == "示例', 13, "缺少结束的引号"),
    ('org.name == "a\\n"', 13, "缺少结束的引号"),
    ("requested = 1", 11, "比较是否相等请写“==”"),
    ("credit_auth && credit_auth", 13, "是否应为半角的“and”？"),
    ("申报额 > 1", 1, "不能使用“申报额”"),
    ("requested\u200b > 1", 10, "U+200B"),
    ("requested 大于 1", 11, "不能使用“大于”"),
    ('"a" in (核心, "b")', 9, "不能使用“核心”，文字请放在半角双引号内"),
    ("length(org.name, ) > 1", 18, "却是“)”"),
    ('"a" in ("b", )', 14, "却是“)”"),
    ("1e5 > 1", 2, "数字“1”后面不能紧跟“e5”"),
    ("requested > 1 1", 15, "“1”的前面缺少运算符，或此处多余"),
    ("requested >", 12, "这里应是数字、文字或名称，却是表达式的结尾"),
    ("", 1, "这里应是数字、文字或名称，却是表达式的结尾"),
    ("(requested > 1", 15, "括号没有合上"),
    ("requested > 1)", 14, "“)”的前面缺少运算符，或此处多余"),
    ("length(org.name org.name) > 1", 17, "“org.name”的前面缺少逗号或运算符"),
    ("requested not in (1, 2)", 11, "“not”只能写在整个条件之前"),
    ("requested in ()", 14, "至少要有一项"),
    ("requested ** 2 > 1", 12, "这里应是数字、文字或名称，却是“*”"),
    ("requested.real > 1", 1, "没有名为“requested.real”"),
    # bounds
    ("1" * 35 + " > 1", 1, "数字最多 34 位有效数字"),
    ("requested > " + "1" * 2000, 1, "最多 2000 个"),
    ("1" + "+1" * 200 + " > 1", 300, "表达式太长：最多 300 个"),
    ("(" * 31 + "1" + ")" * 31 + " > 1", 32, "嵌套太深：最多 30 层"),
]


@pytest.mark.parametrize(("text", "column", "part"), CASES, ids=[case[0][:60] for case in CASES])
def test_fault(text: str, column: int, part: str) -> None:
    faults = faults_of(text)

    assert any(fault.column == column and part in fault.message for fault in faults), faults
    assert len(faults) <= 2


def test_all_faults_are_told_at_once_with_line_and_column() -> None:
    text = "reqested > 1\n  and T > 3\n  and sum(contracts, sofware) > cap2\n  and (org.name == 5)"

    faults = faults_of(text)

    assert [(fault.line, fault.column) for fault in faults] == [(1, 1), (2, 11), (3, 22), (3, 33), (4, 20)]


def test_a_fault_in_one_argument_does_not_hide_the_others() -> None:
    faults = faults_of("min(requested +, cpa, min_sale) > 1")

    assert [fault.column for fault in faults] == [16, 18, 23]


def test_result_must_be_of_the_kind_its_place_needs() -> None:
    (fault,) = faults_of("requested + 1", expects=Kind.YES_NO)

    assert fault == Fault(1, 1, "这里需要结果为是否的表达式，现在的结果是数字")


def test_hundreds_of_faults_are_cut_off() -> None:
    assert len(faults_of(" + ".join(f"x{number}" for number in range(140)))) == 50


@pytest.mark.parametrize(
    ("text", "unguarded"),
    [
        ('partner == "a"', {"partner"}),
        ('plain or partner == "a"', set()),
        ('if(partner == "a", 1, 2)', {"partner"}),
        ("first(sales, 1, by=length(code))", {"code"}),
        ("where(sales, abroad or valid_uscc(code))", set()),
        ("plain", set()),
    ],
)
def test_an_expression_tells_what_it_reads_without_a_guard(text: str, unguarded: set[str]) -> None:
    expression = compile_expression(text, VEILED)

    assert expression.unguarded == unguarded
    assert expression.result.conditional is bool(unguarded)


VEILED = Scope(
    {
        "plain": Name(Kind.YES_NO),
        "partner": Name(Kind.TEXT, conditional=True),
        "sales": Name(Kind.TABLE, {"abroad": Name(Kind.YES_NO), "code": Name(Kind.TEXT, conditional=True)}),
    }
)


@pytest.mark.parametrize(
    ("text", "guarded", "message"),
    [
        ('partner == "a"', (), "“partner”有时不显示，读取它的规则需要写 when"),
        ('plain or partner == "a"', (), "“partner”有时不显示，读取它的规则需要写 when"),
        ('partner == "a"', ("partner",), None),
        ("all(sales, valid_uscc(code))", (), "列“code”有时不显示，请先写出条件，例如“…… or code …”"),
        ("all(sales, abroad or valid_uscc(code))", (), None),
        ("all(sales, if(abroad, plain, valid_uscc(code)))", (), None),
        ("all(where(sales, not abroad), valid_uscc(code))", (), None),
    ],
)
def test_conditional_names_need_a_guard_in_rules(text: str, guarded: tuple[str, ...], message: str | None) -> None:
    if message is None:
        compile_expression(text, VEILED, guarded=guarded, check_conditionals=True)
    else:
        assert [fault.message for fault in faults_of(text, VEILED, guarded=guarded, check_conditionals=True)] == [
            message
        ]
    compile_expression(text, VEILED)


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("requested / cap <= 0.3", 11, "比较中含有除法"),
        ("floor_to(requested / 3, 1) <= 5", 20, "比较中含有除法"),
        ("is_missing(reg.status)", 1, "对外部查询结果不起作用"),
        ('coalesce(reg.status, "") == ""', 1, "对外部查询结果不起作用"),
    ],
)
def test_warning(text: str, column: int, part: str) -> None:
    (warning,) = compile_expression(text, SBC).warnings

    assert (warning.line, warning.column) == (1, column)
    assert part in warning.message


def test_dividing_outside_a_comparison_is_no_warning() -> None:
    assert compile_expression("requested / 3", SBC).warnings == ()


def test_the_error_itself_reads_well() -> None:
    with pytest.raises(ExpressionFaultsError, match="第1行第5列：日期不能与数字比较"):
        compile_expression("T > 3", SBC)
