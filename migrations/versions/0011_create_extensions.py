"""Create extensions of deadlines and outages; applications learn of a close of their own.

Locks: ``application`` briefly, for a column without a default. Data: none. Reversible: yes, losing what was granted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0011_create_extensions", "0010_create_heartbeat"


def upgrade() -> None:
    op.add_column("application", sa.Column("extended_to", UtcDateTime(), nullable=True))
    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("former_close_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("outage_began_at", UtcDateTime(), nullable=True),
        sa.Column("outage_ended_at", UtcDateTime(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("until_at > former_close_at", name=op.f("ck_deadline_extension_gives_time")),
        sa.CheckConstraint(
            "(cause = 'personal') = (organisation_id IS NOT NULL)",
            name=op.f("ck_deadline_extension_personal_iff_of_one"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_deadline_extension_decided_iff_judged")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_deadline_extension_two_persons")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_deadline_extension_call_id_call")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_deadline_extension_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_deadline_extension_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_deadline_extension_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extension")),
    )
    op.create_index("ix_deadline_extension_call", "deadline_extension", ["call_id", "state", "organisation_id"])
    op.create_index("ix_deadline_extension_list", "deadline_extension", ["proposed_at", "id"])
    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("began_at < ended_at", name=op.f("ck_outage_begins_before_it_ends")),
        sa.CheckConstraint("(recorded_by IS NULL) = (note = '')", name=op.f("ck_outage_a_person_says_why")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_outage_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index("ix_outage_list", "outage", ["ended_at", "id"])


def downgrade() -> None:
    op.drop_table("outage")
    op.drop_table("deadline_extension")
    op.drop_column("application", "extended_to")
