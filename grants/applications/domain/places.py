"""What a correction speaks of, in the words of the form."""

from __future__ import annotations

from grants.applications.domain.scope import CorrectionItem
from grants.programmes.domain import CaseView, Definition, describe_name


def place_words(definition: Definition, view: CaseView, item: CorrectionItem) -> str:
    """产品 · 产品名称, 首批销售合同第 1 行, 首批销售合同第 1 行·合同软件金额, 材料“营业执照”."""
    if item.document:
        table = definition.document(item.document).rows_of
        if not item.row:
            return describe_name(definition, f"documents.{item.document}", view)
        return describe_name(definition, f"{table}[{item.row}].documents.{item.document}", _worked_out(view, table))
    if item.path not in definition.section_of:
        table, _dot, column = item.path.rpartition(".")
        name = f"{table}[{item.row}].{column}" if item.row else item.path
        return describe_name(definition, name, _worked_out(view, table))
    if item.row:
        first = definition.field(item.path).columns[0]
        cell = describe_name(definition, f"{item.path}[{item.row}].{first.key}", _worked_out(view, item.path))
        return cell.removesuffix(f"·{first.label}")
    title, label = definition.section_of[item.path].title, describe_name(definition, item.path, view)
    return label if title == label else f"{title} · {label}"


def _worked_out(view: CaseView, table: str) -> CaseView:
    """The view once it has worked the table out, so that a row's number can be told."""
    view[table]
    return view
