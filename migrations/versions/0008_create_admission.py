"""create the tables of admission and people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "party_agreement",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.String(length=10), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "document", name=op.f("pk_party_agreement")),
    )
    op.create_table(
        "verifier_approval",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("methodologies", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "document", name=op.f("pk_verifier_approval")),
    )
    op.create_table(
        "party_operator",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "operator", name=op.f("pk_party_operator")),
    )
    op.create_table(
        "party_authorised",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_party_authorised")),
    )
    op.create_table(
        "party_act",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=63), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", "index", "place", name=op.f("pk_party_act")),
    )
    op.create_index("ix_transfer_receiver_state", "transfer", ["receiver", "state"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_transfer_receiver_state", table_name="transfer")
    op.drop_table("party_act")
    op.drop_table("party_authorised")
    op.drop_table("party_operator")
    op.drop_table("verifier_approval")
    op.drop_table("party_agreement")
