"""Create assignments of sections and comments among colleagues.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0015_create_colleagues", "0014_create_uploads"


def upgrade() -> None:
    op.create_table(
        "section_assignment",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("section_key", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_section_assignment_application_id_application")
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("fk_section_assignment_assigned_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_section_assignment_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "section_key", name=op.f("pk_section_assignment")),
    )
    op.create_table(
        "answer_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("body <> ''", name=op.f("ck_answer_comment_says_something")),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name=op.f("ck_answer_comment_resolved_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_comment_application_id_application")
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name=op.f("fk_answer_comment_resolved_by_person")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_answer_comment_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_comment")),
    )
    op.create_index(
        "ix_answer_comment_thread", "answer_comment", ["application_id", "path", "row_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("answer_comment")
    op.drop_table("section_assignment")
