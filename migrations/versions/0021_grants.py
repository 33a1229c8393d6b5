"""create what the finance bureau signs, answers on the record, budgets, grants and recoveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.writer.tables import CanonicalJSON

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "answer_cite",
        sa.Column("answer", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("asker", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("answer", "what", "name", "first", name=op.f("pk_answer_cite")),
    )
    op.create_index("ix_answer_cite_line", "answer_cite", ["what", "line"], unique=False)
    op.create_table(
        "answer_review",
        sa.Column("answer", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("asker", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("answer", "cause", name=op.f("pk_answer_review")),
    )
    op.create_index("ix_answer_review_state_at", "answer_review", ["state", "at"], unique=False)
    op.create_table(
        "budget_document",
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint(
            "document", "account", "level", "year", name=op.f("pk_budget_document")
        ),
    )
    op.create_table(
        "budget_line",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("opened_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("returned_fen", sa.BigInteger(), nullable=False),
        sa.Column("lapsed_fen", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "committed_fen >= 0 AND paid_fen >= 0 AND returned_fen >= 0 AND lapsed_fen >= 0",
            name=op.f("ck_budget_line_line_natural"),
        ),
        sa.CheckConstraint(
            "opened_fen + returned_fen >= committed_fen + paid_fen + lapsed_fen",
            name=op.f("ck_budget_line_line_covered"),
        ),
        sa.CheckConstraint(
            "returned_fen <= paid_fen", name=op.f("ck_budget_line_returned_within_paid")
        ),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_budget_line")),
    )
    op.create_table(
        "fiscal_grant",
        sa.Column("grant", sa.String(length=80), nullable=False),
        sa.Column("applicant", sa.String(length=63), nullable=False),
        sa.Column("reviewer", sa.String(length=63), nullable=False),
        sa.Column("granter", sa.String(length=63), nullable=False),
        sa.Column("answer", sa.String(length=80), nullable=False),
        sa.Column("rule", sa.String(length=63), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("asked_fen", sa.BigInteger(), nullable=False),
        sa.Column("granted_fen", sa.BigInteger(), nullable=False),
        sa.Column("set_off_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("steps", CanonicalJSON(), nullable=False),
        sa.Column("notice", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("result", sa.String(length=10), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "granted_fen <= asked_fen", name=op.f("ck_fiscal_grant_granted_within_asked")
        ),
        sa.CheckConstraint(
            "paid_fen + set_off_fen <= granted_fen",
            name=op.f("ck_fiscal_grant_paid_within_granted"),
        ),
        sa.PrimaryKeyConstraint("grant", name=op.f("pk_fiscal_grant")),
    )
    op.create_index(op.f("ix_fiscal_grant_answer"), "fiscal_grant", ["answer"], unique=False)
    op.create_index(op.f("ix_fiscal_grant_applicant"), "fiscal_grant", ["applicant"], unique=False)
    op.create_index(
        "ix_fiscal_grant_clock_due_at", "fiscal_grant", ["clock", "due_at"], unique=False
    )
    op.create_index(op.f("ix_fiscal_grant_granter"), "fiscal_grant", ["granter"], unique=False)
    op.create_index(op.f("ix_fiscal_grant_line"), "fiscal_grant", ["line"], unique=False)
    op.create_index("ix_fiscal_grant_notice", "fiscal_grant", ["notice"], unique=False)
    op.create_index(op.f("ix_fiscal_grant_reviewer"), "fiscal_grant", ["reviewer"], unique=False)
    op.create_table(
        "grant_credit",
        sa.Column("grant", sa.String(length=80), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("benefit", sa.String(length=12), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=True),
        sa.Column("applicant", sa.String(length=63), nullable=False),
        sa.Column("reviewer", sa.String(length=63), nullable=False),
        sa.Column("granter", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("grant", "batch", "benefit", "first", name=op.f("pk_grant_credit")),
    )
    op.create_index(
        "ix_grant_credit_batch", "grant_credit", ["batch", "benefit", "state"], unique=False
    )
    op.create_table(
        "grant_notice",
        sa.Column("notice", sa.BigInteger(), nullable=False),
        sa.Column("applicant", sa.String(length=63), nullable=False),
        sa.Column("rule", sa.String(length=63), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.String(length=10), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("granted_fen", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("notice", name=op.f("pk_grant_notice")),
    )
    op.create_table(
        "grant_objection",
        sa.Column("objection", sa.String(length=80), nullable=False),
        sa.Column("grant", sa.String(length=80), nullable=False),
        sa.Column("notice", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("granter", sa.String(length=63), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("objection", name=op.f("pk_grant_objection")),
    )
    op.create_index(op.f("ix_grant_objection_grant"), "grant_objection", ["grant"], unique=False)
    op.create_table(
        "recorded_answer",
        sa.Column("answer", sa.String(length=80), nullable=False),
        sa.Column("record", sa.String(length=80), nullable=False),
        sa.Column("asker", sa.String(length=63), nullable=False),
        sa.Column("subject", sa.String(length=63), nullable=False),
        sa.Column("rule", sa.String(length=63), nullable=False),
        sa.Column("rule_entry", sa.BigInteger(), nullable=False),
        sa.Column("rule_set_sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("leaf_salt", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_recorded_answer")),
    )
    op.create_index(op.f("ix_recorded_answer_asker"), "recorded_answer", ["asker"], unique=False)
    op.create_index(op.f("ix_recorded_answer_record"), "recorded_answer", ["record"], unique=False)
    op.create_index(
        op.f("ix_recorded_answer_subject"), "recorded_answer", ["subject"], unique=False
    )
    op.create_table(
        "recovery_case",
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("grant", sa.String(length=80), nullable=False),
        sa.Column("applicant", sa.String(length=63), nullable=False),
        sa.Column("reviewer", sa.String(length=63), nullable=False),
        sa.Column("granter", sa.String(length=63), nullable=False),
        sa.Column("rule", sa.String(length=63), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("benefit_fen", sa.BigInteger(), nullable=False),
        sa.Column("demanded_fen", sa.BigInteger(), nullable=False),
        sa.Column("repay_fen", sa.BigInteger(), nullable=False),
        sa.Column("fine_fen", sa.BigInteger(), nullable=False),
        sa.Column("repaid_fen", sa.BigInteger(), nullable=False),
        sa.Column("set_off_fen", sa.BigInteger(), nullable=False),
        sa.Column("fined_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("steps", CanonicalJSON(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fined_fen <= fine_fen", name=op.f("ck_recovery_case_fined_within")),
        sa.CheckConstraint(
            "repaid_fen + set_off_fen <= repay_fen", name=op.f("ck_recovery_case_repaid_within")
        ),
        sa.CheckConstraint(
            "repay_fen <= benefit_fen", name=op.f("ck_recovery_case_repay_within_benefit")
        ),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_recovery_case")),
    )
    op.create_index(
        op.f("ix_recovery_case_applicant"), "recovery_case", ["applicant"], unique=False
    )
    op.create_index(
        "ix_recovery_case_clock_due_at", "recovery_case", ["clock", "due_at"], unique=False
    )
    op.create_index(op.f("ix_recovery_case_grant"), "recovery_case", ["grant"], unique=False)
    op.create_index(op.f("ix_recovery_case_granter"), "recovery_case", ["granter"], unique=False)
    op.create_index(op.f("ix_recovery_case_line"), "recovery_case", ["line"], unique=False)
    op.create_table(
        "serial_use",
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("benefit", sa.String(length=12), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_serial_use_use_ordered")),
        sa.CheckConstraint("benefit <> 'holding'", name=op.f("ck_serial_use_use_tells_no_holder")),
        sa.PrimaryKeyConstraint("batch", "benefit", "first", "index", name=op.f("pk_serial_use")),
    )
    op.add_column("incentive_rule", sa.Column("approved", sa.BigInteger(), nullable=True))
    op.add_column("incentive_rule", sa.Column("approved_by", sa.String(length=63), nullable=True))
    op.add_column("incentive_rule", sa.Column("approval", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo the change."""
    for table in (
        "serial_use",
        "recovery_case",
        "recorded_answer",
        "grant_objection",
        "grant_notice",
        "grant_credit",
        "fiscal_grant",
        "budget_line",
        "budget_document",
        "answer_review",
        "answer_cite",
    ):
        op.drop_table(table)
    op.drop_column("incentive_rule", "approval")
    op.drop_column("incentive_rule", "approved_by")
    op.drop_column("incentive_rule", "approved")
