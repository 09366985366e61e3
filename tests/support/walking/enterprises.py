"""What the people of an enterprise do: register, fill in, upload, submit, correct."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grants.demo.answers import Filled
from grants.demo.companies import Company
from grants.demo.papers import paper
from grants.demo.people import PASSWORD
from grants.programmes.domain import Definition, Field, FieldKind, Section
from tests.support.walking.typing_in import as_typed, input_name
from tests.support.walking.visitor import File, Typed, Visitor, arrived, says

UNTYPED = (FieldKind.TABLE, FieldKind.COMPUTED, FieldKind.UNDERTAKING)
OF_ROW = re.compile(r"/rows/r[0-9a-f]+$")  # the row itself, none of what can be done with it


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD) -> None:
    """Sign in and arrive somewhere of one's own."""
    visitor.open("/sign-in")
    visitor.fill({"email": email, "password": password})
    visitor.press("登录")
    assert "/sign-in" not in visitor.path, f"{email} was not let in: {visitor.words[:1500]}"


def register(visitor: Visitor, one: Company) -> None:
    """Register an enterprise with its contact."""
    visitor.open("/register")
    visitor.fill(
        {
            "uscc": one.uscc.lower(),
            "organisation_name": one.name,
            "proof": File("营业执照.pdf", paper("营业执照")),
            "name": one.contact,
            "phone": one.phone,
            "email": one.email,
            "new_password": PASSWORD,
            "new_password_again": PASSWORD,
        }
    )
    visitor.press("提交注册")
    arrived(visitor, "/register/received")


def start(visitor: Visitor, ref: str) -> str:
    """Start an application in a call for one's only unit; returns the address of its pages."""
    visitor.open(f"/calls/{ref}")
    visitor.picture("guide")
    assert f"/apply/new/{ref}" in visitor.links("/apply/new/"), "the guide does not lead to the form"
    visitor.open(f"/apply/new/{ref}")
    visitor.press("开始填写")
    arrived(visitor, "/sections/org")
    return visitor.path.split("/sections/")[0]


def fill_in(visitor: Visitor, home: str, definition: Definition, filled: Filled) -> None:
    """Every section, rows first, as the pages ask for it."""
    for section in definition.sections:
        fill_section(visitor, home, section, filled)


def fill_section(visitor: Visitor, home: str, section: Section, filled: Filled) -> None:
    """Add and fill the rows of the section's tables, then its own inputs; save what comes up by saving."""
    here = f"{home}/sections/{section.key}"
    visitor.open(here)
    arrived(visitor, here)
    for table in (field for field in section.fields if field.kind is FieldKind.TABLE and field.fixed_rows is None):
        _fill_table(visitor, here, table, filled)
    values = {
        input_name(field.path): as_typed(field, filled.answers[field.path])
        for field in section.fields
        if field.kind not in UNTYPED and filled.answers.get(field.path) is not None
    }
    for table in (field for field in section.fields if field.fixed_rows is not None):
        for row, cells in filled.rows.get(table.path, ()):
            values |= _cells(table, row, cells)
    _save(visitor, values, "保存")
    arrived(visitor, here)


def _fill_table(visitor: Visitor, section: str, table: Field, filled: Filled) -> None:
    rows = filled.rows.get(table.path, ())
    existing = visitor.links(f"/tables/{table.path}/rows/r") if table.rows_of else []
    for place, (_, cells) in enumerate(rows):
        if table.rows_of:
            visitor.open(existing[place])
        else:
            assert any(f"/tables/{table.path}/rows/new" in link for link in visitor.links("/rows/new"))
            visitor.open(section.split("/sections/")[0] + f"/tables/{table.path}/rows/new")
        fill_row(visitor, table, cells)
        if not table.rows_of:
            arrived(visitor, section)


def fill_row(visitor: Visitor, table: Field, cells: Mapping[str, Any]) -> None:
    """Fill in the row whose page is open, and what its answers bring up."""
    _save(visitor, _cells(table, _row_shown(visitor), cells), "保存这一行")


def _row_shown(visitor: Visitor) -> str:
    return next(name.split("--")[1] for name in visitor.names() if "--" in name).removesuffix("-y")


