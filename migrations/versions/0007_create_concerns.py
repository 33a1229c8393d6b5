"""create the table of concerns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "concern",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("index", "party", name=op.f("pk_concern")),
    )
    op.create_index("ix_concern_party_index", "concern", ["party", "index"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_concern_party_index", table_name="concern")
    op.drop_table("concern")
