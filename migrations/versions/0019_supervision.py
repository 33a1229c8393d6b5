"""create the tables of supervision, and the index by which a session's deals are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_deal_venue_date", "deal", ["venue", "date"], unique=False)
    op.create_table(
        "trading_bar",
        sa.Column("bar", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("turns_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bar", name=op.f("pk_trading_bar")),
    )
    op.create_index("ix_trading_bar_party_clock", "trading_bar", ["party", "clock"], unique=False)
    op.create_index(
        "ix_trading_bar_clock_turns_at", "trading_bar", ["clock", "turns_at"], unique=False
    )
    op.create_table(
        "venue_halt",
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("venue", name=op.f("pk_venue_halt")),
    )
    op.create_table(
        "risk_warning",
        sa.Column("warning", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("warning", name=op.f("pk_risk_warning")),
    )
    op.create_index(op.f("ix_risk_warning_party"), "risk_warning", ["party"], unique=False)
    op.create_table(
        "position_check",
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("venue", "date", name=op.f("pk_position_check")),
    )
    op.create_index("ix_position_check_state_at", "position_check", ["state", "at"], unique=False)
    op.create_table(
        "position_duty",
        sa.Column("duty", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("class", sa.String(length=16), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("living", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("funding", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "held > 0 AND held <= living", name=op.f("ck_position_duty_held_within")
        ),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_position_duty")),
    )
    op.create_index(op.f("ix_position_duty_party"), "position_duty", ["party"], unique=False)
    op.create_table(
        "reserve_day",
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("fees_fen", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.String(length=16), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("venue", "date", name=op.f("pk_reserve_day")),
    )
    op.create_table(
        "reserve_approval",
        sa.Column("approval", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("receiver", sa.String(length=63), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("approval", name=op.f("pk_reserve_approval")),
    )
    op.create_index(
        op.f("ix_reserve_approval_operator"), "reserve_approval", ["operator"], unique=False
    )
    op.create_table(
        "finding",
        sa.Column("finding", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("detector", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("instrument", sa.String(length=12), nullable=True),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("finding", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_digest", "finding", ["digest"], unique=False)
    op.create_index(op.f("ix_finding_author"), "finding", ["author"], unique=False)
    op.create_table(
        "referral",
        sa.Column("finding", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("author", sa.String(length=63), nullable=False),
        sa.Column("detector", sa.String(length=16), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("finding", "party", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_party", "referral", ["party"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    for table in (
        "referral",
        "finding",
        "reserve_approval",
        "reserve_day",
        "position_duty",
        "position_check",
        "risk_warning",
        "venue_halt",
        "trading_bar",
    ):
        op.drop_table(table)
    op.drop_index("ix_deal_venue_date", table_name="deal")
