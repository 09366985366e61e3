"""The ``flask`` command groups; each stage brings its own in its ``cli`` module."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec

import click
from flask import Flask
from flask.cli import AppGroup

from grants import audit, outbox
from grants.db import reading, writing
from grants.kernel.clock import real_now

GROUPS = ("accounts", "registers", "programmes", "calls", "eligibility", "publication", "ops", "demo")

audit_cli = AppGroup("audit", help="The sealed log.")
outbox_cli = AppGroup("outbox", help="Messages to workers.")


@audit_cli.command("verify")
@click.option("--json", "as_json", is_flag=True, help="print a JSON record")
def verify(as_json: bool) -> None:
    """Seal what waits, then recompute the whole log; exit 1 at the first entry that does not match."""
    with writing() as session:
        while audit.seal_pending(session):
            pass
    with reading() as session:
        report = audit.verify(session)
    if as_json:
        click.echo(json.dumps({"entries": report.entries, "head": report.head_hash, "broken_at": report.broken_at}))
    else:
        click.echo(f"{report.entries} entries, seal {report.head_seq}, head {report.head_hash}")
    if report.broken_at is not None:
        raise SystemExit(f"broken at {report.broken_at}")


@outbox_cli.command("status")
@click.option("--json", "as_json", is_flag=True, help="print a JSON record")
def status(as_json: bool) -> None:
    """Lag, messages under way and dead letters; exit 1 when there are dead letters."""
    with reading() as session:
        found = outbox.status(session, now=real_now())
    record = {
        "waiting": found.waiting,
        "sent_not_done": found.sent_not_done,
        "dead": found.dead,
        "lag_seconds": round(found.lag_seconds, 1),
    }
    click.echo(json.dumps(record) if as_json else ", ".join(f"{key} {value}" for key, value in record.items()))
    if found.dead:
        raise SystemExit(1)


def register_commands(app: Flask) -> None:
    """Hang every group on the application."""
    app.cli.add_command(audit_cli)
    app.cli.add_command(outbox_cli)
    for stage in GROUPS:
        if find_spec(f"grants.{stage}") and find_spec(f"grants.{stage}.cli"):
            app.cli.add_command(import_module(f"grants.{stage}.cli").group)
