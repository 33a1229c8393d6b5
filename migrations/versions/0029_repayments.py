"""create the table of what has come in of a recovery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "recovery_repayment",
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("of", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("applicant", sa.String(length=63), nullable=False),
        sa.Column("reviewer", sa.String(length=63), nullable=False),
        sa.Column("granter", sa.String(length=63), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.String(length=10), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case", "of", "reference", name=op.f("pk_recovery_repayment")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("recovery_repayment")
