"""create the table of remissions; a freeze names its duty, a duty what was taken off it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAMED = """
UPDATE freeze SET duty = (
    SELECT duty.duty FROM duty
    WHERE substr(freeze.freeze, 1, length(duty.duty) + 1) = duty.duty || '/'
)
"""
"""Until now the name of a freeze alone said of which duty it was: the duty's and a number."""


def upgrade() -> None:
    """Make the change."""
    op.add_column("freeze", sa.Column("duty", sa.String(length=80), nullable=True))
    op.create_index("ix_freeze_duty", "freeze", ["duty"], unique=False)
    op.execute(NAMED)
    op.add_column(
        "duty", sa.Column("remitted", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "remission",
        sa.Column("duty", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_remission_remission_positive")),
        sa.PrimaryKeyConstraint("duty", "number", name=op.f("pk_remission")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("remission")
    op.drop_column("duty", "remitted")
    op.drop_index("ix_freeze_duty", table_name="freeze")
    op.drop_column("freeze", "duty")
