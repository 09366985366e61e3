"""Create the table of who has a draft open.

Locks: none on existing tables. Data: none. Reversible: yes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0016_create_draft_presence", "0015_create_colleagues"


def upgrade() -> None:
    op.create_table(
        "draft_presence",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_draft_presence_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_presence_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_draft_presence")),
    )
    op.create_index("ix_draft_presence_seen_at", "draft_presence", ["seen_at"])


def downgrade() -> None:
    op.drop_index("ix_draft_presence_seen_at", "draft_presence")
    op.drop_table("draft_presence")
