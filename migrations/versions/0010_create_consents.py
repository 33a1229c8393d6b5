"""create the table of consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "consent",
        sa.Column("consent", sa.String(length=80), nullable=False),
        sa.Column("giver", sa.String(length=63), nullable=False),
        sa.Column("reader", sa.String(length=63), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consent", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_giver"), "consent", ["giver"])
    op.create_index(op.f("ix_consent_reader"), "consent", ["reader"])
    op.create_index("ix_consent_state_until_at", "consent", ["state", "until_at"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_consent_state_until_at", table_name="consent")
    op.drop_index(op.f("ix_consent_reader"), table_name="consent")
    op.drop_index(op.f("ix_consent_giver"), table_name="consent")
    op.drop_table("consent")
