"""``flask demo``: load the demonstration data, tell the accounts."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from grants.db import reading, writing
from grants.demo import load as loading
from grants.demo.bulk.loading import load_round
from grants.demo.people import PASSWORD
from grants.demo.telling import account_table
from grants.kernel.clock import local_date, real_now

group = AppGroup("demo", help="Demonstration data.")


@group.command("load")
@click.option("--applications", "size", type=click.IntRange(1, 200_000), help="make one more closed round of this size")
@click.option("--processes", type=click.IntRange(1, 64), help="that work out a large round; one per core unless given")
def load(size: int | None, processes: int | None) -> None:
    """Load the demonstration, unless this database has it; with --applications one more closed round of ``sbc``."""
    load_once()
    if size is not None:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        ref = load_round(app, size, today=local_date(real_now()), processes=processes)
        click.echo(f"{ref}: {size} applications submitted and checked")


def load_once() -> None:
    """Load the demonstration where it is not there."""
    with reading() as session:
        there = loading.is_loaded(session)
    if there:
        click.echo("the demonstration is there already")
        return
    with writing() as session:
        loading.load(session, today=local_date(real_now()))
    click.echo("demonstration loaded; `flask demo accounts` names who may sign in")


@group.command("accounts")
def accounts() -> None:
    """Who may sign in to the demonstration, and the password they share."""
    with reading() as session:
        if not loading.is_loaded(session):
            raise SystemExit("the demonstration has not been loaded: flask demo load")
    click.echo(account_table())
    click.echo(f"密码（所有演示账号相同）：{PASSWORD}")
