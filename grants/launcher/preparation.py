"""Bring the database up to date before anything serves from it: tables, shipped definitions, demonstration data.

Runs in a process of its own (``python -m grants.launcher.preparation``), by the same commands an operator types.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from grants.config import Settings
from grants.launcher.lifeline import die_with_parent

DEFINITIONS = Path(__file__).parents[1] / "programmes" / "definitions"


def has_command(app: Flask, group: str, name: str) -> bool:
    """Whether ``flask GROUP NAME`` exists."""
    return name in getattr(app.cli.commands.get(group), "commands", {})


def run_command(app: Flask, *words: str) -> None:
    """Run ``flask WORDS`` in this process; whatever it raises ends the preparation."""
    status = FlaskGroup(create_app=lambda: app).main(args=list(words), standalone_mode=False)
    if isinstance(status, int) and status != 0:
        raise SystemExit(status)


def load_definitions(app: Flask, files: Sequence[Path]) -> None:
    """Load what ships; a version that is there already stays as it is."""
    if has_command(app, "programmes", "load"):
        for file in files:
            run_command(app, "programmes", "load", str(file))


def load_demonstration(app: Flask, settings: Settings) -> None:
    """Load the demonstration data into this database, unless that has been done to the end before."""
    mark = settings.data_dir / f"demo-{hashlib.sha256(settings.database_url.encode()).hexdigest()[:12]}.loaded"
    if settings.mode == "demo" and has_command(app, "demo", "load") and not mark.exists():
        run_command(app, "demo", "load")
        mark.touch()


def prepare() -> None:
    """Migrate, load the definitions, load the demonstration; each does nothing where it has been done."""
    settings = Settings.from_env()
    app = ScriptInfo(app_import_path="wsgi").load_app()
    run_command(app, "db", "upgrade")
    load_definitions(app, sorted(DEFINITIONS.glob("*.yaml")))
    load_demonstration(app, settings)


if __name__ == "__main__":
    die_with_parent()
    prepare()
    sys.exit(0)
