"""create the tables of commitments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("transfer", sa.Column("answer_by", sa.BigInteger(), nullable=True))
    op.create_index("ix_transfer_state_answer_by", "transfer", ["state", "answer_by"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_transfer_state_answer_by", table_name="transfer")
    op.drop_column("transfer", "answer_by")
