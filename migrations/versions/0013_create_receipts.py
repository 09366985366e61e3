"""Create signed receipts and PDFs of applications.

Locks: none on existing tables. Data: none; what was handed in before is signed when somebody asks. Reversible: yes,
losing signatures (the same key makes the same ones again) and the links to PDFs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0013_create_receipts", "0012_add_scan_state"


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=103), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_receipt_revision_id_revision")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_receipt")),
    )
    op.create_table(
        "application_pdf",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("source_sha256", sa.String(length=64), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'draft') = (revision_id IS NULL)", name=op.f("ck_application_pdf_revision_unless_draft")
        ),
        sa.CheckConstraint("(state = 'made') = (file_id IS NOT NULL)", name=op.f("ck_application_pdf_file_iff_made")),
        sa.CheckConstraint(
            "(state = 'made') = (made_at IS NOT NULL)", name=op.f("ck_application_pdf_made_at_iff_made")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_pdf_application_id_application")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_application_pdf_revision_id_revision")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_application_pdf_asked_by_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_application_pdf_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_pdf")),
        sa.UniqueConstraint("revision_id", "kind", name=op.f("uq_application_pdf_revision_id_kind")),
    )
    op.create_index("ix_application_pdf_application", "application_pdf", ["application_id", "id"], unique=False)
    op.create_index("ix_application_pdf_sweep", "application_pdf", ["kind", "asked_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_application_pdf_sweep", table_name="application_pdf")
    op.drop_index("ix_application_pdf_application", table_name="application_pdf")
    op.drop_table("application_pdf")
    op.drop_table("receipt")
