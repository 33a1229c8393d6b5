"""create the tables of facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FACTS = ("fact", "private_fact")
INDEXED = ("index", "series", "subject")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "indicator",
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("circle", sa.String(length=8), nullable=False),
        sa.Column("publishers", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("indicator", name=op.f("pk_indicator")),
    )
    for name in FACTS:
        op.create_table(
            name,
            sa.Column("fact", sa.String(length=60), nullable=False),
            sa.Column("index", sa.BigInteger(), nullable=False),
            sa.Column("place", sa.Integer(), nullable=False),
            sa.Column("indicator", sa.String(length=40), nullable=False),
            sa.Column("subject_kind", sa.String(length=12), nullable=False),
            sa.Column("subject", sa.String(length=63), nullable=False),
            sa.Column("start", sa.String(length=10), nullable=False),
            sa.Column("end", sa.String(length=10), nullable=False),
            sa.Column("dimensions", sa.Text(), nullable=False),
            sa.Column("value", sa.BigInteger(), nullable=False),
            sa.Column("scale", sa.Integer(), nullable=False),
            sa.Column("unit", sa.String(length=60), nullable=False),
            sa.Column("source", sa.Text(), nullable=False),
            sa.Column("confidence", sa.String(length=16), nullable=False),
            sa.Column("party", sa.String(length=63), nullable=False),
            sa.Column("role", sa.String(length=16), nullable=False),
            sa.Column("series", sa.String(length=64), nullable=False),
            sa.Column("first", sa.String(length=60), nullable=False),
            sa.Column("corrects", sa.String(length=60), nullable=True),
            sa.Column("until", sa.BigInteger(), nullable=True),
            sa.CheckConstraint("scale >= 0", name=op.f(f"ck_{name}_scale_natural")),
            sa.PrimaryKeyConstraint("fact", name=op.f(f"pk_{name}")),
        )
        for column in INDEXED:
            op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def downgrade() -> None:
    """Undo the change."""
    for name in reversed(FACTS):
        for column in INDEXED:
            op.drop_index(op.f(f"ix_{name}_{column}"), table_name=name)
        op.drop_table(name)
    op.drop_table("indicator")
