"""Create runs, findings, the summary of checks, formal decisions, district opinions.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0006_create_eligibility", "0005_create_applications"


def upgrade() -> None:
    op.create_table(
        "district_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=False),
        sa.Column("recommended", sa.Boolean(), nullable=False),
        sa.Column("match_fen", sa.BigInteger(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("recommended OR opinion <> ''", name=op.f("ck_district_opinion_refusal_has_opinion")),
        sa.CheckConstraint("match_fen >= 0", name=op.f("ck_district_opinion_match_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_district_opinion_application_id_application")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_district_opinion_given_by_person")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_district_opinion_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_opinion")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_district_opinion_revision_id")),
    )
    op.create_index(op.f("ix_district_opinion_application_id"), "district_opinion", ["application_id"], unique=False)
    op.create_table(
        "eligibility_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_eligibility_run_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["definition_version.id"],
            name=op.f("fk_eligibility_run_definition_id_definition_version"),
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_eligibility_run_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_run")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_eligibility_run_numbers_count_from_one")),
        sa.UniqueConstraint("revision_id", "kind", "number", name=op.f("uq_eligibility_run_revision_id_kind_number")),
    )
    op.create_index(
        "uq_eligibility_run_in_effect",
        "eligibility_run",
        ["revision_id", "kind"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
        sqlite_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index("ix_eligibility_run_application", "eligibility_run", ["application_id"], unique=False)
    op.create_table(
        "check_summary",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("proposal", sa.String(length=24), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("asof_announced_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_check_summary_application_id_application")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_check_summary_revision_id_revision")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_check_summary")),
    )
    op.create_index("ix_check_summary_proposal", "check_summary", ["proposal", "application_id"], unique=False)
    op.create_index("ix_check_summary_asof", "check_summary", ["asof_announced_at", "application_id"], unique=False)
    op.create_table(
        "formal_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'reject' OR (rule IS NOT NULL AND clause IS NOT NULL)",
            name=op.f("ck_formal_decision_rejection_has_clause"),
        ),
        sa.CheckConstraint("outcome = 'accept' OR reason <> ''", name=op.f("ck_formal_decision_refusal_has_reason")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_formal_decision_application_id_application")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_formal_decision_decided_by_person")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_formal_decision_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formal_decision")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_formal_decision_revision_id")),
    )
    op.create_index("ix_formal_decision_application", "formal_decision", ["application_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("read", Json, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.CheckConstraint(
            "(verdict = 'unknown') = (cause IS NOT NULL) OR verdict = 'not_applicable'",
            name=op.f("ck_finding_unknown_has_cause"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["eligibility_run.id"], name=op.f("fk_finding_run_id_eligibility_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("run_id", "rule", name=op.f("uq_finding_run_id_rule")),
    )


def downgrade() -> None:
    op.drop_table("finding")
    op.drop_table("formal_decision")
    op.drop_table("check_summary")
    op.drop_table("eligibility_run")
    op.drop_table("district_opinion")
