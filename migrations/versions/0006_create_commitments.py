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
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_region")),
    )
    op.create_table(
        "commitment",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_state"), "commitment", ["state"])
    op.create_table(
        "attached",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("index", "name", name=op.f("pk_attached")),
    )
    op.create_table(
        "erasure",
        sa.Column("kept", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("before_at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kept", name=op.f("pk_erasure")),
    )
    op.create_table(
        "log_key",
        sa.Column("vkey", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("vkey", name=op.f("pk_log_key")),
    )
    op.add_column("transfer", sa.Column("answer_by", sa.BigInteger(), nullable=True))
    op.create_index("ix_transfer_state_answer_by", "transfer", ["state", "answer_by"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_transfer_state_answer_by", table_name="transfer")
    op.drop_column("transfer", "answer_by")
    op.drop_table("log_key")
    op.drop_table("erasure")
    op.drop_table("attached")
    op.drop_index(op.f("ix_commitment_state"), table_name="commitment")
    op.drop_table("commitment")
    op.drop_table("region")
