"""``flask demo``: load the demonstration data, tell the accounts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from grants.db import reading, writing
from grants.demo import load as loading
from grants.demo.people import PASSWORD
from grants.demo.telling import account_table
from grants.kernel.clock import local_date, real_now

group = AppGroup("demo", help="Demonstration data.")


@group.command("load")
def load() -> None:
    """Load the demonstration, unless this database has it."""
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
