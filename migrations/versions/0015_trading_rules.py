"""widen the exchange: methods by name, deals of several kinds, proceeds in lots.

The tables are projections, so they are made anew; ``qingzhang rebuild`` fills them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


DEAL = {
    "date": sa.String(length=10),
    "method": sa.String(length=16),
    "bid": sa.String(length=80),
}


def upgrade() -> None:
    """Make the change."""
    _anew(method=16, lot="asset", deal=DEAL)


def downgrade() -> None:
    """Undo the change."""
    _anew(method=2, lot="batch", deal=None)


def _anew(*, method: int, lot: str, deal: dict[str, sa.String] | None) -> None:
    """The tables with names of methods so long, what a lot is of, and what a deal has besides."""
    for name in ("deal", "lot", "trade", "trading_day"):
        op.drop_table(name)
    op.create_table(
        "deal",
        sa.Column("deal", sa.String(length=80), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        *(sa.Column(name, type, nullable=False) for name, type in (deal or {}).items()),
        sa.Column("sequence", sa.BigInteger(), nullable=deal is not None),
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("offer", sa.String(length=80), nullable=False),
        sa.Column("buyer", sa.String(length=63), nullable=False),
        sa.Column("seller", sa.String(length=63), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("buyer_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("seller_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("deal", name=op.f("pk_deal")),
    )
    op.create_index(op.f("ix_deal_buyer"), "deal", ["buyer"], unique=False)
    op.create_index(op.f("ix_deal_seller"), "deal", ["seller"], unique=False)
    op.create_table(
        "lot",
        sa.Column("deal", sa.String(length=80), nullable=False),
        sa.Column(lot, sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("deal", lot, name=op.f("pk_lot")),
    )
    op.create_index("ix_lot_venue_release", "lot", ["venue", "release"], unique=False)
    op.create_table(
        "trade",
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("method", sa.String(length=method), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_fen > 0 AND quantity > 0", name=op.f("ck_trade_trade_positive")),
        sa.PrimaryKeyConstraint("venue", "sequence", name=op.f("pk_trade")),
    )
    op.create_table(
        "trading_day",
        sa.Column("instrument", sa.String(length=12), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=method), nullable=False),
        sa.Column("reference_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.Column("high_fen", sa.BigInteger(), nullable=False),
        sa.Column("low_fen", sa.BigInteger(), nullable=False),
        sa.Column("last_fen", sa.BigInteger(), nullable=False),
        sa.Column("close_fen", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.Column("turnover_fen", sa.BigInteger(), nullable=False),
        sa.Column("trades", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("low_fen <= high_fen", name=op.f("ck_trading_day_range_ordered")),
        sa.PrimaryKeyConstraint("instrument", "date", "method", name=op.f("pk_trading_day")),
    )
