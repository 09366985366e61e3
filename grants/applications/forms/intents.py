"""What the page of a pasted block sends: the block, how it is to be read, and what is to be done with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from grants.applications.domain import digest
from grants.applications.domain.blocks import Line
from grants.applications.domain.columns import Matching
from grants.applications.domain.importing import Place
from grants.web.fields import RadioChoiceField
from grants.web.forms import StageForm
from grants.web.incoming import readable

APPEND, REPLACE = "append", "replace"
WITH_HEADING, WITHOUT_HEADING = "yes", "no"
BATCH_BYTES = 8
Bases = Mapping[str, Mapping[str, str]]  # row -> column path -> mark


class PasteForm(StageForm):
    """A block as text. ``of`` says to which text the choices belong, ``checked`` what was shown of it.

    ``batch`` makes the ids of added rows, so that a form sent twice adds them once; ``bases`` say how the cells of
    fixed rows stood when they were shown.
    """

    text = TextAreaField(
        _l("粘贴的内容"), description=_l("从 Excel 或 WPS 中选中一块复制，粘贴在这里；最好连同表头一起。")
    )
    heading = RadioChoiceField(
        _l("第一行是"), options=((WITH_HEADING, _l("表头，不导入")), (WITHOUT_HEADING, _l("内容，要导入")))
    )
    mode = RadioChoiceField(
        _l("导入方式"), options=((APPEND, _l("添加在现有各行之后")), (REPLACE, _l("替换现有全部各行")))
    )
    batch, of, checked, bases = HiddenField(), HiddenField(), HiddenField(), HiddenField()


@dataclass(frozen=True, slots=True)
class Intent:
    """How a block is to be read and taken in. ``targets`` None: found out from the block."""

    targets: tuple[str, ...] | None
    has_heading: bool | None
    mode: str
    batch: str
    bases: Bases
    insisted: frozenset[Place]
    checked: str


def fresh_intent() -> Intent:
    """Nothing chosen yet."""
    return Intent(None, None, APPEND, secrets.token_hex(BATCH_BYTES), {}, frozenset(), "")


def read_intent(form: PasteForm, block: Sequence[Line], given: Any) -> Intent:
    """The choices that came with a form, as far as they belong to this very block; else none.

    Args:
        given: the request's form, for the selects of the columns (``column``) and the clashes decided (``mine``).
    """
    fresh = fresh_intent()
    if form.of.data != block_mark(block):
        return fresh
    heading = {WITH_HEADING: True, WITHOUT_HEADING: False}.get(form.heading.data or "")
    insisted = frozenset((row, path) for row, _sep, path in (mine.partition("|") for mine in given.getlist("mine")))
    return Intent(
        tuple(given.getlist("column")) or None,
        heading,
        REPLACE if form.mode.data == REPLACE else APPEND,
        (form.batch.data or fresh.batch)[: 2 * BATCH_BYTES],
        read_bases(form.bases.data),
        insisted,
        form.checked.data or "",
    )


def block_mark(block: Sequence[Line]) -> str:
    """A block in short."""
    return digest([list(line) for line in block])


def shown_mark(block: Sequence[Line], matching: Matching, intent: Intent, standing: str) -> str:
    """What a page showed in short: the same block read the same way, for the same table where that is replaced."""
    replaced = standing if intent.mode == REPLACE else ""
    return digest([block_mark(block), list(matching.targets), matching.has_heading, intent.mode, replaced])


def read_bases(text: str | None) -> Bases:
    """Bases that a page carried; what was not made by it counts as none."""
    try:
        return {
            readable(row): {readable(path): readable(str(mark)) for path, mark in marks.items()}
            for row, marks in json.loads(text or "{}").items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def write_bases(bases: Bases) -> str:
    """Bases for a page's hidden field."""
    return json.dumps({row: dict(marks) for row, marks in bases.items()}, ensure_ascii=False, separators=(",", ":"))
