"""An application as a document: what the form asked, what was answered, with which papers, on whose word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from grants.applications.domain.papers import PdfKind
from grants.applications.queries import Source
from grants.kernel.money import wan_text
from grants.programmes.domain import FieldKind, ReadField, ReadSection, funding_amount, read_sections
from workers.typesetting.compiling import compile_pdf
from workers.typesetting.glyphs import Printer
from workers.typesetting.words import breakable, ems, instant_words, lines_of, row_words, size_words, slot_words

FINGERPRINT_WIDTH = 32
PAGE_EMS = 52.0  # what a line of a table holds at its size
CELL_EMS = 0.8  # white space within a cell
WRAPPED_EMS = 7.0  # the least a column of text needs to be read
LONG_CELL_EMS = 90.0  # beyond it a cell makes its row taller than a table bears
LONG_CARD_EMS = 400.0  # beyond it a card may break across pages
NARROW_EMS = 14.0  # what fits into half a card


def typeset_application(source: Source) -> bytes:
    """The PDF of an application: marked as a draft, or with number and fingerprint of what was handed in.

    Raises typst.TypstError.
    """
    printer = Printer()
    document = printer.whole(_document(source))
    notes = [*document["notes"]]
    if printer.missing:
        notes.append(f"本件有 {printer.missing} 个字符没有字形，以“□”印出；内容以系统中的电子数据为准。")
    return compile_pdf("pdf/application.typ", {**document, "notes": notes})


def _document(source: Source) -> dict[str, Any]:
    draft = source.kind is PdfKind.DRAFT
    mark = "草稿，尚未提交" if draft else f"{source.ref}  第 {source.revision} 次提交"
    made = f"截至 {instant_words(source.revision_at)} 保存的内容" if draft else f"内容指纹 {source.sha256[:16]}…"
    return {
        "title": f"申报书{'（草稿）' if draft else f' {source.ref}'}",
        "organisation": source.organisation,
        "draft": draft,
        "programme": source.definition.title,
        "call": source.call,
        "header": f"{source.organisation}  申报书",
        "mark": mark,
        "footer": made,
        "facts": _facts(source, draft),
        "sha256": [] if draft else lines_of(source.sha256, FINGERPRINT_WIDTH),
        "notes": ["本件由模拟系统生成，不产生任何效力。"],
        "sections": [_section(source, section) for section in _sections(source)],
        "papers_title": f"申报材料（{len(source.documents)} 份）",
        "papers_head": ["序号", "材料", "文件名", "页数", "大小", "文件指纹（SHA-256）"],
        "papers": [_paper(source, number, paper) for number, paper in enumerate(source.documents, 1)],
        "undertakings_title": "承诺书",
        "undertakings": list(_undertakings(source, draft)),
    }


def _facts(source: Source, draft: bool) -> list[dict[str, Any]]:
    amount = funding_amount(source.definition, source.case).requested_fen
    facts = [
        ("申报单位", source.organisation),
        ("统一社会信用代码", source.uscc),
        ("申报内容", source.title or "未填写"),
        ("申请金额", f"{wan_text(amount)} 万元" if amount else "未填写"),
    ]
    if source.ref:
        facts.append(("受理编号", source.ref))
    if source.submitted_at and not draft:
        facts.append(("首次提交", instant_words(source.submitted_at)))
        if source.revision > 1:
            facts.append((f"第 {source.revision} 次提交", instant_words(source.revision_at)))
    return [_pair(label, text) for label, text in facts]


def _sections(source: Source) -> Iterator[ReadSection]:
    """The sections without the undertakings, which stand at the end in full."""
    definition = source.definition
    for section in read_sections(definition, source.case, with_private=True):
        fields = tuple(f for f in section.fields if definition.field(f.path).kind is not FieldKind.UNDERTAKING)
        if fields:
            yield replace(section, fields=fields)


def _section(source: Source, section: ReadSection) -> dict[str, Any]:
    """Short answers that follow each other stand in one list."""
    parts: list[dict[str, Any]] = []
    for field in section.fields:
        if field.is_table or (field.long and field.answered):
            parts.append(_part(source, field))
        elif parts and parts[-1]["kind"] == "pairs":
            parts[-1]["items"].append(_pair(field.label, field.text))
        else:
            parts.append({"kind": "pairs", "items": [_pair(field.label, field.text)]})
    return {"title": section.title, "parts": parts}


def _part(source: Source, field: ReadField) -> dict[str, Any]:
    if not field.is_table:
        return {"kind": "prose", "label": field.label, "paragraphs": _paragraphs(field.text)}
    if not field.rows:
        return {"kind": "none", "label": field.label, "text": "没有填写。"}
    needs = [_need(field, place) for place in range(len(field.columns))]
    if sum(needs) > PAGE_EMS or _longest(field) > LONG_CELL_EMS:
        return {"kind": "cards", "label": field.label, "cards": list(_cards(source, field))}
    return {
        "kind": "table",
        "label": field.label,
        "columns": [
            {"label": _head(column.label, column.unit), "number": column.numeric, "weight": need}
            for column, need in zip(field.columns, needs, strict=True)
        ],
        "rows": [[breakable(cell) for cell in row.cells] for row in field.rows],
    }


def _need(field: ReadField, place: int) -> float:
    """The width in em that a column needs: a number all of it, a text enough to be read, a head on two lines."""
    column = field.columns[place]
    widest = max((ems(row.cells[place]) for row in field.rows), default=0.0)
    cells = widest if column.numeric else min(widest, WRAPPED_EMS)
    return round(max(cells, ems(_head(column.label, column.unit)) / 2 + 0.5, 2.0) + CELL_EMS, 2)


def _longest(field: ReadField) -> float:
    return max((ems(cell) for row in field.rows for cell in row.cells), default=0.0)


def _cards(source: Source, field: ReadField) -> Iterator[dict[str, Any]]:
    table = source.definition.field(field.path)
    heads = [_head(column.label, column.unit) for column in field.columns]
    for number, row in enumerate(field.rows, 1):
        yield {
            "title": row_words(table, row.id, number),
            "pairs": list(_in_halves(zip(heads, row.cells, strict=True))),
            "long": sum(map(ems, row.cells)) > LONG_CARD_EMS,
        }


def _in_halves(cells: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Cells two to a line where both are short; one that finds no neighbour has the line to itself."""
    waiting: dict[str, Any] | None = None
    for label, text in cells:
        pair = {**_pair(label, text or "–"), "wide": ems(text) > NARROW_EMS}
        if waiting is None and not pair["wide"]:
            waiting = pair
            continue
        if waiting is not None:
            yield {**waiting, "wide": pair["wide"]}
        yield pair
        waiting = None
    if waiting is not None:
        yield {**waiting, "wide": True}


