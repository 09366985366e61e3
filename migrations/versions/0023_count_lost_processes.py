"""Note when a worker begins with a message and how often its process was lost; an index for each state of the outbox.

Locks: ``outbox_message`` for adding two columns and while four indexes are built; no row is rewritten. Data: no message
counts as begun. Reversible: yes, losing which are at work and what was lost.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0023_count_lost_processes", "0022_create_profiles"

OPEN = "done_at IS NULL AND dead_at IS NULL"
INDEXES: dict[str, tuple[list[str], str]] = {
    "ix_outbox_message_waiting": (["lane", "due_at", "id"], f"sent_at IS NULL AND {OPEN}"),
    "ix_outbox_message_under_way": (["sent_at", "id"], f"sent_at IS NOT NULL AND {OPEN}"),
    "ix_outbox_message_undone": (["lane", "due_at"], "done_at IS NULL"),
    "ix_outbox_message_dead": (["topic", "id"], "dead_at IS NOT NULL"),
}


def upgrade() -> None:
    """Column by column: a copy of the table would stop the relay for its time."""
    not_negative = sa.CheckConstraint("losses >= 0", name=op.f("ck_outbox_message_losses_not_negative"))
    op.add_column("outbox_message", sa.Column("losses", sa.Integer(), not_negative, nullable=False, server_default="0"))
    op.add_column("outbox_message", sa.Column("begun_at", UtcDateTime(), nullable=True))
    op.drop_index("ix_outbox_message_open", "outbox_message")
    for name, (columns, where) in INDEXES.items():
        create_index(name, columns, where)


def create_index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "outbox_message", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "outbox_message")
    create_index("ix_outbox_message_open", ["due_at", "id"], OPEN)
    op.drop_column("outbox_message", "begun_at")
    op.drop_column("outbox_message", "losses")
