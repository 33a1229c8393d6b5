"""create the tables of claims, freezes, duties and pledges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "claim",
        sa.Column("claim", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("creditor", sa.String(length=63), nullable=True),
        sa.Column("asset", sa.String(length=80), nullable=False),
        sa.Column("bucket", sa.String(length=16), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("registry", sa.BigInteger(), nullable=False),
        sa.Column("trading", sa.BigInteger(), nullable=False),
        sa.Column("sides", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("registry + trading <= quantity", name=op.f("ck_claim_taken_within")),
        sa.CheckConstraint("registry >= 0 AND trading >= 0", name=op.f("ck_claim_taken_natural")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_claim")),
    )
    op.create_index(
        "ix_claim_party_asset_state", "claim", ["party", "asset", "state"], unique=False
    )
    op.create_table(
        "disposal",
        sa.Column("disposal", sa.String(length=80), nullable=False),
        sa.Column("pledge", sa.String(length=80), nullable=False),
        sa.Column("pledgor", sa.String(length=63), nullable=False),
        sa.Column("bank", sa.String(length=63), nullable=False),
        sa.Column("buyer", sa.String(length=63), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("to_debt_fen", sa.BigInteger(), nullable=False),
        sa.Column("surplus_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("disposal", name=op.f("pk_disposal")),
    )
    op.create_index("ix_disposal_buyer", "disposal", ["buyer"], unique=False)
    op.create_table(
        "duty",
        sa.Column("duty", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("class", sa.String(length=16), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("discharged", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.String(length=10), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= discharged AND discharged <= quantity", name=op.f("ck_duty_discharged_within")
        ),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_party", "duty", ["party"], unique=False)
    op.create_index("ix_duty_state_deadline_at", "duty", ["state", "deadline_at"], unique=False)
    op.create_table(
        "freeze",
        sa.Column("freeze", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("asset", sa.String(length=80), nullable=False),
        sa.Column("ordered", sa.BigInteger(), nullable=False),
        sa.Column("executed", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= executed AND executed <= ordered", name=op.f("ck_freeze_executed_within")
        ),
        sa.PrimaryKeyConstraint("freeze", name=op.f("pk_freeze")),
    )
    op.create_index("ix_freeze_party", "freeze", ["party"], unique=False)
    op.create_index("ix_freeze_state_until_at", "freeze", ["state", "until_at"], unique=False)
    op.create_table(
        "pledge",
        sa.Column("pledge", sa.String(length=80), nullable=False),
        sa.Column("pledgor", sa.String(length=63), nullable=False),
        sa.Column("bank", sa.String(length=63), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("contract", sa.String(length=80), nullable=False),
        sa.Column("secured_fen", sa.BigInteger(), nullable=False),
        sa.Column("recovered_fen", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("disposal_from", sa.String(length=10), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= recovered_fen AND recovered_fen <= secured_fen",
            name=op.f("ck_pledge_recovered_within"),
        ),
        sa.PrimaryKeyConstraint("pledge", name=op.f("pk_pledge")),
    )
    op.create_index("ix_pledge_bank", "pledge", ["bank"], unique=False)
    op.create_index("ix_pledge_number", "pledge", ["number"], unique=False)
    op.create_index("ix_pledge_pledgor", "pledge", ["pledgor"], unique=False)
    op.create_table(
        "reassignment",
        sa.Column("reassignment", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(length=63), nullable=False),
        sa.Column("receiver", sa.String(length=63), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.Column("freeze", sa.String(length=80), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reassignment", name=op.f("pk_reassignment")),
    )
    op.create_index("ix_reassignment_corrects", "reassignment", ["corrects"], unique=False)
    op.create_table(
        "seizure",
        sa.Column("duty", sa.String(length=80), nullable=False),
        sa.Column("verifier", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_seizure")),
    )
    op.create_index("ix_seizure_state_at", "seizure", ["state", "at"], unique=False)
    op.create_index(op.f("ix_batch_report"), "batch", ["report"], unique=False)
    op.create_index("ix_transfer_sender_batch", "transfer", ["sender", "batch"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_transfer_sender_batch", table_name="transfer")
    op.drop_index(op.f("ix_batch_report"), table_name="batch")
    op.drop_index("ix_seizure_state_at", table_name="seizure")
    op.drop_table("seizure")
    op.drop_index("ix_reassignment_corrects", table_name="reassignment")
    op.drop_table("reassignment")
    op.drop_index("ix_pledge_pledgor", table_name="pledge")
    op.drop_index("ix_pledge_number", table_name="pledge")
    op.drop_index("ix_pledge_bank", table_name="pledge")
    op.drop_table("pledge")
    op.drop_index("ix_freeze_state_until_at", table_name="freeze")
    op.drop_index("ix_freeze_party", table_name="freeze")
    op.drop_table("freeze")
    op.drop_index("ix_duty_state_deadline_at", table_name="duty")
    op.drop_index("ix_duty_party", table_name="duty")
    op.drop_table("duty")
    op.drop_index("ix_disposal_buyer", table_name="disposal")
    op.drop_table("disposal")
    op.drop_index("ix_claim_party_asset_state", table_name="claim")
    op.drop_table("claim")
