"""Keep each value of an organisation's profile by itself, with who wrote it when.

Locks: ``organisation`` briefly. Data: what the column ``profile`` holds becomes rows whose author is unknown, as old as
the organisation. Reversible: yes, losing authors and times.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0022_create_profiles", "0021_create_file_preview"

ORGANISATION = sa.table(
    "organisation", sa.column("id", sa.Uuid()), sa.column("profile", Json), sa.column("created_at", UtcDateTime())
)


def upgrade() -> None:
    created = op.create_table(
        "profile_value",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("field_key", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_profile_value_changed_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_profile_value_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "field_key", "row_id", name=op.f("pk_profile_value")),
    )
    connection = op.get_bind()
    for organisation_id, profile, created_at in connection.execute(sa.select(ORGANISATION)).fetchall():
        rows = [
            {"organisation_id": organisation_id, "field_key": path, "row_id": row, "value": value, "version": 1}
            | {"origin": "", "changed_by": None, "changed_at": created_at}
            for path, row, value in _cells(profile or {})
        ]
        if rows:
            connection.execute(created.insert(), rows)
    op.drop_column("organisation", "profile")


def downgrade() -> None:
    op.add_column("organisation", sa.Column("profile", Json, nullable=False, server_default="{}"))
    connection = op.get_bind()
    values = sa.table(
        "profile_value",
        sa.column("organisation_id", sa.Uuid()),
        sa.column("field_key", sa.String()),
        sa.column("row_id", sa.String()),
        sa.column("value", Json),
    )
    profiles: dict[Any, dict[str, Any]] = {}
    for organisation_id, path, row, value in connection.execute(sa.select(values)).fetchall():
        _put(profiles.setdefault(organisation_id, {}), path, row, value)
    for organisation_id, profile in profiles.items():
        connection.execute(sa.update(ORGANISATION).where(ORGANISATION.c.id == organisation_id).values(profile=profile))
    op.drop_table("profile_value")


def _cells(profile: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The profile by (path, row); a table was a list of rows with their ``id``, whose order is kept at its own path."""
    for key, value in profile.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) and "id" in row for row in value):
            yield f"org.{key}", "", [str(row["id"]) for row in value]
            for row in value:
                for column, cell in row.items():
                    if column != "id" and cell is not None:
                        yield f"org.{key}.{column}", str(row["id"]), cell
        elif value is not None and value != []:
            yield f"org.{key}", "", value


def _put(profile: dict[str, Any], path: str, row: str, value: Any) -> None:
    key, _, column = path.removeprefix("org.").partition(".")
    if not column:
        if not isinstance(profile.get(key), list):
            profile[key] = value
        return
    table = profile.setdefault(key, [])
    if not all(isinstance(one, dict) for one in table):
        table = profile[key] = []
    found = next((one for one in table if one["id"] == row), None)
    if found is None:
        found = {"id": row}
        table.append(found)
    found[column] = value
