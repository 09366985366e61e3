"""``flask registers``: import, status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from grants.db import reading, writing
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import DomainError
from grants.registers import queries, services
from grants.registers.domain import (
    REGISTERS,
    USCC,
    Difference,
    Register,
    Sheet,
    compare,
    find_headings,
    guess_mapping,
    heading_texts,
    marks_of,
    read_sheet,
)
from grants.registers.states import Adapter

group = AppGroup("registers", help="Evidence from outside.")


@group.command("import")
@click.argument("register", type=click.Choice(list(REGISTERS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--asof", type=click.DateTime(["%Y-%m-%d"]), required=True, help="the day that the table speaks of")
@click.option("--source", required=True, help="whose table it is, as findings cite it")
@click.option("--map", "chosen", multiple=True, help="column=heading where it cannot be guessed; repeat for several")
@click.option("--yes", is_flag=True, help="take it; without this only the difference is shown")
def import_table(register: str, file: Path, asof: datetime, source: str, chosen: tuple[str, ...], yes: bool) -> None:
    """Import FILE (CSV or XLSX) as REGISTER: shows every fault, or the difference; exit 1 when it cannot be taken."""
    known, now = REGISTERS[register], utc_now()
    try:
        services.require_importable(register, source=source, asof_on=asof.date(), now=now)
        lines = services.read_table(file, kind=services.kind_of(file.name))
        sheet = _read(known, lines, dict(_pair(text) for text in chosen))
        with reading() as session:
            former = queries.find_newest_snapshot(session, register, by=asof.date())
            before = marks_of(queries.stream_entries(session, former.id)) if former else ({}, 0)
        _tell(compare(before, marks_of(sheet.entries)))
        if yes:
            with writing() as session:
                services.import_snapshot(
                    session, register, source=source, asof_on=asof.date(), records=sheet.entries, actor=SYSTEM, now=now
                )
    except DomainError as error:
        raise SystemExit(f"refused: {error}") from error
    click.echo("imported" if yes else "nothing imported; add --yes to take it")


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="print JSON records")
def status(as_json: bool) -> None:
    """Where each register comes from, its newest snapshot, how its service does; exit 1 when one cannot be read."""
    now = utc_now()
    with reading() as session:
        snapshots = {
            one.register: one
            for one in queries.list_newest_snapshots(session, list(REGISTERS), by=local_date(now))
            if services.adapter_of(one.register) is Adapter.IMPORTED
        }
        circuits = {key: services.circuit_of(row) for key, row in queries.circuits_by_register(session).items()}
        records = [
            {
                "register": key,
                "adapter": services.adapter_of(key).value,
                "asof": snapshots[key].asof_on.isoformat() if key in snapshots else None,
                "records": snapshots[key].records if key in snapshots else None,
                "circuit": circuits[key].state(now).value if key in circuits else None,
            }
            for key in REGISTERS
        ]
    for record in records:
        click.echo(json.dumps(record) if as_json else "  ".join(f"{name} {value}" for name, value in record.items()))
    if any(_unread(record) for record in records):
        raise SystemExit(1)


def _unread(record: Mapping[str, object]) -> bool:
    return record["circuit"] == "open" if record["adapter"] == "asked" else record["asof"] is None


def _read(register: Register, lines: services.Lines, chosen: dict[str, str]) -> Sheet:
    place = find_headings(register, lines)
    if place is None:
        raise SystemExit("the table is empty")
    headings = heading_texts(lines[place][1])
    mapping = guess_mapping(register, headings, chosen)
    missing = [column for column in (USCC, *chosen) if column not in mapping]
    if missing:
        raise SystemExit(f"no heading for {', '.join(missing)}; there are: {', '.join(headings)}")
    for column in register.columns.keys() - mapping.keys():
        click.echo(f"no heading for {column}: unknown in every record")
    sheet = read_sheet(register, lines[place + 1 :], headings, mapping)
    for fault in sheet.faults:
        click.echo(f"line {fault.line}, {fault.column}: {fault.message}")
    if sheet.fault_count:
        raise SystemExit(f"{sheet.fault_count} faults; nothing imported")
    if register.single and not sheet.entries:
        raise SystemExit("no records; nothing imported")
    return sheet


def _tell(difference: Difference) -> None:
    click.echo(
        f"records {difference.before} -> {difference.after}; units: {len(difference.added)} added, "
        f"{len(difference.removed)} removed, {len(difference.changed)} changed, {difference.unchanged} unchanged"
    )


def _pair(text: str) -> tuple[str, str]:
    column, sign, heading = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text!r} is not column=heading", param_hint="--map")
    return column.strip(), heading.strip()
