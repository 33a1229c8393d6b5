"""find what went from one party to another without a trade."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_reassignment_between", "reassignment", ["sender", "receiver"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_reassignment_between", table_name="reassignment")
