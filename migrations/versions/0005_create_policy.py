"""create the tables of policy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "incentive_rule",
        sa.Column("rule", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("grantor", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=12), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("rule", "index", name=op.f("pk_incentive_rule")),
    )
    op.create_table(
        "quota_plan",
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("start", sa.String(length=10), nullable=False),
        sa.Column("end", sa.String(length=10), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("parent_plan", sa.String(length=40), nullable=True),
        sa.Column("parent_code", sa.String(length=40), nullable=True),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_quota_plan")),
    )
    op.create_table(
        "quota_share",
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Text(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("remainder", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_quota_share_quantity_natural")),
        sa.PrimaryKeyConstraint("plan", "code", name=op.f("pk_quota_share")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("quota_share")
    op.drop_table("quota_plan")
    op.drop_table("incentive_rule")
