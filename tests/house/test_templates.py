"""Every template is reached from a view, a task or another template."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

from tests.house.source import ROOT, modules

TEMPLATES = ROOT / "templates"
LETTERS = TEMPLATES / "mail"
SUFFIXES = (".html", ".txt", ".xml", ".typ")
REFERENCE = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+(.*?)-?%}""", re.DOTALL)
QUOTED = re.compile(r"""["']([^"']+\.[a-z]+)["']""")


def named_in_python() -> Iterator[str]:
    """Template names in the product's strings; what a formatted string fills in becomes ``*`` (a letter's name)."""
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
                yield f"mail/{pattern}" if pattern.startswith("*") else pattern


def named_in_templates() -> Iterator[str]:
    """Template names in templates, from the root; letters name each other from their own folder."""
    for file in TEMPLATES.rglob("*"):
        if file.suffix in SUFFIXES:
            folder = "mail/" if LETTERS in file.parents else ""
            for statement in REFERENCE.findall(file.read_text(encoding="utf-8")):
                yield from (folder + name for name in QUOTED.findall(statement))


def test_every_template_is_used():
    patterns = {name for name in (*named_in_python(), *named_in_templates()) if name.endswith(SUFFIXES)}
    templates = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*") if file.suffix in SUFFIXES}

    assert sorted(name for name in templates if not any(fnmatch(name, pattern) for pattern in patterns)) == []


def test_every_template_named_by_a_template_exists():
    assert sorted(name for name in set(named_in_templates()) if not (TEMPLATES / name).exists()) == []
