"""create the tables of proofs and guidance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "beneficiary",
        sa.Column("retirement", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("party", sa.String(length=63), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("retirement", name=op.f("pk_beneficiary")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("beneficiary")
