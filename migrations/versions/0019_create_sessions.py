"""Keep sessions as rows; create invitations and forgotten passwords; note who vouched for a member.

Locks: ``person`` and ``membership`` briefly (SQLite copies ``membership``). Data: everybody signs in once more, since
the sessions of before name no row. Reversible: yes, losing what the tables hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0019_create_sessions", "0018_add_answer_origin"
IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _create_sessions()
    _create_invitations()
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (expires_at IS NULL)", name=op.f("ck_password_reset_token_iff_expiry")
        ),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (person_id IS NULL)", name=op.f("ck_password_reset_token_iff_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index("ix_password_reset_email", "password_reset", ["email", "asked_at"], unique=False)
    op.create_index("ix_password_reset_source", "password_reset", ["source", "asked_at"], unique=False)
    with op.batch_alter_table("membership") as membership:
        membership.add_column(sa.Column("vouched_by", sa.Uuid(), nullable=True))
        membership.create_foreign_key(op.f("fk_membership_vouched_by_person"), "person", ["vouched_by"], ["id"])
    op.drop_column("person", "session_epoch")
    op.add_column("mail", sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false()))


def _create_sessions() -> None:
    op.create_table(
        "person_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_session")),
    )
    op.create_index(op.f("ix_person_session_person_id"), "person_session", ["person_id"], unique=False)


def _create_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_invitation_closed_at_iff_closed")),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_by IS NOT NULL)", name=op.f("ck_invitation_accepted_by_iff_accepted")
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_invitation_accepted_by_person")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["organisation_id", "email"],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )


def downgrade() -> None:
    op.drop_column("mail", "is_secret")
    op.add_column("person", sa.Column("session_epoch", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("membership") as membership:
        membership.drop_constraint(op.f("fk_membership_vouched_by_person"), type_="foreignkey")
        membership.drop_column("vouched_by")
    op.drop_table("password_reset")
    op.drop_table("invitation")
    op.drop_table("person_session")
