"""Judging recorded runs again: as they were judged, and as another definition would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.calls.models import Call
from grants.db import reading
from grants.eligibility import services
from grants.eligibility.cli.group import group
from grants.eligibility.cli.judging import read_definition
from grants.eligibility.domain.impact import Change, ImpactTally
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services import impacts
from grants.eligibility.services.impacts import CaseImpact
from grants.eligibility.states import ImpactDirection
from grants.programmes.domain import Definition
from grants.programmes.errors import ParameterFaultsError
from grants.programmes.queries import find_programme

TELL_EVERY = 1_000
Done = TypeVar("Done")


@group.command("replay")
@click.argument("ref", required=False)
@click.option("--call", "call_ref", help="every application of this call instead of one")
@click.option("--json", "as_json", is_flag=True, help="print JSON records, one per run")
def replay(ref: str | None, call_ref: str | None, as_json: bool) -> None:
    """Judge recorded runs again from their stored case and evidence; exit 1 where one comes out differently.

    REF is an application's number. Without REF and --call every run is judged again. Progress goes to the error stream.
    """
    differing = runs = 0
    with reading() as session:
        ids = services.list_recorded_ids(session, ref=ref, call_ref=call_ref)
        for found in told(services.replay_runs(session, ids), len(ids)):
            runs, differing = runs + 1, differing + (not found.agrees)
            if as_json or not found.agrees:
                click.echo(replay_line(found, as_json=as_json))
    if not runs:
        raise SystemExit("no run found")
    if not as_json:
        click.echo(f"{runs} runs judged again, {differing} differ")
    if differing:
        raise SystemExit(1)


def replay_line(found: services.Replay, *, as_json: bool) -> str:
    """One run's outcome."""
    record = {
        "application": found.ref,
        "revision": str(found.revision_id),
        "kind": str(found.kind),
        "number": found.number,
        "agrees": found.agrees,
        "same_code": found.same_code,
        "differing": list(found.differing),
    }
    if as_json:
        return json.dumps(record, ensure_ascii=False)
    return f"{found.ref} {found.kind} {found.number}: {', '.join(found.differing)} differ"


@group.command("impact")
@click.option("--definition", "source", required=True, help="a definition's file, or the code of a shipped one")
@click.option("--call", "call_ref", help="the cases of this call instead of all of the programme")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="a parameter to replace; may be given again")
@click.option("--json", "as_json", is_flag=True, help="print JSON: a record per changed case, then the figures")
def impact(source: str, call_ref: str | None, given: tuple[str, ...], as_json: bool) -> None:
    """What a definition would change in the verdicts of cases that were judged. Nothing is stored.

    Cases are judged again from what they said and what registers said then. Exit 0 whatever changes.
    """
    definition = read_definition(source)
    parameters = read_parameters(definition, given)
    tally = ImpactTally()
    with reading() as session:
        ids = case_ids(session, definition, call_ref)
        for case in told(judged(session, definition, ids, parameters), len(ids)):
            tally.count(case.changes)
            if case.changes and as_json:
                click.echo(json.dumps(case_record(case), ensure_ascii=False))
    click.echo(json.dumps(tally.to_json(), ensure_ascii=False) if as_json else figures_text(tally))


def judged(
    session: Session, definition: Definition, ids: Sequence[UUID], parameters: dict[str, str]
) -> Iterator[CaseImpact]:
    """The cases in batches, so that memory stays flat."""
    for start in range(0, len(ids), impacts.CHUNK):
        cases = queries.list_judged_runs(session, ids[start : start + impacts.CHUNK])
        yield from impacts.judge_cases(definition, cases, impacts.definitions_of(session, cases), parameters)


def case_ids(session: Session, definition: Definition, call_ref: str | None) -> Sequence[UUID]:
    """The cases to judge; ends the command where programme or call is not known."""
    programme = find_programme(session, definition.code)
    call = session.scalars(select(Call).where(Call.ref == call_ref)).one_or_none() if call_ref else None
    if programme is None or (call_ref and call is None):
        raise SystemExit(f"{definition.code} {call_ref or ''}: no such programme or call")
    return queries.list_case_ids(session, programme.id, call_id=call.id if call else None)


def read_parameters(definition: Definition, given: Iterable[str]) -> dict[str, str]:
    """KEY=VALUE pairs, checked; ends the command with what is wrong."""
    pairs = {}
    for pair in given:
        key, _, value = pair.partition("=")
        if not value.strip():
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE", param_hint="--set")
        pairs[key.strip()] = value
    try:
        return impacts.checked(definition, pairs)
    except ParameterFaultsError as error:
        raise SystemExit("\n".join(str(fault) for fault in error.faults)) from error


def case_record(case: CaseImpact) -> dict[str, object]:
    """A changed case."""
    return {"application": case.ref, "changes": [change_record(change) for change in case.changes]}


def change_record(change: Change) -> dict[str, object]:
    """A changed finding with why."""
    return {
        "rule": change.rule or None,
        "direction": str(change.direction),
        "before": str(change.before),
        "after": str(change.after),
        "message": change.message,
        "read": [dict(value) for value in change.read],
    }


def figures_text(tally: ImpactTally) -> str:
    """The figures, a line each: cases, proposals, rules."""
    lines = [f"{tally.judged} cases judged again, {tally.changed} change, {tally.unreadable} cannot be read"]
    lines += [f"proposal {before} -> {after}: {count}" for (before, after), count in tally.proposals.most_common()]
    lines += [
        f"{rule} {ImpactDirection(direction)}: {count} ({tally.titles[rule]})"
        for (rule, direction), count in tally.rules.most_common()
    ]
    return "\n".join(lines)


def told(work: Iterable[Done], total: int) -> Iterator[Done]:
    """Pass it on, and say on the error stream how far it is, every thousand."""
    for number, done in enumerate(work, 1):
        yield done
        if number % TELL_EVERY == 0:
            click.echo(f"{number:,} of {total:,}", err=True)
