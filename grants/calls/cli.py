"""``flask calls``: open."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from grants.calls import services
from grants.calls.errors import CallFaultsError
from grants.calls.states import Shortfall
from grants.db import writing
from grants.kernel.actor import SYSTEM
from grants.kernel.clock import SHANGHAI, utc_now
from grants.kernel.errors import DomainError
from grants.kernel.money import yuan
from grants.programmes import queries

group = AppGroup("calls", help="Rounds of programmes.")
INSTANT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@group.command("open")
@click.argument("programme")
@click.option("--version", help="version of the definition; the one published last unless given")
@click.option("--ref", help="reference such as SBC-2027-01; the next free one unless given")
@click.option("--title", required=True)
@click.option("--opens", type=INSTANT, required=True, help="first instant, Asia/Shanghai: 2027-03-01T09:00")
@click.option("--closes", type=INSTANT, required=True, help="instant of the close, Asia/Shanghai")
@click.option("--fund", "funds", multiple=True, required=True, help="code:title:ceiling in yuan; repeat for several")
@click.option("--parameter", "parameters", multiple=True, help="key=value, money in yuan; repeat for several")
@click.option("--contact", required=True, help="unit, address, telephone")
@click.option("--shortfall", type=click.Choice([kind.value for kind in Shortfall]), default=Shortfall.CUT_LAST.value)
@click.option("--grace-minutes", type=int, default=0)
def open_round(
    programme: str,
    version: str | None,
    ref: str | None,
    title: str,
    opens: datetime,
    closes: datetime,
    funds: tuple[str, ...],
    parameters: tuple[str, ...],
    contact: str,
    shortfall: str,
    grace_minutes: int,
) -> None:
    """Announce a call of PROGRAMME and print its reference; exit 1 with every fault when the figures do not fit."""
    try:
        with writing() as session:
            pinned = (
                queries.get_version(session, programme, version)
                if version
                else queries.get_newest_published(session, programme)
            )
            call = services.open_call(
                session,
                definition_version=pinned,
                ref=ref,
                title=title,
                opens_at=opens.replace(tzinfo=SHANGHAI),
                closes_at=closes.replace(tzinfo=SHANGHAI),
                parameters=dict(read_pair(text) for text in parameters),
                funds=[read_fund(text) for text in funds],
                shortfall=Shortfall(shortfall),
                grace_minutes=grace_minutes,
                contact=contact,
                actor=SYSTEM,
                now=utc_now(),
            )
            opened = call.ref
    except CallFaultsError as error:
        raise SystemExit("\n".join(str(fault) for fault in error.faults)) from error
    except DomainError as error:
        raise SystemExit(f"refused: {error}") from error
    click.echo(opened)


def read_pair(text: str) -> tuple[str, str]:
    """``key=value``."""
    key, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text!r} is not key=value", param_hint="--parameter")
    return key.strip(), value.strip()


def read_fund(text: str) -> tuple[str, str, int]:
    """``code:title:ceiling in yuan`` as (code, title, ceiling in fen)."""
    try:
        code, title, ceiling = text.split(":")
        return code, title, yuan(ceiling.replace(",", ""))
    except (ValueError, ArithmeticError) as error:
        raise click.BadParameter(f"{text!r} is not code:title:ceiling", param_hint="--fund") from error
