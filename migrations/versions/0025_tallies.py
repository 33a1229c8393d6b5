"""create the table of tallies, with what the orders and listings there are have been changed so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SUMMED = """
INSERT INTO tally (kind, value, total)
SELECT '{kind}', instrument, SUM(revision) FROM {table} GROUP BY instrument
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "tally",
        sa.Column("kind", sa.String(length=63), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_tally")),
    )
    for kind, table in (("order", "market_order"), ("listing", "listing")):
        op.execute(SUMMED.format(kind=kind, table=table))
    op.drop_index("ix_market_order_revision", table_name="market_order")


def downgrade() -> None:
    """Undo the change."""
    op.create_index(
        "ix_market_order_revision", "market_order", ["instrument", "revision"], unique=False
    )
    op.drop_table("tally")
