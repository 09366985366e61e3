"""Find similar texts by bands of their sketches, and keep what a programme's applicants all write.

Locks: none on existing tables. Data: none; ``flask eligibility index`` makes the sketches of what is there. Reversible:
yes, losing sketches that the command makes anew, and the stock phrases that evidence refers to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import BigId, UtcDateTime

revision, down_revision = "0028_create_text_sketches", "0027_order_claims"


def upgrade() -> None:
    op.create_table(
        "text_sketch",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_text_sketch_application_id_application")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_text_sketch_programme_id_programme")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_text_sketch_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_sketch")),
        sa.UniqueConstraint("application_id", name=op.f("uq_text_sketch_application_id")),
    )
    op.create_index("ix_text_sketch_programme", "text_sketch", ["programme_id", "id"])
    op.create_table(
        "text_band",
        sa.Column("band_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("band_hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sketch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band_no", "band_hash", "sketch_id", name=op.f("pk_text_band")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stock_phrases",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.Text(), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 1 AND 10000", name=op.f("ck_stock_phrases_share_is_a_share")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_stock_phrases_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_phrases")),
    )
    op.create_index("ix_stock_phrases_programme", "stock_phrases", ["programme_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_stock_phrases_programme", table_name="stock_phrases")
    op.drop_table("stock_phrases")
    op.drop_table("text_band")
    op.drop_index("ix_text_sketch_programme", table_name="text_sketch")
    op.drop_table("text_sketch")
