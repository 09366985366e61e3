"""Document slots."""

from __future__ import annotations

from grants.kernel.rules import Kind
from grants.programmes.domain.kinds import Phase
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.reader import Part, nearest
from grants.programmes.domain.model import DocumentSlot

FILE_TYPES = ("pdf", "jpg", "png", "xlsx")
BYTES_PER_MB = 1_048_576
MAX_MB = 100


def read_documents(root: Part, compiler: Compiler) -> tuple[DocumentSlot, ...]:
    """Every document slot of the file; sizes are written in MB."""
    return tuple(_read_slot(part, compiler) for part in root.parts("documents", required=True))


def _read_slot(part: Part, compiler: Compiler) -> DocumentSlot:
    condition = part.scalar("required_if")
    table = part.text("rows_of")
    if table and table not in compiler.survey.columns:
        part.fault(f"没有名为“{table}”的表格{nearest(table, compiler.survey.columns)}", key="rows_of")
    scope = compiler.row_scope(table) if table in compiler.survey.columns else None
    path = part.path_of("required_if")
    slot = DocumentSlot(
        key=part.text("key", required=True),
        label=part.text("label", required=True),
        accept=_read_accept(part),
        max_bytes=_read_megabytes(part) * BYTES_PER_MB,
        help=part.text("help"),
        max_pages=part.integer("max_pages", minimum=1),
        required=part.yes_no("required"),
        required_if=compiler.expression(condition, path, expects=Kind.YES_NO, scope=scope) if condition else None,
        rows_of=table,
        max_files=part.integer("max_files", minimum=1) or 1,
        template=part.text("template"),
        phase=part.member("phase", Phase, default=Phase.APPLICATION),
    )
    part.close()
    return slot


def _read_accept(part: Part) -> tuple[str, ...]:
    types = part.texts("accept", required=True)
    for kind in types:
        if kind not in FILE_TYPES:
            part.fault(f"不支持的文件类型“{kind}”（可用：{'、'.join(FILE_TYPES)}）", key="accept")
    return types


def _read_megabytes(part: Part) -> int:
    size = part.integer("max_mb", required=True, minimum=1) or 1
    if size > MAX_MB:
        part.fault(f"单个文件不得超过 {MAX_MB} MB", key="max_mb")
    return size
