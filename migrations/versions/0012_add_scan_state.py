"""Add the scanner's word to stored files.

Locks: stored_file, for adding columns and one update of every row. Data: files that are there were proved when they
came in and count as clean from that instant. Reversible: yes, losing what scanners have said.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0012_add_scan_state", "0011_create_extensions"


def upgrade() -> None:
    """Column by column, never by copying the table: others refer to it."""
    unless_pending = sa.CheckConstraint(
        "(scan_state = 'pending') = (scanned_at IS NULL)", name=op.f("ck_stored_file_scanned_at_unless_pending")
    )
    op.add_column("stored_file", sa.Column("scan_state", sa.String(24), nullable=False, server_default="pending"))
    op.add_column("stored_file", sa.Column("scan_note", sa.String(200), nullable=False, server_default=""))
    op.add_column("stored_file", sa.Column("scanned_at", UtcDateTime(), unless_pending))
    op.execute("UPDATE stored_file SET scan_state = 'clean', scanned_at = uploaded_at")
    op.create_index("ix_stored_file_scan", "stored_file", ["scan_state", "uploaded_at"])


def downgrade() -> None:
    op.drop_index("ix_stored_file_scan", "stored_file")
    for column in ("scanned_at", "scan_note", "scan_state"):
        op.drop_column("stored_file", column)
