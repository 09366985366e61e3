"""Give the claims on one key an order that nothing changes, keep what was written, and fold numbers to one spelling.

Locks: ``claim``, exclusively, while its rows are rewritten (minutes for millions). Data: ``place`` counts the claims on
one key in the order in which they were made; keys of what is used lose case, width, spacing and punctuation, and two
keys of an application that become one are one claim. Reversible: yes, but the former spelling of keys is lost.
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

from grants.db import UtcDateTime

revision, down_revision = "0027_order_claims", "0026_create_officers_tools"

BATCH = 5_000
OWN = 19  # a credit code and a stroke before a number that an enterprise gives itself
CLAIM = sa.table(
    "claim",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("scope", sa.String()),
    sa.column("key", sa.String()),
    sa.column("application_id", sa.Uuid()),
    sa.column("claimed_at", UtcDateTime()),
    sa.column("written_as", sa.String()),
    sa.column("place", sa.Integer()),
)
PLACES = """
UPDATE claim SET place = (
    SELECT count(*) FROM claim AS other
    WHERE other.kind = claim.kind AND other.scope = claim.scope AND other.key = claim.key
    AND (other.claimed_at < claim.claimed_at OR (other.claimed_at = claim.claimed_at AND other.id <= claim.id))
)
"""


def upgrade() -> None:
    with op.batch_alter_table("claim") as claim:
        claim.alter_column("kind", type_=sa.String(200), existing_type=sa.String(32), existing_nullable=False)
        claim.add_column(sa.Column("written_as", sa.String(200), nullable=False, server_default=""))
        claim.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    _fold_keys()
    op.execute(PLACES)
    with op.batch_alter_table("claim") as claim:
        claim.alter_column("written_as", server_default=None, existing_type=sa.String(200), existing_nullable=False)
        claim.alter_column("place", server_default=None, existing_type=sa.Integer(), existing_nullable=False)
        claim.create_unique_constraint(op.f("uq_claim_kind_scope_key_place"), ["kind", "scope", "key", "place"])
        claim.drop_index("ix_claim_lookup")


def downgrade() -> None:
    with op.batch_alter_table("claim") as claim:
        claim.create_index("ix_claim_lookup", ["kind", "scope", "key"])
        claim.drop_constraint(op.f("uq_claim_kind_scope_key_place"), type_="unique")
        claim.drop_column("place")
        claim.drop_column("written_as")
        claim.alter_column("kind", type_=sa.String(32), existing_type=sa.String(200), existing_nullable=False)


def _fold_keys() -> None:
    """Rewrite the keys of what is used; of two claims of an application that become one the earlier stays."""
    connection = op.get_bind()
    used = sa.select(CLAIM).where(CLAIM.c.kind.startswith("used.")).order_by(CLAIM.c.claimed_at, CLAIM.c.id)
    seen: set[tuple[str, str, str, object]] = set()
    changed, doubled = [], []
    for row in connection.execute(used):
        own, number = (row.key[:OWN], row.key[OWN:]) if row.key[OWN - 1 : OWN] == "/" else ("", row.key)
        key = own + _folded(number)
        place = (row.kind, row.scope, key, row.application_id)
        if place in seen:
            doubled.append(row.id)
        elif key != row.key:
            changed.append({"of": row.id, "folded": key, "number": number})
        seen.add(place)
    for start in range(0, len(doubled), BATCH):
        connection.execute(sa.delete(CLAIM).where(CLAIM.c.id.in_(doubled[start : start + BATCH])))
    fold = (
        sa.update(CLAIM)
        .where(CLAIM.c.id == sa.bindparam("of"))
        .values(key=sa.bindparam("folded"), written_as=sa.bindparam("number"))
    )
    for start in range(0, len(changed), BATCH):
        connection.execute(fold, changed[start : start + BATCH])


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if unicodedata.category(character)[0] not in "PZC") or folded
