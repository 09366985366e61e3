"""Definitions for tests: those that ship, loaded and published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from grants.kernel.actor import SYSTEM
from grants.programmes import services
from grants.programmes.models import DefinitionVersion

SHIPPED = Path(__file__).parents[2] / "grants" / "programmes" / "definitions"
LOADED_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@cache
def shipped_text(code: str = "sbc") -> str:
    """The YAML of a definition that ships: ``sbc`` or ``hlw``."""
    return (SHIPPED / f"{code}.yaml").read_text(encoding="utf-8")


def shipped_version(code: str = "sbc") -> str:
    """Which version of it ships: 1.2 for instance."""
    return re.search(r'^version: "(.+)"$', shipped_text(code), re.MULTILINE)[1]


def next_version(code: str = "sbc") -> str:
    """The version after the shipped one: 1.3 after 1.2."""
    major, minor = shipped_version(code).split(".")
    return f"{major}.{int(minor) + 1}"


def next_version_text(code: str = "sbc") -> str:
    """The shipped definition under the next version."""
    return shipped_under(next_version(code), code)


def shipped_under(version: str, code: str = "sbc") -> str:
    """The shipped definition under another version."""
    return re.sub(r'^version: ".*"$', f'version: "{version}"', shipped_text(code), flags=re.MULTILINE)


def changed_text(changes: Mapping[str, str], code: str = "sbc") -> str:
    """The shipped definition under the next version, with each of these passages once replaced by another."""
    text = next_version_text(code)
    for passage, other in changes.items():
        assert text.count(passage) == 1, passage
        text = text.replace(passage, other)
    return text


def make_changed_version(session: Session, changes: Mapping[str, str], code: str = "sbc") -> DefinitionVersion:
    """``changed_text`` in the database, published."""
    version = services.load_definition(session, changed_text(changes, code), actor=SYSTEM, now=LOADED_AT)
    services.publish_definition(session, version, actor=SYSTEM, now=LOADED_AT)
    return version


def make_version(session: Session, code: str = "sbc", *, published: bool = True) -> DefinitionVersion:
    """The shipped version of a programme in the database; made once however often it is asked for."""
    version = services.load_definition(session, shipped_text(code), actor=SYSTEM, now=LOADED_AT)
    if published and version.published_at is None:
        services.publish_definition(session, version, actor=SYSTEM, now=LOADED_AT)
    return version
