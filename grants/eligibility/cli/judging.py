"""Judging a case from a file, the schema of cases: neither needs a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import grants.programmes
from grants.eligibility.cli.group import group
from grants.programmes.domain import (
    Case,
    Definition,
    Finding,
    RuleStage,
    case_from_json,
    case_schema,
    evaluate,
    parse_definition,
)
from grants.programmes.errors import CaseFaultsError, DefinitionFaultsError

SHIPPED = Path(grants.programmes.__path__[0]) / "definitions"
CASE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
JUDGED = (RuleStage.SUBMIT, RuleStage.DISTRICT, RuleStage.CITY)


@group.command("evaluate")
@click.option("--definition", "source", required=True, help="a definition's file, or the code of a shipped one")
@click.option("--case", "case_files", required=True, multiple=True, type=CASE_FILE, help="may be given several times")
@click.option("--at", "stages", multiple=True, type=click.Choice([str(stage) for stage in RuleStage]))
@click.option("--json", "as_json", is_flag=True, help="print the findings as JSON")
def evaluate_case(source: str, case_files: tuple[Path, ...], stages: tuple[str, ...], as_json: bool) -> None:
    """Findings for one case, without a database. Rules at payment are not due unless ``--at payment`` asks for them.

    Several cases are judged one after the other; as JSON each is an object with its file and its findings.
    Exit 0 when every case could be judged, whatever the findings; 1 when the definition or a case cannot be read.
    """
    definition = read_definition(source)
    due = {RuleStage(stage) for stage in stages} or set(JUDGED)
    judged = [(path, evaluate(definition, read_case(definition, path), stages=due)) for path in case_files]
    if as_json:
        click.echo(json.dumps(findings_json(judged), ensure_ascii=False, indent=2))
        return
    for path, findings in judged:
        if len(judged) > 1:
            click.echo(f"{path}:")
        for finding in findings:
            click.echo(finding_line(finding))


def findings_json(judged: list[tuple[Path, tuple[Finding, ...]]]) -> list[dict[str, Any]]:
    """The findings of the only case; of several, which case each list belongs to."""
    lists = [[finding.to_json() for finding in findings] for _, findings in judged]
    if len(judged) == 1:
        return lists[0]
    return [{"case": str(path), "findings": found} for (path, _), found in zip(judged, lists, strict=True)]


def finding_line(finding: Finding) -> str:
    """A finding on one line."""
    cause = f" ({finding.cause})" if finding.cause else ""
    return f"{finding.rule} {finding.verdict}{cause} [{finding.severity}] {finding.title}: {finding.message}"


def read_case(definition: Definition, path: Path) -> Case:
    """The case in a file; ends the command with every fault where it cannot be read."""
    try:
        return case_from_json(definition, read_json(path))
    except CaseFaultsError as error:
        raise SystemExit("\n".join(f"{path}: {fault}" for fault in error.faults)) from error


@group.command("case-schema")
@click.option("--definition", "source", help="a definition's file, or the code of a shipped one; otherwise all shipped")
def print_case_schema(source: str | None) -> None:
    """The JSON Schema (2020-12) of a case: of one definition, or a case of any of those that ship."""
    if source is not None:
        schema = case_schema(read_definition(source))
    else:
        shipped = [case_schema(read_definition(path.stem)) for path in sorted(SHIPPED.glob("*.yaml"))]
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "oneOf": shipped}
    click.echo(json.dumps(schema, ensure_ascii=False, indent=2))


def read_definition(source: str) -> Definition:
    """The definition in a file, or the shipped one of that code."""
    path = Path(source) if Path(source).suffix else SHIPPED / f"{source}.yaml"
    try:
        return parse_definition(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SystemExit(f"{source}: no such file, and no shipped definition of this code") from error
    except DefinitionFaultsError as error:
        raise SystemExit("\n".join(str(fault) for fault in error.faults)) from error


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file, its fractions kept exactly as written."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except ValueError as error:
        raise SystemExit(f"{path}: not JSON: {error}") from error
    if not isinstance(content, dict):
        raise SystemExit(f"{path}: a case is a JSON object")
    return content
