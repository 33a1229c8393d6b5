"""create the tables of mirrors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""

    op.create_table(
        "mirror_batch",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("vintage_from", sa.String(length=10), nullable=False),
        sa.Column("vintage_to", sa.String(length=10), nullable=False),
        sa.Column("period_from", sa.String(length=10), nullable=True),
        sa.Column("period_to", sa.String(length=10), nullable=True),
        sa.Column("issued_at", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.BigInteger(), nullable=False),
        sa.Column("cancelled", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "quantity IS NULL OR listed <= quantity",
            name=op.f("ck_mirror_batch_listed_within_issued"),
        ),
        sa.CheckConstraint(
            "retired + cancelled <= listed", name=op.f("ck_mirror_batch_ended_within_listed")
        ),
        sa.PrimaryKeyConstraint("registry", "batch", name=op.f("pk_mirror_batch")),
    )
    op.create_index(
        "ix_mirror_batch_project", "mirror_batch", ["registry", "project"], unique=False
    )
    op.create_table(
        "mirror_end",
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("act", name=op.f("pk_mirror_end")),
    )
    op.create_index("ix_mirror_end_batch", "mirror_end", ["registry", "batch"], unique=False)
    op.create_table(
        "mirror_holding",
        sa.Column("asset", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("asset", "account", name=op.f("pk_mirror_holding")),
    )
    op.create_table(
        "mirror_project",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("proponent", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("methodologies", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("programme", sa.String(length=80), nullable=True),
        sa.Column("annual_estimate", sa.BigInteger(), nullable=True),
        sa.Column("registered_on", sa.String(length=10), nullable=True),
        sa.Column("period_from", sa.String(length=10), nullable=True),
        sa.Column("period_to", sa.String(length=10), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("registry", "project", name=op.f("pk_mirror_project")),
    )
    op.create_table(
        "mirror_registry",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("registry", name=op.f("pk_mirror_registry")),
    )
    op.create_table(
        "mirror_span",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_mirror_span_span_ordered")),
        sa.PrimaryKeyConstraint("registry", "scope", "first", name=op.f("pk_mirror_span")),
    )
    op.create_index("ix_mirror_span_batch", "mirror_span", ["registry", "batch"], unique=False)
    op.create_index("ix_mirror_span_cell", "mirror_span", ["scope", "cell"], unique=False)
    op.create_table(
        "mirror_transaction",
        sa.Column("registry", sa.String(length=40), nullable=False),
        sa.Column("transaction", sa.String(length=80), nullable=False),
        sa.Column("stated_at", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("legs", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("registry", "transaction", name=op.f("pk_mirror_transaction")),
    )


def downgrade() -> None:
    """Undo the change."""

    op.drop_table("mirror_transaction")
    op.drop_index("ix_mirror_span_cell", table_name="mirror_span")
    op.drop_index("ix_mirror_span_batch", table_name="mirror_span")
    op.drop_table("mirror_span")
    op.drop_table("mirror_registry")
    op.drop_table("mirror_project")
    op.drop_table("mirror_holding")
    op.drop_index("ix_mirror_end_batch", table_name="mirror_end")
    op.drop_table("mirror_end")
    op.drop_index("ix_mirror_batch_project", table_name="mirror_batch")
    op.drop_table("mirror_batch")
