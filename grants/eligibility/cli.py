"""``flask eligibility``: judge a case from a file, print the schema of cases, judge recorded runs again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

import grants.programmes
from grants.applications.models import Application
from grants.calls.models import Call
from grants.db import reading, writing
from grants.eligibility import services
from grants.eligibility.models import EligibilityRun
from grants.eligibility.services import similarity
from grants.kernel.clock import utc_now
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

group = AppGroup("eligibility", help="Judging cases.")
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


@group.command("replay")
@click.argument("ref", required=False)
@click.option("--call", "call_ref", help="every application of this call instead of one")
@click.option("--json", "as_json", is_flag=True, help="print JSON records, one per run")
def replay(ref: str | None, call_ref: str | None, as_json: bool) -> None:
    """Judge recorded runs again from their stored case and evidence; exit 1 where one comes out differently.

    REF is an application's number. Without REF and --call every run is judged again.
    """
    differing = runs = 0
    with reading() as session:
        for run in list_recorded(session, ref, call_ref):
            found = services.replay_run(session, run)
            runs, differing = runs + 1, differing + (not found.agrees)
            if as_json or not found.agrees:
                click.echo(replay_line(found, as_json=as_json))
    if not runs:
        raise SystemExit("no run found")
    if not as_json:
        click.echo(f"{runs} runs judged again, {differing} differ")
    if differing:
        raise SystemExit(1)


@group.command("claims")
@click.option(
    "--rebuild", is_flag=True, help="work them out anew from what was submitted, and check again whom it moves"
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON record")
def claims(rebuild: bool, as_json: bool) -> None:
    """What only one application may use: how much of it is claimed, and by how many.

    ``--rebuild`` belongs to a release that compares numbers and names in another way; a second time it finds nothing
    to do. It goes in batches, each a transaction of its own, and can be broken off and started again.
    """
    figures = rebuild_all() if rebuild else {}
    with reading() as session:
        figures |= asdict(services.count_claims(session))
    click.echo(json.dumps(figures) if as_json else ", ".join(f"{name} {count}" for name, count in figures.items()))


def rebuild_all() -> dict[str, int]:
    """Every batch of ``rebuild_next_claims``; what it came to in figures."""
    figures = {"applications": 0, "taken": 0, "dropped": 0, "checked_again": 0}
    after = None
    while True:
        with writing() as session:
            done, asked = services.rebuild_next_claims(session, after=after)
        if done.last is None:
            return figures
        after = done.last
        counts = (done.applications, done.taken, done.dropped, asked)
        figures = {name: total + count for (name, total), count in zip(figures.items(), counts, strict=True)}


@group.command("index")
@click.option("--rebuild", is_flag=True, help="work out stock phrases anew and sketch every text again")
@click.option("--json", "as_json", is_flag=True, help="print one JSON record")
def index(rebuild: bool, as_json: bool) -> None:
    """Bring the index of compared texts up to date: stock phrases, texts without a sketch, texts that were withdrawn.

    It goes in batches, each a transaction of its own, and can be broken off: what ``--rebuild`` has not reached then is
    done by the next run without it. Similar texts are found by what there is meanwhile.
    """
    with writing() as session:
        versions = similarity.comparing_versions(session)
        if rebuild:
            similarity.mark_stale(session)
        stock = similarity.refresh_stock(session, versions, now=utc_now(), anew=rebuild)
    sketched = sum(sketch_all(versions))
    with writing() as session:
        removed = similarity.remove_withdrawn(session, limit=10_000)
    figures = {"stock_phrases": stock, "sketched": sketched, "removed": removed}
    click.echo(json.dumps(figures) if as_json else ", ".join(f"{name} {count}" for name, count in figures.items()))


def sketch_all(versions: similarity.Versions) -> Iterator[int]:
    """Every batch of texts without a sketch in force: how many were sketched."""
    after = None
    while True:
        with reading() as session:
            batch, left_out = similarity.read_batch(session, versions, after=after)
        if not batch:
            return
        sketches = similarity.sketch_batch(batch, left_out, versions)
        with writing() as session:
            yield similarity.write_batch(session, sketches, now=utc_now())
        after = batch[-1].application_id


def list_recorded(session: Session, ref: str | None, call_ref: str | None) -> Iterator[EligibilityRun]:
    """The runs to judge again, superseded ones included, in the order they were made."""
    query = select(EligibilityRun).join(EligibilityRun.application).order_by(EligibilityRun.id)
    if ref is not None:
        query = query.where(Application.ref == ref)
    if call_ref is not None:
        query = query.join(Call, Call.id == Application.call_id).where(Call.ref == call_ref)
    yield from session.scalars(query.execution_options(yield_per=100))


def replay_line(found: services.Replay, *, as_json: bool) -> str:
    """One run's outcome."""
    run = found.run
    record = {
        "application": run.application.ref,
        "revision": str(run.revision_id),
        "kind": str(run.kind),
        "number": run.number,
        "agrees": found.agrees,
        "same_code": found.same_code,
        "differing": list(found.differing),
    }
    if as_json:
        return json.dumps(record, ensure_ascii=False)
    return f"{run.application.ref} {run.kind} {run.number}: {', '.join(found.differing)} differ"


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
