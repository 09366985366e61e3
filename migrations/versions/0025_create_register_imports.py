"""Create imports of registers, circuits and answers of services that are asked, and second readings of evidence.

Locks: ``register_snapshot`` briefly, for a column whose default is constant. Data: every snapshot there is counts as
taken. Reversible: yes, losing uploads under way, circuits, kept answers and how often evidence was asked for again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0025_create_register_imports", "0024_create_workbench"


def upgrade() -> None:
    op.add_column("register_snapshot", sa.Column("staged", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_imports()
    op.create_table(
        "register_circuit",
        sa.Column("register", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("probing_until", UtcDateTime(), nullable=True),
        sa.Column("next_slot_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("register", name=op.f("pk_register_circuit")),
    )
    op.create_table(
        "register_answer",
        sa.Column("register", sa.String(length=16), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("records", Json, nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("register", "uscc", name=op.f("pk_register_answer")),
    )
    op.create_index("ix_register_answer_age", "register_answer", ["answered_at"])
    op.create_table(
        "evidence_retry",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_evidence_retry_attempts_count_up")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_evidence_retry_revision_id_revision")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_evidence_retry")),
    )


def _create_imports() -> None:
    op.create_table(
        "register_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("asof_on", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headings", Json, nullable=False),
        sa.Column("samples", Json, nullable=False),
        sa.Column("mapping", Json, nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("faults", Json, nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("difference", Json, nullable=False),
        sa.Column("compared_with", sa.Uuid(), nullable=True),
        sa.Column("snapshot_id", sa.Uuid(), nullable=True),
        sa.Column("error", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('taken', 'discarded')) = (decided_at IS NOT NULL)",
            name=op.f("ck_register_import_decided_iff_ended"),
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_register_import_numbers_count_up")),
        sa.CheckConstraint(
            "state NOT IN ('ready', 'taken') OR snapshot_id IS NOT NULL",
            name=op.f("ck_register_import_ready_has_snapshot"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_register_import_{column}_{table}"))
            for column, table in (
                ("file_id", "stored_file"),
                ("compared_with", "register_snapshot"),
                ("snapshot_id", "register_snapshot"),
                ("uploaded_by", "person"),
                ("decided_by", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    op.create_index("ix_register_import_list", "register_import", ["register", "uploaded_at", "id"])
    op.create_index("ix_register_import_file_id", "register_import", ["file_id"])
    op.create_index("ix_register_import_snapshot_id", "register_import", ["snapshot_id"])


def downgrade() -> None:
    for table in ("evidence_retry", "register_answer", "register_circuit", "register_import"):
        op.drop_table(table)
    with op.batch_alter_table("register_snapshot") as batch:
        batch.drop_column("staged")
