"""Create experts, conflicts, panels, assignments, scores, results.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0007_create_reviews", "0006_create_eligibility"


def upgrade() -> None:
    op.create_table(
        "expert",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("employer_uscc", sa.String(length=18), nullable=False),
        sa.Column("strata", Json, nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_expert")),
    )
    op.create_index(op.f("ix_expert_employer_uscc"), "expert", ["employer_uscc"], unique=False)
    op.create_table(
        "declared_conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["expert.person_id"], name=op.f("fk_declared_conflict_expert_id_expert")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_conflict")),
        sa.UniqueConstraint("expert_id", "uscc", name=op.f("uq_declared_conflict_expert_id_uscc")),
    )
    op.create_index(op.f("ix_declared_conflict_uscc"), "declared_conflict", ["uscc"], unique=False)
    op.create_table(
        "panel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("composition", Json, nullable=False),
        sa.Column("pool", Json, nullable=False),
        sa.Column("excluded", Json, nullable=False),
        sa.Column("kept", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_panel_application_id_application")
        ),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_panel_drawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_panel_application_id_number")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("undertaken_at", UtcDateTime(), nullable=True),
        sa.Column("declined_reason", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("total_hundredths", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'submitted' OR total_hundredths IS NOT NULL", name=op.f("ck_assignment_submitted_has_total")
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'submitted') OR undertaken_at IS NOT NULL",
            name=op.f("ck_assignment_undertaking_before_work"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assignment_application_id_application")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.person_id"], name=op.f("fk_assignment_expert_id_expert")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_assignment_panel_id_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("panel_id", "expert_id", name=op.f("uq_assignment_panel_id_expert_id")),
    )
    op.create_index("ix_assignment_application", "assignment", ["application_id"], unique=False)
    op.create_index("ix_assignment_desk", "assignment", ["expert_id", "state", "id"], unique=False)
    op.create_table(
        "review_result",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("total_hundredths", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("working", Json, nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_review_result_application_id_application")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_review_result_panel_id_panel")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_review_result")),
    )
    op.create_table(
        "score",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("hundredths >= 0", name=op.f("ck_score_points_not_negative")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_score_assignment_id_assignment")),
        sa.PrimaryKeyConstraint("assignment_id", "key", name=op.f("pk_score")),
    )


def downgrade() -> None:
    op.drop_table("score")
    op.drop_table("review_result")
    op.drop_table("assignment")
    op.drop_table("panel")
    op.drop_table("declared_conflict")
    op.drop_table("expert")
