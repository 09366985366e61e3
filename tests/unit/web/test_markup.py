"""What the Content-Security-Policy would refuse is not written in the first place; icons that are used exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_INLINE = re.compile(r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<style\b|<script(?![^>]*\bsrc=)|javascript:""")
_ELSEWHERE = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")
_ICON = re.compile(r"""\bicon\("([a-z]+)\"""")
_ICON_ARGUMENT = re.compile(r"""icon_name="([a-z]+)\"""")
_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def name(path):
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_nothing_inline_and_nothing_from_elsewhere(template):
    text = _JINJA.sub("", template.read_text())

    assert _INLINE.findall(text) == []
    assert _ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_icon_used_is_in_the_sprite(template):
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (ROOT / "static/img/icons.svg").read_text()))
    text = _COMMENT.sub("", template.read_text())

    assert {*_ICON.findall(text), *_ICON_ARGUMENT.findall(text)} - drawn == set()


@pytest.mark.parametrize("script", sorted((ROOT / "static/js").glob("*.js")), ids=lambda script: script.name)
def test_scripts_evaluate_nothing_and_ask_nobody_else(script):
    text = script.read_text()

    assert '"use strict";' in text
    assert not re.search(r"\beval\(|innerHTML|document\.write|new Function|import\(|https?://", text)
