"""create the table of the forms by which sites are compared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "site_spelling",
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("project", name=op.f("pk_site_spelling")),
    )
    op.create_index(op.f("ix_site_spelling_form"), "site_spelling", ["form"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("site_spelling")
