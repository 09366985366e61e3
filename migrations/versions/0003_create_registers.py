"""Create register snapshots and records.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import BigId, Json, UtcDateTime

revision, down_revision = "0003_create_registers", "0002_create_accounts"


def upgrade() -> None:
    op.create_table(
        "register_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("asof_on", sa.Date(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_snapshot")),
    )
    op.create_index(
        "ix_register_snapshot_latest", "register_snapshot", ["register", "asof_on", "imported_at"], unique=False
    )
    op.create_table(
        "register_record",
        sa.Column("id", BigId, nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("record", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["register_snapshot.id"], name=op.f("fk_register_record_snapshot_id_register_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_record")),
    )
    op.create_index("ix_register_record_lookup", "register_record", ["snapshot_id", "uscc"], unique=False)


def downgrade() -> None:
    op.drop_table("register_record")
    op.drop_table("register_snapshot")
