"""create auctions, block proposals and locks on serials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "auction",
        sa.Column("auction", sa.String(length=40), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("principal", sa.String(length=63), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("pricing", sa.String(length=16), nullable=False),
        sa.Column("tie", sa.String(length=16), nullable=False),
        sa.Column("undersubscribed", sa.String(length=8), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("batches", sa.Text(), nullable=True),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("bid_minimum", sa.BigInteger(), nullable=False),
        sa.Column("bid_maximum", sa.BigInteger(), nullable=True),
        sa.Column("cap_percent", sa.Integer(), nullable=False),
        sa.Column("reserve_fen", sa.BigInteger(), nullable=True),
        sa.Column("reserve_sha256", sa.String(length=64), nullable=True),
        sa.Column("reserve_secret", sa.String(length=32), nullable=True),
        sa.Column("step_fen", sa.BigInteger(), nullable=True),
        sa.Column("forfeit_fen", sa.BigInteger(), nullable=False),
        sa.Column("bidders", sa.Text(), nullable=True),
        sa.Column("bids_max", sa.Integer(), nullable=False),
        sa.Column("tick_fen", sa.BigInteger(), nullable=False),
        sa.Column("low_fen", sa.BigInteger(), nullable=False),
        sa.Column("high_fen", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("reveal_until", sa.BigInteger(), nullable=True),
        sa.Column("extension_ms", sa.BigInteger(), nullable=True),
        sa.Column("latest_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stands", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("bids", sa.Integer(), nullable=True),
        sa.Column("bidders_counted", sa.Integer(), nullable=True),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("turnover_fen", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=True),
        sa.Column("given", sa.BigInteger(), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0 AND lot > 0", name=op.f("ck_auction_auction_positive")),
        sa.PrimaryKeyConstraint("auction", name=op.f("pk_auction")),
    )
    op.create_index(
        "ix_auction_instrument_stands", "auction", ["instrument", "stands"], unique=False
    )
    op.create_index("ix_auction_principal_stands", "auction", ["principal", "stands"], unique=False)
    op.create_index("ix_auction_stands_due_at", "auction", ["stands", "due_at"], unique=False)
    op.create_table(
        "auction_bid",
        sa.Column("auction", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("bidder", sa.String(length=63), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stands", sa.String(length=8), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("secret", sa.String(length=32), nullable=True),
        sa.Column("portions", sa.Text(), nullable=False),
        sa.Column("frozen_fen", sa.BigInteger(), nullable=False),
        sa.Column("awarded", sa.BigInteger(), nullable=True),
        sa.Column("pays_fen", sa.BigInteger(), nullable=True),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("auction", "entry", name=op.f("pk_auction_bid")),
    )
    op.create_index(
        "ix_auction_bid_auction_bidder", "auction_bid", ["auction", "bidder"], unique=False
    )
    op.create_index(
        "ix_auction_bid_bidder_stands", "auction_bid", ["bidder", "stands"], unique=False
    )
    op.create_table(
        "auction_entry",
        sa.Column("auction", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("secret", sa.String(length=32), nullable=True),
        sa.Column("awarded", sa.BigInteger(), nullable=True),
        sa.Column("pays_fen", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("auction", "entry", name=op.f("pk_auction_entry")),
    )
    op.create_table(
        "auction_offer",
        sa.Column("auction", sa.String(length=40), nullable=False),
        sa.Column("principal", sa.String(length=63), nullable=False),
        sa.Column("portions", sa.Text(), nullable=False),
        sa.Column("frozen_fen", sa.BigInteger(), nullable=False),
        sa.Column("stands", sa.String(length=8), nullable=False),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("auction", name=op.f("pk_auction_offer")),
    )
    op.create_index(
        "ix_auction_offer_principal_stands", "auction_offer", ["principal", "stands"], unique=False
    )
    op.create_table(
        "block_proposal",
        sa.Column("proposal", sa.String(length=80), nullable=False),
        sa.Column("proposer", sa.String(length=63), nullable=False),
        sa.Column("counterparty", sa.String(length=63), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=True),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("portions", sa.Text(), nullable=False),
        sa.Column("frozen_fen", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("deal", sa.String(length=80), nullable=True),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "price_fen > 0 AND quantity > 0", name=op.f("ck_block_proposal_block_positive")
        ),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_block_proposal")),
    )
    op.create_index(
        "ix_block_proposal_counterparty_state",
        "block_proposal",
        ["counterparty", "state"],
        unique=False,
    )
    op.create_index(
        "ix_block_proposal_instrument_state",
        "block_proposal",
        ["instrument", "state"],
        unique=False,
    )
    op.create_index(
        "ix_block_proposal_proposer_state", "block_proposal", ["proposer", "state"], unique=False
    )
    op.create_index(
        "ix_block_proposal_state_until_at", "block_proposal", ["state", "until_at"], unique=False
    )
    op.create_table(
        "serial_lock",
        sa.Column("lock", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=63), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "first >= 1 AND last >= first", name=op.f("ck_serial_lock_lock_ordered")
        ),
        sa.PrimaryKeyConstraint("lock", name=op.f("pk_serial_lock")),
    )
    op.create_index("ix_serial_lock_batch_state", "serial_lock", ["batch", "state"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_serial_lock_batch_state", table_name="serial_lock")
    op.drop_table("serial_lock")
    op.drop_index("ix_block_proposal_state_until_at", table_name="block_proposal")
    op.drop_index("ix_block_proposal_proposer_state", table_name="block_proposal")
    op.drop_index("ix_block_proposal_instrument_state", table_name="block_proposal")
    op.drop_index("ix_block_proposal_counterparty_state", table_name="block_proposal")
    op.drop_table("block_proposal")
    op.drop_index("ix_auction_offer_principal_stands", table_name="auction_offer")
    op.drop_table("auction_offer")
    op.drop_table("auction_entry")
    op.drop_index("ix_auction_bid_bidder_stands", table_name="auction_bid")
    op.drop_index("ix_auction_bid_auction_bidder", table_name="auction_bid")
    op.drop_table("auction_bid")
    op.drop_index("ix_auction_stands_due_at", table_name="auction")
    op.drop_index("ix_auction_principal_stands", table_name="auction")
    op.drop_index("ix_auction_instrument_stands", table_name="auction")
    op.drop_table("auction")
