"""Names of the rules in the words of the form."""

from __future__ import annotations

import re

from grants.kernel.rules import Table
from grants.programmes.domain.model import Definition
from grants.programmes.domain.names import EVIDENCE
from grants.programmes.domain.view import CaseView

_CELL = re.compile(r"(?P<table>[^\[]+)\[(?P<row>[^\]]*)\]\.(?P<column>.+)\Z")
GENERAL = {
    "submitted_at": "提交时间",
    "call.asof": "计算基准日",
    "call.opens_at": "申报开始时间",
    "call.effective_close": "申报截止时间",
    "call.funds": "资金来源",
    "call.year": "申报年度",
    "call.ref": "申报批次编号",
    "district.recommended": "区主管部门推荐意见",
    "funding.entitled": "按规则可支持金额",
}


def describe_name(definition: Definition, name: str, view: CaseView | None = None) -> str:
    """``contracts[r1].software`` as 首批销售合同第 1 行·合同软件金额; a name without words stays as it is."""
    match = _CELL.match(name)
    if match is not None:
        row = _row_number(match["table"], match["row"], view)
        return (
            f"{describe_name(definition, match['table'])}{row}·{_column(definition, match['table'], match['column'])}"
        )
    root = name.split(".")[0]
    if root in EVIDENCE:
        return EVIDENCE[root].label
    if name.startswith("documents."):
        return f"材料“{definition.document(name.removeprefix('documents.')).label}”"
    if name in GENERAL:
        return GENERAL[name]
    return _own(definition, name)


def _own(definition: Definition, name: str) -> str:
    field = definition.fields_by_path.get(name)
    if field is not None:
        return field.label
    labels = {value.key: value.label for value in definition.values}
    labels.update({parameter.key: parameter.label for parameter in definition.parameters})
    return labels.get(name, name)


def _column(definition: Definition, table: str, column: str) -> str:
    if column.startswith("documents."):
        return describe_name(definition, column)
    field = definition.fields_by_path.get(f"{table}.{column}")
    return field.label if field is not None else column


def _row_number(table: str, row: str, view: CaseView | None) -> str:
    known = view is not None and (table in view or table in view.definition.fields_by_path)
    rows = view[table] if view is not None and known else None
    ids = [found.id for found in rows.rows] if isinstance(rows, Table) else []
    return f"第 {ids.index(row) + 1} 行" if row in ids else f"[{row}]"
