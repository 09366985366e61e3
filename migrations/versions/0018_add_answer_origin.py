"""Note where an answer was taken from that nobody typed into the draft.

Locks: ``answer`` briefly; no row is rewritten. Data: answers that stand count as typed. Reversible: yes, losing where
answers came from.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0018_add_answer_origin", "0017_add_mail_choices"


def upgrade() -> None:
    op.add_column("answer", sa.Column("origin", sa.String(length=80), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("answer", "origin")
