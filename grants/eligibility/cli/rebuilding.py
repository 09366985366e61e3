"""Working claims and the index of compared texts out anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from grants.db import reading, writing
from grants.eligibility import services
from grants.eligibility.cli.group import group
from grants.eligibility.services import similarity
from grants.kernel.clock import utc_now


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
