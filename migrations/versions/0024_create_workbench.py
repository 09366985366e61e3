"""Create drafts of definitions and previews of what a definition would change; note who loaded a version.

Locks: ``definition_version`` briefly, for a column without a default. Data: none. Reversible: yes, losing drafts and
previews.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0024_create_workbench", "0023_count_lost_processes"

OPEN_DRAFT = sa.text("state IN ('drafting', 'proposed')")


def upgrade() -> None:
    with op.batch_alter_table("definition_version") as table:
        table.add_column(sa.Column("loaded_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_definition_version_loaded_by_person"), "person", ["loaded_by"], ["id"])
    create_drafts()
    create_previews()


def create_drafts() -> None:
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_definition_draft_revisions_count_from_one")),
        sa.CheckConstraint(
            "(state = 'published') = (published_id IS NOT NULL)", name=op.f("ck_definition_draft_published_iff_version")
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'published') OR proposed_by IS NOT NULL",
            name=op.f("ck_definition_draft_has_proposer"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_definition_draft_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["base_id"], ["definition_version.id"], name=op.f("fk_definition_draft_base_id_definition_version")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_definition_draft_created_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_definition_draft_decided_by_person")),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_definition_draft_edited_by_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_definition_draft_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_definition_draft_proposed_by_person")),
        sa.ForeignKeyConstraint(
            ["published_id"],
            ["definition_version.id"],
            name=op.f("fk_definition_draft_published_id_definition_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft")),
    )
    op.create_index(
        "uq_definition_draft_open",
        "definition_draft",
        ["programme_id"],
        unique=True,
        postgresql_where=OPEN_DRAFT,
        sqlite_where=OPEN_DRAFT,
    )


def create_previews() -> None:
    op.create_table(
        "impact_preview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR total IS NOT NULL", name=op.f("ck_impact_preview_counted_before_finished")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_impact_preview_asked_by_person")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_impact_preview_call_id_call")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_impact_preview_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_preview")),
    )
    op.create_index("ix_impact_preview_programme", "impact_preview", ["programme_id", "asked_at", "id"])
    op.create_index("ix_impact_preview_fingerprint", "impact_preview", ["fingerprint", "asked_at"])
    op.create_table(
        "impact_chunk",
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("tally", Json, nullable=True),
        sa.CheckConstraint("(tally IS NULL) = (done_at IS NULL)", name=op.f("ck_impact_chunk_tally_iff_done")),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["impact_preview.id"], name=op.f("fk_impact_chunk_preview_id_impact_preview")
        ),
        sa.PrimaryKeyConstraint("preview_id", "number", name=op.f("pk_impact_chunk")),
    )
    op.create_table(
        "impact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("former_message", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("read", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_impact_change_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["impact_preview.id"], name=op.f("fk_impact_change_preview_id_impact_preview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_change")),
    )
    op.create_index("ix_impact_change_list", "impact_change", ["preview_id", "direction", "rule", "id"])


def downgrade() -> None:
    op.drop_table("impact_change")
    op.drop_table("impact_chunk")
    op.drop_table("impact_preview")
    op.drop_table("definition_draft")
    with op.batch_alter_table("definition_version") as table:
        table.drop_constraint(op.f("fk_definition_version_loaded_by_person"), type_="foreignkey")
        table.drop_column("loaded_by")
