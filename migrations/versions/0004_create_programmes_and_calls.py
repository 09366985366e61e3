"""Create programmes, definition versions, calls, funds, the editable calendar with the year 2027.

Locks: none on existing tables. Data: the holidays of 2027 as far as the law itself fixes them, as provisional
(decision 15). Reversible: yes, losing what the tables hold.

Source of the days: 全国年节及纪念日放假办法 (2024-11-10), article 2. Which weekends are worked and which weekdays are
free in exchange is announced each autumn; an administrator enters it on the calendar page and settles the year.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0004_create_programmes_and_calls", "0003_create_registers"

HOLIDAYS_2027 = (
    (date(2027, 1, 1), "元旦"),
    (date(2027, 2, 5), "春节（除夕）"),
    (date(2027, 2, 6), "春节（初一）"),
    (date(2027, 2, 7), "春节（初二）"),
    (date(2027, 2, 8), "春节（初三）"),
    (date(2027, 4, 5), "清明节"),
    (date(2027, 5, 1), "劳动节"),
    (date(2027, 5, 2), "劳动节"),
    (date(2027, 6, 9), "端午节"),
    (date(2027, 9, 15), "中秋节"),
    (date(2027, 10, 1), "国庆节"),
    (date(2027, 10, 2), "国庆节"),
    (date(2027, 10, 3), "国庆节"),
)


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    overrides = op.create_table(
        "working_day_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_working_day_override")),
    )
    years = op.create_table(
        "working_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_working_year")),
    )
    op.bulk_insert(years, [{"year": 2027, "provisional": True}])
    op.bulk_insert(overrides, [{"day": day, "is_working": False, "note": note} for day, note in HOLIDAYS_2027])
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
