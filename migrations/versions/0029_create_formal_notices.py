"""Create the written notices of the formal check.

Locks: none on existing tables. Data: none; decisions made before have no written notice. Reversible: yes, losing the
notices' contents and the links to their PDFs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0029_create_formal_notices", "0028_create_text_sketches"


def upgrade() -> None:
    op.create_table(
        "formal_notice",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(file_id IS NULL) = (made_at IS NULL)", name=op.f("ck_formal_notice_made_at_iff_made")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["formal_decision.id"], name=op.f("fk_formal_notice_decision_id_formal_decision")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_formal_notice_file_id_stored_file")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_formal_notice")),
    )


def downgrade() -> None:
    op.drop_table("formal_notice")
