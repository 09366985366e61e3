"""Create the table of heartbeats.

Locks: none on existing tables. Data: none. Reversible: yes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0010_create_heartbeat", "0009_create_publication"


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )


def downgrade() -> None:
    op.drop_table("heartbeat")
