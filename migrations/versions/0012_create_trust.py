"""create the tables of trusted accounts and recall windows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "clearing",
        sa.Column("transfer", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(length=63), nullable=False),
        sa.Column("receiver", sa.String(length=63), nullable=False),
        sa.Column("final_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("transfer", name=op.f("pk_clearing")),
    )
    op.create_index("ix_clearing_state_final_at", "clearing", ["state", "final_at"], unique=False)
    op.create_table(
        "trust",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("trusted", sa.String(length=63), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "trusted", name=op.f("pk_trust")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("trust")
    op.drop_index("ix_clearing_state_final_at", table_name="clearing")
    op.drop_table("clearing")
