"""Keep what officers overrule, who has which case, what is accepted in one go, and the last day of each case's step.

Locks: ``application`` for adding a column and while an index is built, ``finding`` while an index is built; no row is
rewritten. Data: no last day is known yet; the worker fills them in within ten minutes. Reversible: yes, losing what was
overruled, assigned and staged.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0026_create_officers_tools", "0025_create_register_imports"

WANTING = "verdict IN ('fail', 'unknown')"


def upgrade() -> None:
    op.add_column("application", sa.Column("due_on", sa.Date(), nullable=False, server_default="9999-12-31"))
    op.create_index("ix_application_due", "application", ["call_id", "state", "due_on", "id"])
    op.create_index(
        "ix_finding_wanting",
        "finding",
        ["rule", "run_id"],
        postgresql_where=sa.text(WANTING),
        sqlite_where=sa.text(WANTING),
    )
    create_overrules()
    create_assignments()
    create_acceptances()


def create_overrules() -> None:
    op.create_table(
        "finding_overrule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> '' AND clause <> ''", name=op.f("ck_finding_overrule_has_reason_and_clause")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_finding_overrule_numbers_count_from_one")),
        *_references(
            "finding_overrule",
            application_id="application",
            revision_id="revision",
            finding_id="finding",
            decision_id="formal_decision",
            given_by="person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_overrule")),
        sa.UniqueConstraint("revision_id", "rule", "number", name=op.f("uq_finding_overrule_revision_id_rule_number")),
    )
    op.create_index("ix_finding_overrule_application", "finding_overrule", ["application_id"])


def create_assignments() -> None:
    op.create_table(
        "case_assignment",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        *_references("case_assignment", application_id="application", officer_id="person", assigned_by="person"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_case_assignment")),
    )
    op.create_index("ix_case_assignment_officer", "case_assignment", ["officer_id", "application_id"])


def create_acceptances() -> None:
    op.create_table(
        "acceptance_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staged_by", sa.Uuid(), nullable=False),
        sa.Column("staged_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        *_references("acceptance_list", staged_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_list")),
    )
    op.create_index("ix_acceptance_list_staged", "acceptance_list", ["staged_by", "staged_at", "id"])
    op.create_table(
        "acceptance_item",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(outcome IN ('accepted', 'left_out')) = (settled_at IS NOT NULL)",
            name=op.f("ck_acceptance_item_settled_at_iff_settled"),
        ),
        sa.CheckConstraint(
            "(outcome = 'left_out') = (reason <> '')", name=op.f("ck_acceptance_item_left_out_has_reason")
        ),
        *_references(
            "acceptance_item", list_id="acceptance_list", application_id="application", revision_id="revision"
        ),
        sa.PrimaryKeyConstraint("list_id", "application_id", name=op.f("pk_acceptance_item")),
    )
    op.create_index("ix_acceptance_item_application", "acceptance_item", ["application_id"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def downgrade() -> None:
    op.drop_table("acceptance_item")
    op.drop_table("acceptance_list")
    op.drop_table("case_assignment")
    op.drop_table("finding_overrule")
    op.drop_index("ix_finding_wanting", "finding")
    op.drop_index("ix_application_due", "application")
    op.drop_column("application", "due_on")
