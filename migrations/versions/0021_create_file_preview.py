"""Create the table of previews.

Locks: none on existing tables. Data: none; files that are there already get no preview. Reversible: yes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0021_create_file_preview", "0020_create_carry_over"


def upgrade() -> None:
    op.create_table(
        "file_preview",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_file_preview_file_id_stored_file")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_preview")),
    )


def downgrade() -> None:
    op.drop_table("file_preview")
