"""make room for orders: the book's rows, call auctions, a party's rule against itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "market_order",
        sa.Column("order", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("turnover_fen", sa.BigInteger(), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("frozen_fen", sa.BigInteger(), nullable=False),
        sa.Column("portions", sa.Text(), nullable=True),
        sa.Column("tariff", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("call_at", sa.BigInteger(), nullable=True),
        sa.Column("placed", sa.BigInteger(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= remaining AND remaining <= quantity",
            name=op.f("ck_market_order_remaining_within"),
        ),
        sa.CheckConstraint(
            "frozen_fen >= 0 AND fee_fen >= 0", name=op.f("ck_market_order_money_natural")
        ),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_market_order")),
    )
    op.create_index(
        "ix_market_order_book",
        "market_order",
        ["instrument", "state", "side", "price_fen"],
        unique=False,
    )
    op.create_index("ix_market_order_party_state", "market_order", ["party", "state"], unique=False)
    op.create_index(
        "ix_market_order_revision", "market_order", ["instrument", "revision"], unique=False
    )
    op.create_index(
        "ix_market_order_state_ends_at", "market_order", ["state", "ends_at"], unique=False
    )
    op.create_table(
        "call_auction",
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("surplus", sa.BigInteger(), nullable=False),
        sa.Column("filled", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= filled AND filled <= volume", name=op.f("ck_call_auction_filled_within")
        ),
        sa.PrimaryKeyConstraint("instrument", "ends_at", name=op.f("pk_call_auction")),
    )
    op.create_index(
        "ix_call_auction_instrument_state", "call_auction", ["instrument", "state"], unique=False
    )
    op.create_table(
        "self_trade",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_self_trade")),
    )
    op.create_index(op.f("ix_signing_key_person"), "signing_key", ["person"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(op.f("ix_signing_key_person"), table_name="signing_key")
    op.drop_table("self_trade")
    op.drop_table("call_auction")
    op.drop_table("market_order")
