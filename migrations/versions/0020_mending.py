"""create the tables of remissions and corrections; a freeze names its duty, a duty what was taken off it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAMED = """
UPDATE "freeze" SET duty = (
    SELECT duty.duty FROM duty
    WHERE substr("freeze"."freeze", 1, length(duty.duty) + 1) = duty.duty || '/'
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
    op.create_table(
        "cash_correction",
        sa.Column("correction", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=True),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("stated_fen", sa.BigInteger(), nullable=False),
        sa.Column("right_fen", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("correction", name=op.f("pk_cash_correction")),
    )
    op.create_index("ix_cash_correction_reference", "cash_correction", ["reference"], unique=False)
    op.create_index("ix_cash_correction_party", "cash_correction", ["party"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("cash_correction")
    op.drop_table("remission")
    op.drop_column("duty", "remitted")
    op.drop_index("ix_freeze_duty", table_name="freeze")
    op.drop_column("freeze", "duty")
