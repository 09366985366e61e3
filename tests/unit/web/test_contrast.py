"""Text and what lies behind it: every pair of tokens that meet is at least 4.5:1, computed from tokens.css."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "static" / "css"
ENOUGH = 4.5

_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\s*;")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOUR_LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*\{)|\brgba?\(|\bhsla?\(")

LIGHT = ("paper", "paper-2", "ground", "head-bg")
READ_ON_LIGHT = (
    "ink", "muted", "muted-dark", "primary", "primary-dark", "primary-deep", "cinnabar", "cinnabar-dark", "success",
    "success-dark", "caution", "caution-dark",
)  # fmt: skip
PAIRS = (
    *((text, ground) for text in READ_ON_LIGHT for ground in LIGHT),
    *((text, "ground-2") for text in ("ink", "muted", "muted-dark", "primary")),
    ("muted-dark", "ground-3"), ("ink", "ground-3"), ("primary", "ground-3"),
    *((text, "primary-tint") for text in ("ink", "muted", "primary", "primary-dark", "cinnabar", "caution", "success")),
    ("primary-dark", "primary-tint-2"), ("ink", "primary-tint-2"), ("cinnabar", "primary-tint-2"),
    *((text, "primary-tint-3") for text in ("ink", "muted", "cinnabar", "caution", "success")),
    *((text, "caution-tint") for text in ("ink", "caution", "caution-dark")),
    *((text, "cinnabar-tint") for text in ("ink", "cinnabar", "cinnabar-dark")),
    *((text, "success-tint") for text in ("ink", "success", "success-dark")),
    ("ink", "mark"),
    *(("paper", ground) for ground in ("primary", "primary-dark", "primary-deep", "cinnabar", "cinnabar-dark")),
    *(("paper", ground) for ground in ("success", "ink", "deep-mark")),
    *((text, "primary-deep") for text in ("on-deep", "on-deep-muted", "on-deep-link")),
    ("success-light", "ink"), ("on-deep-link", "ink"),
    ("ink", "q0"), ("ink", "q1"), ("ink", "q2"), ("paper", "q4"),
    ("print-ink", "paper"), ("print-ink-2", "paper"), ("print-ink-2", "print-head"), ("print-black", "paper"),
)  # fmt: skip
STROKES = (
    ("line-strong", "paper"),
    ("line-strong", "ground"),
    ("focus", "paper"),
    ("focus", "ground"),
    ("on-deep", "primary-deep"),
)  # 3:1


def tokens():
    return dict(_TOKEN.findall((CSS / "tokens.css").read_text()))


def luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def declared(block, *names):
    """The token a rule gives to the last of ``names`` it declares, as ``var(--token)``."""
    found = [m[1] for name in names for m in re.finditer(rf"(?:^|[;\s]){name}:\s*var\(--([\w-]+)\)", block)]
    return found[-1] if found else None


def sheets():
    return [sheet for sheet in sorted(CSS.glob("*.css")) if sheet.name != "tokens.css"]


def test_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda name: str(name))
def test_text_stands_out(text, ground):
    colours = tokens()

    assert contrast(colours[text], colours[ground]) >= ENOUGH


@pytest.mark.parametrize(("stroke", "ground"), STROKES)
def test_borders_of_inputs_and_the_focus_ring_stand_out(stroke, ground):
    colours = tokens()

    assert contrast(colours[stroke], colours[ground]) >= 3


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.name)
def test_every_rule_that_sets_text_and_ground_sets_a_readable_pair(sheet):
    colours, faint = tokens(), []
    for selector, block in _RULE.findall(_COMMENT.sub("", sheet.read_text())):
        for prefix in ("", "--bs-btn-", "--bs-btn-hover-", "--bs-btn-active-", "--bs-btn-disabled-"):
            ground = declared(block, f"{prefix}bg") if prefix else declared(block, "background", "background-color")
            text = declared(block, f"{prefix}color")
            if text in colours and ground in colours and contrast(colours[text], colours[ground]) < ENOUGH:
                faint.append((selector.strip(), text, ground))

    assert faint == []


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.name)
def test_colours_stand_in_the_tokens_only(sheet):
    assert _COLOUR_LITERAL.findall(_COMMENT.sub("", sheet.read_text())) == []


@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: sheet.name)
def test_every_token_used_is_defined(sheet):
    defined = set(re.findall(r"--([\w-]+):", (CSS / "tokens.css").read_text()))
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet.read_text()))

    assert used - defined == set()


def test_sheets_end_as_they_should():
    for sheet in CSS.glob("*.css"):
        text = _COMMENT.sub("", sheet.read_text())
        assert text.count("{") == text.count("}"), sheet.name
