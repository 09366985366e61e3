"""Let people choose how they get mails; note mails that reach nobody, drafts that were reminded.

Locks: ``mail`` and ``application`` briefly (SQLite copies ``mail``). Data: mails keep their words. Reversible: yes,
losing the choices.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0017_add_mail_choices", "0016_create_draft_presence"
HELD = sa.text("held_until IS NOT NULL AND digest_id IS NULL")


def upgrade() -> None:
    op.add_column("application", sa.Column("reminded_days", sa.Integer(), nullable=True))
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(length=24), nullable=False),
        sa.Column("manner", sa.String(length=24), nullable=False),
        sa.CheckConstraint("manner IN ('at_once', 'daily', 'never')", name=op.f("ck_mail_choice_known_manner")),
        sa.PrimaryKeyConstraint("person_id", "theme", name=op.f("pk_mail_choice")),
    )
    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("addressed_to", sa.String(length=80), nullable=False, server_default=""))
        mail.add_column(sa.Column("held_until", UtcDateTime(), nullable=True))
        mail.add_column(sa.Column("digest_id", sa.Uuid(), nullable=True))
        mail.add_column(sa.Column("failed_at", UtcDateTime(), nullable=True))
        mail.create_foreign_key(op.f("fk_mail_digest_id_mail"), "mail", ["digest_id"], ["id"])
        mail.create_check_constraint(
            op.f("ck_mail_only_held_mails_in_a_digest"), "digest_id IS NULL OR held_until IS NOT NULL"
        )
        mail.create_index("ix_mail_held", ["held_until"], postgresql_where=HELD, sqlite_where=HELD)
    with op.batch_alter_table("mail") as mail:
        mail.alter_column("addressed_to", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.drop_index("ix_mail_held")
        mail.drop_constraint(op.f("ck_mail_only_held_mails_in_a_digest"), type_="check")
        mail.drop_constraint(op.f("fk_mail_digest_id_mail"), type_="foreignkey")
        mail.drop_column("failed_at")
        mail.drop_column("digest_id")
        mail.drop_column("held_until")
        mail.drop_column("addressed_to")
    op.drop_table("mail_choice")
    op.drop_column("application", "reminded_days")
