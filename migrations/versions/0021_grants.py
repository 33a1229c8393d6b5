"""create what the finance bureau signs, answers on the record, budgets, grants and recoveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("incentive_rule", sa.Column("approved", sa.BigInteger(), nullable=True))
    op.add_column("incentive_rule", sa.Column("approved_by", sa.String(length=63), nullable=True))
    op.add_column("incentive_rule", sa.Column("approval", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("incentive_rule", "approval")
    op.drop_column("incentive_rule", "approved_by")
    op.drop_column("incentive_rule", "approved")
