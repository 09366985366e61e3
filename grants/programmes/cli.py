"""``flask programmes``: check, load, publish, schema."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from grants.db import writing
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import utc_now
from grants.kernel.errors import DomainError, InvalidError
from grants.programmes import queries, services
from grants.programmes.domain import definition_schema, parse_definition
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError
from grants.programmes.presenters import fault_record

group = AppGroup("programmes", help="Programme definitions.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("check")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="print a JSON record")
def check(file: Path, as_json: bool) -> None:
    """Read a definition and print its faults, ``path: message`` with line and column; exit 1 when there are any."""
    try:
        definition = parse_definition(read_text(file))
    except DefinitionFaultsError as error:
        print_faults(error.faults, as_json=as_json)
        raise SystemExit(1) from error
    if as_json:
        click.echo(json.dumps({"faults": [], "warnings": [fault_record(found) for found in definition.warnings]}))
        return
    for warning in definition.warnings:
        click.echo(f"warning: {warning}")
    click.echo(f"{definition.code} {definition.version} {definition.fingerprint}")


@group.command("load")
@click.argument("file", type=FILE)
@click.option("--publish", is_flag=True, help="publish it as well, unless it is published already")
def load(file: Path, publish: bool) -> None:
    """Keep a definition; the same version with the same content is left as it is, with other content refused."""
    now = utc_now()
    try:
        with writing() as session:
            version = services.load_definition(session, read_text(file), actor=SYSTEM, now=now)
            if publish and version.published_at is None:
                services.publish_definition(session, version, actor=SYSTEM, now=now)
            line = f"{version.programme.code} {version.version} {version.fingerprint}"
    except DefinitionFaultsError as error:
        print_faults(error.faults, as_json=False)
        raise SystemExit(1) from error
    except InvalidError as error:
        raise SystemExit(
            f"refused, this version is there with other content: {error.facts}\n"
            "Give the changed definition a new version; in a demonstration you may also remove its data folder (var/)."
        ) from error
    click.echo(line)


@group.command("publish")
@click.argument("code")
@click.argument("version")
def publish(code: str, version: str) -> None:
    """Let calls be opened on a version."""
    try:
        with writing() as session:
            found = queries.get_version(session, code, version)
            services.publish_definition(session, found, actor=SYSTEM, now=utc_now())
    except DomainError as error:
        raise SystemExit(f"refused: {error}") from error
    click.echo(f"{code} {version} published")


@group.command("schema")
def schema() -> None:
    """Print the JSON Schema of the definition format."""
    click.echo(json.dumps(definition_schema(), ensure_ascii=False, indent=2))


def read_text(file: Path) -> str:
    """The file as UTF-8 text; ends the command with its name where it is not."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SystemExit(f"{file} is not UTF-8 text") from error


def print_faults(faults: tuple[DefinitionFault, ...], *, as_json: bool) -> None:
    """One line per fault, or one JSON record."""
    if as_json:
        click.echo(json.dumps({"faults": [fault_record(fault) for fault in faults]}, ensure_ascii=False))
        return
    for fault in faults:
        click.echo(str(fault))
