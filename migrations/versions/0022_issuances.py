"""create the times of issues; batches are found by their owner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "issuance",
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_issuance")),
    )
    op.create_index("ix_batch_owner", "batch", ["owner"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_batch_owner", table_name="batch")
    op.drop_table("issuance")
