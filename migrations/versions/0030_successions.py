"""create the table of who has taken a project's owner's place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "succession",
        sa.Column("succession", sa.String(length=80), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("predecessor", sa.String(length=63), nullable=False),
        sa.Column("successor", sa.String(length=63), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("succession", name=op.f("pk_succession")),
    )
    op.create_index("ix_succession_project", "succession", ["project"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("succession")
