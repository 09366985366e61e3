"""Create proposals, lines, approvals.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0008_create_decisions", "0007_create_reviews"


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("shortfall", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("ceiling_fen >= 0", name=op.f("ck_proposal_ceiling_not_negative")),
        sa.CheckConstraint(
            "(submitted_by IS NULL) = (submitted_at IS NULL)", name=op.f("ck_proposal_submitted_at_iff_submitted")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_proposal_call_id_call")),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"], name=op.f("fk_proposal_prepared_by_person")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_proposal_submitted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("call_id", "version", name=op.f("uq_proposal_call_id_version")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("approved OR reason <> ''", name=op.f("ck_approval_return_has_reason")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_approval_decided_by_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_approval_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_proposal_id"), "approval", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_line",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("total_hundredths", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("requested_fen", sa.BigInteger(), nullable=False),
        sa.Column("computed_fen", sa.BigInteger(), nullable=False),
        sa.Column("proposed_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("working", Json, nullable=False),
        sa.CheckConstraint("proposed_fen > 0 OR reason <> ''", name=op.f("ck_proposal_line_nothing_has_a_reason")),
        sa.CheckConstraint(
            "proposed_fen >= 0 AND proposed_fen <= computed_fen", name=op.f("ck_proposal_line_proposed_within_computed")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_proposal_line_application_id_application")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_line_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "application_id", name=op.f("pk_proposal_line")),
        sa.UniqueConstraint("proposal_id", "rank", name=op.f("uq_proposal_line_proposal_id_rank")),
    )
    op.create_index(op.f("ix_proposal_line_application_id"), "proposal_line", ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_table("proposal_line")
    op.drop_table("approval")
    op.drop_table("proposal")
