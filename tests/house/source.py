"""Reading the product's own source, for tests about the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = (ROOT / "grants", ROOT / "workers")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product as its path from the root and its syntax tree."""
    for folder in PRODUCT:
        for file in sorted(folder.rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Every call of ``name(...)`` or ``something.name(...)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) == name:
                yield node
