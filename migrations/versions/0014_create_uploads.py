"""Create the tables of uploads that arrive in pieces.

Locks: none on existing tables. Data: none. Reversible: yes, losing what was on its way.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0014_create_uploads", "0013_create_receipts"


def upgrade() -> None:
    op.create_table(
        "partial_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("begun_by", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_partial_upload_not_empty")),
        sa.CheckConstraint(
            "received_bytes BETWEEN 0 AND size_bytes", name=op.f("ck_partial_upload_received_within_size")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partial_upload")),
    )
    op.create_index(op.f("ix_partial_upload_touched_at"), "partial_upload", ["touched_at"])
    op.create_table(
        "slot_upload",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("slot_key", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["partial_upload.id"], name=op.f("fk_slot_upload_upload_id_partial_upload")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_slot_upload_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_slot_upload_attachment_id_attachment")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_slot_upload")),
    )
    op.create_index("ix_slot_upload_application", "slot_upload", ["application_id"])


def downgrade() -> None:
    op.drop_table("slot_upload")
    op.drop_table("partial_upload")
