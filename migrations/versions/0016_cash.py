"""create the tables of cash at the settlement bank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "bank_account",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("number_sha256", sa.String(length=64), nullable=False),
        sa.Column("number_salt", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_bank_account")),
    )
    op.create_index(op.f("ix_bank_account_party"), "bank_account", ["party"], unique=False)
    op.create_table(
        "cash_day",
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("closing_fen", sa.BigInteger(), nullable=False),
        sa.Column("ledger_fen", sa.BigInteger(), nullable=False),
        sa.Column("carried_fen", sa.BigInteger(), nullable=False),
        sa.Column("late_fen", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_cash_day")),
    )
    op.create_table(
        "cash_difference",
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("bank_fen", sa.BigInteger(), nullable=True),
        sa.Column("ledger_fen", sa.BigInteger(), nullable=True),
        sa.Column("difference_fen", sa.BigInteger(), nullable=False),
        sa.Column("late_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("date", "number", name=op.f("pk_cash_difference")),
    )
    op.create_table(
        "cash_movement",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=True),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("corrects", sa.String(length=80), nullable=True),
        sa.Column("signed_fen", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_cash_movement")),
    )
    op.create_index("ix_cash_movement_state", "cash_movement", ["state"], unique=False)
    op.create_table(
        "cash_receipt",
        sa.Column("receipt", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_cash_receipt")),
    )
    op.create_index("ix_cash_receipt_reference", "cash_receipt", ["reference"], unique=False)
    op.create_table(
        "cash_reconciliation",
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("open", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_cash_reconciliation")),
    )
    op.create_table(
        "payout",
        sa.Column("payout", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_by", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payout_payout_positive")),
        sa.PrimaryKeyConstraint("payout", name=op.f("pk_payout")),
    )
    op.create_index(op.f("ix_payout_party"), "payout", ["party"], unique=False)


def downgrade() -> None:
    """Undo the change."""

    op.drop_index(op.f("ix_payout_party"), table_name="payout")
    op.drop_table("payout")
    op.drop_table("cash_reconciliation")
    op.drop_index("ix_cash_receipt_reference", table_name="cash_receipt")
    op.drop_table("cash_receipt")
    op.drop_index("ix_cash_movement_state", table_name="cash_movement")
    op.drop_table("cash_movement")
    op.drop_table("cash_difference")
    op.drop_table("cash_day")
    op.drop_index(op.f("ix_bank_account_party"), table_name="bank_account")
    op.drop_table("bank_account")
