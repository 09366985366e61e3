"""``flask ops``: what operators ask for by command."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from grants.kernel.clock import real_now
from grants.ops import storage

group = AppGroup("ops", help="Operations.")
SHOWN = 20  # fingerprints of files without bytes


@group.command("orphans")
@click.option("--remove", is_flag=True, help="remove bytes that no file has had for a week")
@click.option("--json", "as_json", is_flag=True, help="print a JSON record")
def orphans(remove: bool, as_json: bool) -> None:
    """Compare the store with the files on record; exit 1 when a file lacks its bytes."""
    now = real_now()
    found = storage.look_for_orphans(real_now=now)
    record = {
        "bytes_without_file": len(found.bytes_alone),
        "size_bytes": sum(kept.size_bytes for kept in found.bytes_alone),
        "files_without_bytes": sum(found.rows_alone.values()),
        "missing": sorted(found.rows_alone)[:SHOWN],
        "removed": storage.remove_orphans(found, real_now=now) if remove else 0,
    }
    click.echo(json.dumps(record) if as_json else "\n".join(f"{key} {value}" for key, value in record.items()))
    if found.rows_alone:
        raise SystemExit(1)
