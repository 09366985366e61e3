"""The names that an expression of a definition may read, with their kinds and words, also while the text has faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grants.kernel.rules import Kind, Name
from grants.programmes.domain.labels import GENERAL
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.survey import survey
from grants.programmes.domain.loading.yaml_tree import Mapping, Node, Scalar, Sequence, parse_yaml
from grants.programmes.domain.names import EVIDENCE, ORG

COLUMN_LABELS = {
    "in_shanghai": "在本市登记",
    "status": "登记状态",
    "abnormal": "列入经营异常名录",
    "founded_on": "成立日期",
    "name": "单位名称",
    "district": "所在区",
    "severe": "严重失信",
    "active": "尚在公示期",
    "repaired": "已修复",
    "ended_on": "公示期满日",
    "procedure": "处罚程序",
    "decided_on": "处罚决定日",
    "right_no": "登记号",
    "right_name": "软件全称",
    "right_version": "版本号",
    "right_from": "登记日期",
    "level": "支持级次",
    "programme": "专项",
    "project": "项目",
    "product": "产品",
    "product_version": "产品版本",
    "year": "年度",
    "fund": "资金",
    "due_on": "应完成日",
    "accepted": "已验收",
    "starts_on": "起始日",
    "industry": "行业代码",
    "industry_name": "行业名称",
    "is_main": "主营行业",
    "kind": "占用类别",
    "key": "占用内容",
    "application": "申报编号",
    "receipt_no": "受理顺序号",
    "call_ref": "批次编号",
    "claimed_at": "占用时间",
    "similarity": "相似度",
    "declared_continuation": "已声明为延续",
    "document": "材料",
    "row": "所在行",
    "pages": "页数",
    "sound": "完整可读",
    "sealed": "有签章",
}
FUNCTIONS: tuple[tuple[str, str], ...] = (
    ("add_days(日期, 天数)", "日期加若干天"),
    ("add_months(日期, 月数)", "日期加若干个月，日不变，不存在的取当月最后一天"),
    ("all(表, 条件)", "每一行都满足条件；没有行时成立"),
    ("any(表, 条件)", "至少一行满足条件"),
    ("any_same(名单, 文字)", "名单中有与之相同的文字（不计全半角、大小写、空格、标点）"),
    ("coalesce(甲, 乙)", "甲没有填写时取乙"),
    ("contains(文字, 部分)", "文字中含有这一部分"),
    ("count(表)", "行数"),
    ('date("2026-03-02")', "一个日期"),
    ("first(表, 份数, by=列)", "按某列由小到大的前若干行"),
    ("first_of(名单)", "名单的第一项"),
    ("floor_to(数, 级差)", "向下取整到级差的倍数"),
    ("if(条件, 甲, 乙)", "条件成立时取甲，否则取乙"),
    ("is_missing(名称)", "这一项没有填写或没有上传"),
    ("last_of(表, 列)", "最后一行的这一列"),
    ("length(文字)", "字数"),
    ("max(表, 列)", "最大值；也可写几个数，取最大的"),
    ("min(表, 列)", "最小值；也可写几个数，取最小的"),
    ("same_text(甲, 乙)", "两段文字相同（不计全半角、大小写、空格、标点）"),
    ("same_version(甲, 乙)", "两个版本号相同（V1.0 与 1.0 算相同）"),
    ("slice(文字, 起, 长)", "从第几个字起的若干个字"),
    ("starts_with(文字, 开头)", "文字以此开头"),
    ("sum(表, 列)", "各行之和；没有行时为 0"),
    ("valid_uscc(文字)", "统一社会信用代码校验通过"),
    ("where(表, 条件)", "满足条件的行"),
)


@dataclass(frozen=True, slots=True)
class ReadableName:
    """One name: what to write, its kind (None of a function or a list), its words, and where it comes from.

    ``table``: it is read inside ``sum``, ``all``, ... over that table. ``conditional``: it may be hidden, so a rule
    that reads it needs a ``when``.
    """

    name: str
    kind: Kind | None
    label: str
    group: str
    table: str = ""
    conditional: bool = False


def list_names(source: str) -> tuple[ReadableName, ...]:
    """Every readable name by group in the order of the text, then the language's functions.

    Names whose expression is faulty are left out: reading them would be a fault. Raises DefinitionFaultsError where the
    text is no YAML.
    """
    root, faults = parse_yaml(source)
    found = survey(root)
    compiler = Compiler(source, found, faults)
    compiler.infer(root)
    words = _labels(root)
    own = [
        each
        for name, known in compiler.scope.names.items()
        for each in _with_columns(name, known, words, group_of(name, words))
    ]
    tables = [
        each
        for name in found.columns
        if name not in compiler.scope.names
        for each in _with_columns(name, Name(Kind.TABLE, found.columns[name]), words, "fields")
    ]
    lists = [ReadableName(key, None, words.get(f"lists.{key}", key), "lists") for key in found.lists]
    functions = [ReadableName(name, None, label, "functions") for name, label in FUNCTIONS]
    order = ("parameters", "values", "fields", "documents", "call", "evidence", "lists", "functions")
    return tuple(sorted([*own, *tables, *lists, *functions], key=lambda each: order.index(each.group)))


def group_of(name: str, words: dict[str, str]) -> str:
    """Where a name comes from: the heading under which it is listed."""
    root = name.split(".")[0]
    if root in EVIDENCE:
        return "evidence"
    if name in GENERAL:
        return "call"
    if root == "documents":
        return "documents"
    return next((group for group in ("parameters", "values") if f"{group}.{name}" in words), "fields")


def _with_columns(name: str, known: Name, words: dict[str, str], group: str) -> Iterator[ReadableName]:
    label = words.get(f"{group}.{name}") or _general_label(name)
    yield ReadableName(name, known.kind, label, group, conditional=known.conditional)
    if group == "values":
        return
    for key, column in known.columns.items():
        own = words.get(f"fields.{name}.{key}") or words.get(f"documents.{key}") or COLUMN_LABELS.get(key, key)
        yield ReadableName(key, column.kind, own, group, name, column.conditional)


def _general_label(name: str) -> str:
    root, _, column = name.partition(".")
    if root in EVIDENCE:
        return f"{EVIDENCE[root].label}·{COLUMN_LABELS.get(column, column)}" if column else EVIDENCE[root].label
    return GENERAL.get(name, name)


def _labels(root: Mapping) -> dict[str, str]:
    """``parameters.cap`` -> its label, and so on."""
    found: dict[str, str] = {}
    for group in ("parameters", "values", "lists"):
        found.update({f"{group}.{_text(part, 'key')}": _text(part, "label") for part in _parts(root, group)})
    found.update(
        {f"documents.documents.{_text(part, 'key')}": _text(part, "label") for part in _parts(root, "documents")}
    )
    found.update({f"documents.{_text(part, 'key')}": _text(part, "label") for part in _parts(root, "documents")})
    for section in _parts(root, "sections"):
        prefix = f"{ORG}." if _text(section, "key") == ORG else ""
        for part in _parts(section, "fields"):
            path = f"{prefix}{_text(part, 'key')}"
            found[f"fields.{path}"] = _text(part, "label")
            found.update(
                {f"fields.{path}.{_text(column, 'key')}": _text(column, "label") for column in _parts(part, "columns")}
            )
    return found


def _parts(parent: Mapping, key: str) -> Iterator[Mapping]:
    node: Node | None = parent.entries.get(key)
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            yield item


def _text(part: Mapping, key: str) -> str:
    node = part.entries.get(key)
    return node.text.strip() if isinstance(node, Scalar) else ""
