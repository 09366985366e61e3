"""Create programmes, definition versions, calls, funds, the editable calendar.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0004_create_programmes_and_calls", "0003_create_registers"


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "working_day_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_working_day_override")),
    )
    op.create_table(
        "working_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_working_year")),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_definition_version_fingerprint_sha256")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_definition_version_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_version")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_definition_version_fingerprint")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_definition_version_programme_id_version")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("asof_on", sa.Date(), nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("stage_days", Json, nullable=False),
        sa.Column("shortfall", sa.String(length=24), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("next_receipt_no", sa.Integer(), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (announced_at IS NULL)", name=op.f("ck_call_announced_at_iff_announced")
        ),
        sa.CheckConstraint("grace_minutes BETWEEN 0 AND 120", name=op.f("ck_call_grace_bounded")),
        sa.CheckConstraint("next_receipt_no >= 1", name=op.f("ck_call_receipts_count_from_one")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_call_opens_before_it_closes")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition_version.id"], name=op.f("fk_call_definition_id_definition_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("ref", name=op.f("uq_call_ref")),
    )
    op.create_index(op.f("ix_call_closes_at"), "call", ["closes_at"], unique=False)
    op.create_index(op.f("ix_call_opens_at"), "call", ["opens_at"], unique=False)
    op.create_table(
        "call_fund",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("ceiling_fen >= 0", name=op.f("ck_call_fund_ceiling_not_negative")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_fund_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", "code", name=op.f("pk_call_fund")),
    )


def downgrade() -> None:
    op.drop_table("call_fund")
    op.drop_table("call")
    op.drop_table("definition_version")
    op.drop_table("working_year")
    op.drop_table("working_day_override")
    op.drop_table("programme")
