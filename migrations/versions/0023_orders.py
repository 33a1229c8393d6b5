"""create what notes that an authority's document acted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "authority_order",
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("statement", sa.String(length=80), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "act", "authority", "document", "party", "target", name=op.f("pk_authority_order")
        ),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("authority_order")
