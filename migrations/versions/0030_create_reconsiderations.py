"""Let a rejection be objected to, looked at again by a second person and taken back, and an acceptance be revoked.

Locks: ``formal_decision`` while columns and constraints are added and while the index of what is in force is built.
Data: none; rejections made before name no day until which they can be objected to. Reversible: yes, losing requests
with their answers, proposals to revoke an acceptance, and decisions that were taken back with their notices.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0030_create_reconsiderations", "0029_create_formal_notices"

IN_FORCE = "revoked_at IS NULL"
WAITING = "state = 'asked'"
OPEN = "state = 'proposed'"
CHECKS = {
    "revoked_by_iff_revoked": "(revoked_at IS NULL) = (revoked_by IS NULL)",
    "revocation_has_reason": "(revoked_at IS NULL) = (revocation_reason = '')",
    "rejection_revoked_by_another": "outcome <> 'reject' OR revoked_by <> decided_by",
    "proposed_by_another": "proposed_by <> decided_by",
}
FORMER_CHECKS = {
    "rejection_has_clause": "outcome <> 'reject' OR (rule IS NOT NULL AND clause IS NOT NULL)",
    "refusal_has_reason": "outcome = 'accept' OR reason <> ''",
}


def upgrade() -> None:
    with op.batch_alter_table("formal_decision", table_args=former_checks()) as decision:
        decision.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))
        decision.add_column(sa.Column("reconsider_until", sa.Date(), nullable=True))
        decision.add_column(sa.Column("revoked_by", sa.Uuid(), nullable=True))
        decision.add_column(sa.Column("revoked_at", UtcDateTime(), nullable=True))
        decision.add_column(sa.Column("revocation_reason", sa.Text(), nullable=False, server_default=""))
        decision.create_foreign_key(op.f("fk_formal_decision_proposed_by_person"), "person", ["proposed_by"], ["id"])
        decision.create_foreign_key(op.f("fk_formal_decision_revoked_by_person"), "person", ["revoked_by"], ["id"])
        decision.drop_constraint(op.f("uq_formal_decision_revision_id"), type_="unique")
        for name, condition in CHECKS.items():
            decision.create_check_constraint(op.f(f"ck_formal_decision_{name}"), condition)
    op.create_index(
        "uq_formal_decision_in_force",
        "formal_decision",
        ["revision_id"],
        unique=True,
        postgresql_where=sa.text(IN_FORCE),
        sqlite_where=sa.text(IN_FORCE),
    )
    create_reconsiderations()
    create_revocations()


def create_reconsiderations() -> None:
    op.create_table(
        "reconsideration",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("statement <> ''", name=op.f("ck_reconsideration_has_statement")),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_reconsideration_decided_at_iff_decided")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_reconsideration_decided_by_iff_decided")
        ),
        sa.CheckConstraint("state = 'asked' OR reason <> ''", name=op.f("ck_reconsideration_answer_has_reason")),
        *references(
            "reconsideration",
            decision_id="formal_decision",
            application_id="application",
            asked_by="person",
            decided_by="person",
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_reconsideration")),
    )
    op.create_index("ix_reconsideration_application", "reconsideration", ["application_id"])
    op.create_index(
        "ix_reconsideration_waiting",
        "reconsideration",
        ["application_id"],
        postgresql_where=sa.text(WAITING),
        sqlite_where=sa.text(WAITING),
    )


def create_revocations() -> None:
    op.create_table(
        "acceptance_revocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_acceptance_revocation_has_reason")),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_acceptance_revocation_decided_at_iff_decided")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_acceptance_revocation_decided_by_iff_decided")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by <> proposed_by",
            name=op.f("ck_acceptance_revocation_confirmed_by_another"),
        ),
        *references(
            "acceptance_revocation",
            application_id="application",
            decision_id="formal_decision",
            proposed_by="person",
            decided_by="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_revocation")),
    )
    op.create_index("ix_acceptance_revocation_application", "acceptance_revocation", ["application_id"])
    op.create_index(
        "uq_acceptance_revocation_open",
        "acceptance_revocation",
        ["decision_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )


def references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def former_checks() -> tuple[sa.CheckConstraint, ...]:
    """What SQLite's copy of the table would forget."""
    return tuple(
        sa.CheckConstraint(condition, name=op.f(f"ck_formal_decision_{name}"))
        for name, condition in FORMER_CHECKS.items()
    )


def downgrade() -> None:
    op.drop_table("acceptance_revocation")
    op.drop_table("reconsideration")
    op.drop_index("uq_formal_decision_in_force", "formal_decision")
    revoked = "(SELECT id FROM formal_decision WHERE revoked_at IS NOT NULL)"
    op.execute(f"DELETE FROM formal_notice WHERE decision_id IN {revoked}")
    op.execute(f"UPDATE finding_overrule SET decision_id = NULL WHERE decision_id IN {revoked}")
    op.execute("DELETE FROM formal_decision WHERE revoked_at IS NOT NULL")
    with op.batch_alter_table("formal_decision", table_args=former_checks()) as decision:
        for name in CHECKS:
            decision.drop_constraint(op.f(f"ck_formal_decision_{name}"), type_="check")
        decision.drop_constraint(op.f("fk_formal_decision_revoked_by_person"), type_="foreignkey")
        decision.drop_constraint(op.f("fk_formal_decision_proposed_by_person"), type_="foreignkey")
        decision.drop_column("revocation_reason")
        decision.drop_column("revoked_at")
        decision.drop_column("revoked_by")
        decision.drop_column("reconsider_until")
        decision.drop_column("proposed_by")
        decision.create_unique_constraint(op.f("uq_formal_decision_revision_id"), ["revision_id"])
