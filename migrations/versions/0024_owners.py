"""create answers to comments, engagements and retractions; find projects by their site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "comment_answer",
        sa.Column("answer", sa.String(length=80), nullable=False),
        sa.Column("comment", sa.String(length=80), nullable=False),
        sa.Column("verifier", sa.String(length=63), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered", sa.String(length=10), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_comment_answer")),
    )
    op.create_index(op.f("ix_comment_answer_comment"), "comment_answer", ["comment"], unique=False)
    op.create_table(
        "engagement",
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("verifier", sa.String(length=63), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "name", name=op.f("pk_engagement")),
    )
    op.create_table(
        "retraction",
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "name", name=op.f("pk_retraction")),
    )
    op.create_index(op.f("ix_project_site"), "project", ["site"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_project_site"), table_name="project")
    op.drop_table("retraction")
    op.drop_table("engagement")
    op.drop_index(op.f("ix_comment_answer_comment"), table_name="comment_answer")
    op.drop_table("comment_answer")