def _head(label: str, unit: str) -> str:
    return f"{label}（{unit}）" if unit else label


def _pair(label: str, text: str) -> dict[str, Any]:
    return {"label": label, "lines": _paragraphs(text)}


def _paragraphs(text: str) -> list[str]:
    """Lines with something in them; what has none stays one empty line."""
    return [breakable(line.strip()) for line in text.splitlines() if line.strip()] or [""]


def _paper(source: Source, number: int, paper: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": str(number),
        "label": slot_words(source.definition, source.case, paper),
        "name": breakable(paper["name"]),
        "pages": str(paper["pages"] or "–"),
        "size": size_words(int(paper["size"] or 0)),
        "sha256": lines_of(paper["sha256"], FINGERPRINT_WIDTH),
    }


def _undertakings(source: Source, draft: bool) -> Iterable[dict[str, Any]]:
    if draft:
        fields = source.definition.fields_by_path.values()
        statements = [field.statement for field in fields if field.kind is FieldKind.UNDERTAKING]
        return [{"paragraphs": _paragraphs(text), "by": "提交时由有权签署的人员确认"} for text in statements]
    return [{"paragraphs": _paragraphs(given["statement"]), "by": _given_by(given)} for given in source.undertakings]


def _given_by(given: Mapping[str, Any]) -> str:
    return f"确认人：{given['name']}，{instant_words(datetime.fromisoformat(given['at']))}"
