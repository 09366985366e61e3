"""``flask users``: people and roles from the command line; how the first administrator comes to be."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from grants.accounts import queries, services
from grants.accounts.domain import GRANTABLE
from grants.accounts.presenters import REASONS
from grants.db import writing
from grants.kernel.actor import ANYWHERE, SYSTEM, Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import DomainError
from grants.kernel.money import yuan

group = AppGroup("users", help="People and their roles.")


@group.command("create")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice([str(role) for role in GRANTABLE]), help="none: an account without a role")
@click.option("--scope", default=ANYWHERE, show_default=True, help="a district's code, a call's number, or * for all")
@click.option("--limit", "limit_yuan", type=int, help="approvers: the largest single award in yuan")
@click.option("--password-stdin", is_flag=True, required=True, help="read the password from standard input")
def create(name: str, email: str, role: str | None, scope: str, limit_yuan: int | None, password_stdin: bool) -> None:
    """Make a person, with a role if one is named; exit 1 with the reason otherwise."""
    password = sys.stdin.readline().rstrip("\n")
    try:
        with writing() as session:
            person = services.create_person(session, name=name, email=email, password=password, now=utc_now())
            if role is not None:
                limit_fen = None if limit_yuan is None else yuan(limit_yuan)
                services.grant_role(
                    session, person, Role(role), scope=scope, limit_fen=limit_fen, actor=SYSTEM, now=utc_now()
                )
            click.echo(f"{person.id} {person.email}")
    except DomainError as error:
        raise SystemExit(_words(error)) from error


@group.command("set-password")
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="read the password from standard input")
def set_password(email: str, password_stdin: bool) -> None:
    """Give somebody who has forgotten it another password; ends all their sessions."""
    password = sys.stdin.readline().rstrip("\n")
    try:
        with writing() as session:
            person = queries.find_person_by_email(session, email)
            if person is None:
                raise SystemExit(f"nobody has the address {email}")
            services.require_strong_password(password, email=person.email, name=person.name)
            new_hash = services.hash_password(password)
            services.change_password(session, person, new_hash=new_hash, actor=SYSTEM, now=utc_now())
    except DomainError as error:
        raise SystemExit(_words(error)) from error


def _words(error: DomainError) -> str:
    codes = [str(code) for code in error.facts.get("faults", [])] or [error.code]  # type: ignore[attr-defined]
    with current_app.test_request_context():
        return " ".join(str(REASONS.get(code, code)) for code in codes)
