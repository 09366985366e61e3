"""Create applications, answers, attachments, revisions, claims, correction requests.

Locks: none on existing tables. Data: none. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import Json, UtcDateTime

revision, down_revision = "0005_create_applications", "0004_create_programmes_and_calls"


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("requested_fen", sa.BigInteger(), nullable=False),
        sa.Column("district_code", sa.String(length=6), nullable=True),
        sa.Column("ref", sa.String(length=40), nullable=True),
        sa.Column("receipt_no", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("revision_no", sa.Integer(), nullable=False),
        sa.Column("submission_begun_at", UtcDateTime(), nullable=True),
        sa.Column("passed_to_district_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'district_review' OR passed_to_district_at IS NOT NULL",
            name=op.f("ck_application_district_review_was_passed"),
        ),
        sa.CheckConstraint("(receipt_no IS NULL) = (ref IS NULL)", name=op.f("ck_application_ref_iff_submitted")),
        sa.CheckConstraint(
            "(receipt_no IS NULL) = (submitted_at IS NULL)", name=op.f("ck_application_receipt_iff_submitted")
        ),
        sa.CheckConstraint("requested_fen >= 0", name=op.f("ck_application_requested_not_negative")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id_call")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_application_created_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "receipt_no", name=op.f("uq_application_call_id_receipt_no")),
        sa.UniqueConstraint("ref", name=op.f("uq_application_ref")),
    )
    op.create_index("ix_application_district", "application", ["district_code", "state", "id"], unique=False)
    op.create_index(op.f("ix_application_organisation_id"), "application", ["organisation_id"], unique=False)
    op.create_index("ix_application_worklist", "application", ["call_id", "state", "id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("field_key", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_application_id_application")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_answer_changed_by_person")),
        sa.PrimaryKeyConstraint("application_id", "field_key", "row_id", name=op.f("pk_answer")),
    )
    op.create_table(
        "answer_row",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("table_key", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_row_application_id_application")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_answer_row_changed_by_person")),
        sa.PrimaryKeyConstraint("application_id", "table_key", "row_id", name=op.f("pk_answer_row")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("slot_key", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_attachment_application_id_application")
        ),
        sa.ForeignKeyConstraint(["attached_by"], ["person.id"], name=op.f("fk_attachment_attached_by_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_file_id"), "attachment", ["file_id"], unique=False)
    op.create_index(
        "ix_attachment_present",
        "attachment",
        ["application_id", "slot_key", "row_id"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_claim_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "kind", "scope", "key", "application_id", name=op.f("uq_claim_kind_scope_key_application_id")
        ),
    )
    op.create_index("ix_claim_application", "claim", ["application_id"], unique=False)
    op.create_index("ix_claim_lookup", "claim", ["kind", "scope", "key"], unique=False)
    op.create_table(
        "correction_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("revision_no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_correction_request_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_correction_request_requested_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
        sa.UniqueConstraint("application_id", "round_no", name=op.f("uq_correction_request_application_id_round_no")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_revision_application_id_application")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_revision_submitted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_revision_application_id_number")),
    )
    op.create_index(op.f("ix_revision_sha256"), "revision", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("revision")
    op.drop_table("correction_request")
    op.drop_table("claim")
    op.drop_table("attachment")
    op.drop_table("answer_row")
    op.drop_table("answer")
    op.drop_table("application")
