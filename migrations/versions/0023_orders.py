"""create what notes that an authority's document acted; no authority ordered a duty's freeze."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "authority_order",
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("asset", sa.String(length=80), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "act", "authority", "document", "party", "asset", name=op.f("pk_authority_order")
        ),
    )
    with op.batch_alter_table("freeze") as freeze:
        freeze.alter_column("authority", existing_type=sa.Text(), nullable=True)
    op.execute('UPDATE "freeze" SET authority = NULL WHERE duty IS NOT NULL')


def downgrade() -> None:
    """Undo the change."""
    op.execute(
        'UPDATE "freeze" SET authority = coalesce('
        "(SELECT verifier FROM seizure WHERE seizure.duty = freeze.duty), '') "
        "WHERE authority IS NULL"
    )
    with op.batch_alter_table("freeze") as freeze:
        freeze.alter_column("authority", existing_type=sa.Text(), nullable=False)
    op.drop_table("authority_order")
