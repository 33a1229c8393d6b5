"""create the tables of notices, comments and applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "application",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("applied", sa.String(length=10), nullable=False),
        sa.Column("decide_by", sa.String(length=10), nullable=True),
        sa.Column("decided", sa.String(length=10), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("undertaking", sa.String(length=16), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("application", name=op.f("pk_application")),
    )
    op.create_index("ix_application_name", "application", ["subject", "name"], unique=False)
    op.create_index("ix_application_owner", "application", ["owner"], unique=False)
    op.create_table(
        "comment",
        sa.Column("comment", sa.String(length=80), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=63), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("comment", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_notice"), "comment", ["notice"], unique=False)
    op.create_table(
        "notice",
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=63), nullable=False),
        sa.Column("first", sa.String(length=10), nullable=False),
        sa.Column("last", sa.String(length=10), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("notice", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_name", "notice", ["subject", "name"], unique=False)
    op.create_index("ix_notice_owner", "notice", ["owner"], unique=False)
    op.create_index(op.f("ix_report_report_sha256"), "report", ["report_sha256"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(op.f("ix_report_report_sha256"), table_name="report")
    op.drop_index("ix_notice_owner", table_name="notice")
    op.drop_index("ix_notice_name", table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_comment_notice"), table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_application_owner", table_name="application")
    op.drop_index("ix_application_name", table_name="application")
    op.drop_table("application")
