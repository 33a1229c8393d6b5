"""find what went without a trade, and what a bank offers of a pledge."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_reassignment_between", "reassignment", ["sender", "receiver"])
    op.create_index("ix_disposal_pledge_state", "disposal", ["pledge", "state"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_disposal_pledge_state", table_name="disposal")
    op.drop_index("ix_reassignment_between", table_name="reassignment")
