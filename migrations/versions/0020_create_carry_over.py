"""Note which earlier application a draft was begun from, and what could not be taken over.

Locks: none on existing tables. Data: none. Reversible: yes, losing the notes; the drafts stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0020_create_carry_over", "0019_create_sessions"


def upgrade() -> None:
    op.create_table(
        "carry_over",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("carried_at", UtcDateTime(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("left", Json, nullable=False),
        sa.Column("once", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_carry_over_application_id_application")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["application.id"], name=op.f("fk_carry_over_source_id_application")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_carry_over")),
    )
    op.create_index(op.f("ix_carry_over_source_id"), "carry_over", ["source_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_carry_over_source_id"), table_name="carry_over")
    op.drop_table("carry_over")