def _cells(table: Field, row: str, cells: Mapping[str, Any]) -> dict[str, Typed]:
    return {
        input_name(column.path, row): as_typed(column, cells[column.key])
        for column in table.columns
        if column.kind not in UNTYPED and column.key in cells and cells[column.key] is not None
    }


def _save(visitor: Visitor, values: Mapping[str, Typed], button: str) -> None:
    """Fill in what is asked for and save, again for as long as saving brings up more of it."""
    done: set[str] = set()
    while True:
        asked = {name.removesuffix("-y") for name in visitor.names()}
        now = {name: value for name, value in values.items() if name in asked - done}
        if done and not now:
            return
        done |= set(now)
        visitor.fill(now)
        visitor.press(button)
        assert visitor.status == 200, f"{visitor.path} answered {visitor.status}: {visitor.words[:3000]}"
        if done >= set(values):
            return


def upload_all(visitor: Visitor, home: str, definition: Definition, filled: Filled) -> None:
    """A paper into every slot that the answers ask for, the rows of a table in their order."""
    for slot, places in _places(filled.documents):
        label = definition.document(slot).label
        for place in range(places):
            upload(visitor, home, slot, File(f"{label}.pdf", paper(label)), place=place)


def _places(documents: Iterable[tuple[str, str]]) -> Iterable[tuple[str, int]]:
    slots: dict[str, int] = {}
    for slot, _ in documents:
        slots[slot] = slots.get(slot, 0) + 1
    return slots.items()


def upload(visitor: Visitor, home: str, slot: str, file: File, *, place: int = 0) -> None:
    """Choose a file for the slot's n-th row and send it."""
    if not visitor.path.startswith(f"{home}/documents"):
        visitor.open(f"{home}/documents")
    names = [name for name in visitor.names() if name == f"slot-{slot}-file" or name.startswith(f"slot-{slot}-r")]
    name = names[place]
    visitor.hand_in(name, file, slot=name.removesuffix("-file"))


def submit(visitor: Visitor, home: str, definition: Definition, button: str = "提交申报") -> str:
    """Check the answers, give every undertaking, submit; returns the receipt number."""
    visitor.open(f"{home}/missing")
    says(visitor, "必填内容和材料都已齐全")
    visitor.press("检查并提交")
    arrived(visitor, f"{home}/submit")
    visitor.picture("check-and-submit")
    asked = set(visitor.names())
    visitor.fill({name: True for name in undertakings(definition) if name in asked})
    visitor.press(button)
    arrived(visitor, f"{home}/receipt")
    return receipt_no(visitor)


def correct(visitor: Visitor, home: str, definition: Definition, sound: Filled) -> int:
    """Put right whatever the pages let one change, and nothing else; returns how many answers there were."""
    changed = 0
    for section in definition.sections:
        here = f"{home}/sections/{section.key}"
        visitor.open(here)
        for table in (field for field in section.fields if field.kind is FieldKind.TABLE and field.fixed_rows is None):
            rows = [link for link in visitor.links(f"/tables/{table.path}/rows/r") if OF_ROW.search(link)]
            for place, link in enumerate(rows):
                changed += _correct_row(visitor, link, table, sound.rows[table.path][place][1])
    return changed


def _correct_row(visitor: Visitor, link: str, table: Field, cells: Mapping[str, Any]) -> int:
    visitor.open(link)
    opened = [name for name in visitor.names() if "--" in name]
    if opened:
        fill_row(visitor, table, cells)
    return len(opened)


def undertakings(definition: Definition) -> Sequence[str]:
    """Input names of every undertaking."""
    return [
        input_name(field.path)
        for section in definition.sections
        for field in section.fields
        if field.kind is FieldKind.UNDERTAKING
    ]


def receipt_no(visitor: Visitor) -> str:
    """The number on the receipt that is open."""
    for word in ("申报已提交", "补正已提交"):
        if word in visitor.words:
            return visitor.words.split(word)[1].split("申报内容")[0].strip()
    raise AssertionError(f"no receipt: {visitor.words[:1000]}")
