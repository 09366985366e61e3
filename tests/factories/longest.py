"""An application whose definition has the longest section that a page must bear: 60 fields and a table of 10 rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from grants.applications.models import Application
from grants.calls import services as calls
from grants.kernel.actor import SYSTEM
from grants.programmes import services
from tests.factories.applications import make_application
from tests.factories.calls import NOON, make_plan
from tests.factories.programmes import LOADED_AT, shipped_under

LONGEST = "longest"
FIELDS, ROWS = 60, 10
CONDITIONAL = 12  # every so many fields one depends on the answer before it
KINDS = (
    "kind: text, max_length: 80, example: 示例内容",
    "kind: long_text, min_length: 20, max_length: 2000, guidance: 分点写清现状、做法和结果。",
    "kind: integer, minimum: 0, unit: 人",
    "kind: money, unit: wan_yuan, minimum: 0",
    "kind: date",
    "kind: yes_no",
    "kind: choice, choices: [甲, 乙, 丙]",
    "kind: choices, choices: [一, 二, 三, 四]",
    "kind: percent, minimum: 0, maximum: 100",
    "kind: list, max_length: 10",
    "kind: district",
    "kind: email",
)
COLUMNS = KINDS[0], KINDS[2], KINDS[3], KINDS[4], KINDS[6], KINDS[8]


def longest_text() -> str:
    """The shipped ``sbc`` with that section at its end, under a version of its own."""
    fields = [_field(number) for number in range(1, FIELDS + 1)]
    columns = [
        f"          - {{key: c{number}, label: 第 {number} 列, required: true, {kind}}}"
        for number, kind in enumerate(COLUMNS, 1)
    ]
    section = [
        f"  - key: {LONGEST}",
        "    title: 最长的一节",
        "    fields:",
        *fields,
        "      - key: longest_rows",
        "        label: 明细",
        "        kind: table",
        "        required: true",
        f"        min_rows: {ROWS}",
        "        row_label: 明细",
        "        columns:",
        *columns,
        "",
    ]
    text = shipped_under("9.0")
    return text.replace("\ndocuments:\n", "\n".join(["", *section, "documents:", ""]).replace("\n\n", "\n"), 1)


def make_longest(session: Session, *, now: datetime = NOON) -> Application:
    """A complete draft in an open call of that definition."""
    version = services.load_definition(session, longest_text(), actor=SYSTEM, now=LOADED_AT)
    if version.published_at is None:
        services.publish_definition(session, version, actor=SYSTEM, now=LOADED_AT)
    plan = make_plan(now=now)
    call = calls.draft_call(session, plan, definition_version=version, actor=SYSTEM, now=now)
    calls.announce_call(session, call, actor=SYSTEM, now=plan.opens_at)
    return make_application(session, call=call, complete=True, now=now)


def _field(number: int) -> str:
    kind = KINDS[number % len(KINDS)]
    shown = f', shown_if: q{number - 1} != "丁"' if number % CONDITIONAL == 7 else ""
    words = f"label: 第 {number} 题的内容, help: 按实际情况填写。"
    return f"      - {{key: q{number}, {words}, required: true{shown}, {kind}}}"
