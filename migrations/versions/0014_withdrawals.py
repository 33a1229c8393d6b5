"""create the tables of withdrawn opinions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "withdrawal",
        sa.Column("withdrawal", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("verifier", sa.String(length=63), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("vintages", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("withdrawal", name=op.f("pk_withdrawal")),
    )
    op.create_index("ix_withdrawal_name", "withdrawal", ["subject", "name"], unique=False)
    op.create_table(
        "duty_part",
        sa.Column("duty", sa.String(length=80), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("owed >= 0 AND spent >= 0", name=op.f("ck_duty_part_part_natural")),
        sa.PrimaryKeyConstraint("duty", "batch", name=op.f("pk_duty_part")),
    )
    op.create_index("ix_duty_part_batch", "duty_part", ["batch"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_duty_part_batch", table_name="duty_part")
    op.drop_table("duty_part")
    op.drop_index("ix_withdrawal_name", table_name="withdrawal")
    op.drop_table("withdrawal")
