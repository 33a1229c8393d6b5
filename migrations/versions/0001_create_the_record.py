"""create the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""

    op.create_table(
        "attachment",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("index", "name", name=op.f("pk_attachment")),
    )
    op.create_table(
        "balance",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("asset", sa.String(length=80), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("frozen", sa.BigInteger(), nullable=False),
        sa.Column("bought", sa.BigInteger(), nullable=False),
        sa.Column("in_transfer", sa.BigInteger(), nullable=False),
        sa.Column("pledged", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "asset", name=op.f("pk_balance")),
    )
    op.create_table(
        "batch",
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("class", sa.String(length=16), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=63), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.BigInteger(), nullable=False),
        sa.Column("cancelled", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "retired + cancelled <= issued", name=op.f("ck_batch_ended_within_issued")
        ),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_project"), "batch", ["project"], unique=False)
    op.create_table(
        "block",
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_block_block_ordered")),
        sa.PrimaryKeyConstraint("batch", "first", name=op.f("pk_block")),
    )
    op.create_index("ix_block_account_batch", "block", ["account", "batch"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "fate",
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "first", name=op.f("pk_fate")),
    )
    op.create_table(
        "ledger",
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("log_key", sa.String(length=200), nullable=False),
        sa.Column("scheduler_key", sa.String(length=32), nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_ledger")),
    )
    op.create_table(
        "log_head",
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_log_head_size_natural")),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_log_head")),
    )
    op.create_table(
        "parameter",
        sa.Column("code", sa.String(length=63), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=63), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_parameter")),
    )
    op.create_table(
        "party",
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'closed')", name=op.f("ck_party_status_known")
        ),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_party")),
    )
    op.create_table(
        "person",
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("staff_of", sa.String(length=63), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_person")),
    )
    op.create_table(
        "project",
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=63), nullable=False),
        sa.Column("class", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("methodology", sa.String(length=63), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("construction_start", sa.String(length=10), nullable=False),
        sa.Column("crediting_start", sa.String(length=10), nullable=False),
        sa.Column("crediting_end", sa.String(length=10), nullable=False),
        sa.Column("design_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("validator", sa.String(length=63), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", name=op.f("pk_project")),
    )
    op.create_table(
        "project_site",
        sa.Column("owner", sa.String(length=63), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("owner", "site", name=op.f("pk_project_site")),
    )
    op.create_table(
        "report",
        sa.Column("report", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("start", sa.String(length=10), nullable=False),
        sa.Column("end", sa.String(length=10), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=False),
        sa.Column("vintages", sa.Text(), nullable=True),
        sa.Column("verifier", sa.String(length=63), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_report")),
    )
    op.create_table(
        "retirement",
        sa.Column("retirement", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("beneficiary", sa.Text(), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("retirement", name=op.f("pk_retirement")),
    )
    op.create_index(op.f("ix_retirement_batch"), "retirement", ["batch"], unique=False)
    op.create_index(op.f("ix_retirement_party"), "retirement", ["party"], unique=False)
    op.create_table(
        "segment",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("outcomes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_segment_count_positive")),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_segment")),
    )
    op.create_table(
        "segment_body",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bodies", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_segment_body")),
    )
    op.create_table(
        "signing_key",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("operator", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signing_key")),
    )
    op.create_index(op.f("ix_signing_key_party"), "signing_key", ["party"], unique=False)
    op.create_table(
        "statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("id", "party", name=op.f("pk_statement")),
    )
    op.create_index("ix_statement_index", "statement", ["index"], unique=True)
    op.create_index("ix_statement_party_index", "statement", ["party", "index"], unique=False)
    op.create_table(
        "tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_tile")),
    )
    op.create_table(
        "transfer",
        sa.Column("transfer", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(length=63), nullable=False),
        sa.Column("receiver", sa.String(length=63), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("transfer", name=op.f("pk_transfer")),
    )
    op.create_table(
        "uscc_holder",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("party", sa.String(length=63), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_uscc_holder")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Signatures and digests do not compress; trying costs more than deciding the statements.
        for table, column in (
            ("segment", "leaves"),
            ("segment", "outcomes"),
            ("segment_body", "bodies"),
            ("tile", "hashes"),
        ):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Undo the change."""

    op.drop_table("uscc_holder")
    op.drop_table("transfer")
    op.drop_table("tile")
    op.drop_index("ix_statement_party_index", table_name="statement")
    op.drop_index("ix_statement_index", table_name="statement")
    op.drop_table("statement")
    op.drop_index(op.f("ix_signing_key_party"), table_name="signing_key")
    op.drop_table("signing_key")
    op.drop_table("segment_body")
    op.drop_table("segment")
    op.drop_index(op.f("ix_retirement_party"), table_name="retirement")
    op.drop_index(op.f("ix_retirement_batch"), table_name="retirement")
    op.drop_table("retirement")
    op.drop_table("report")
    op.drop_table("project_site")
    op.drop_table("project")
    op.drop_table("person")
    op.drop_table("party")
    op.drop_table("parameter")
    op.drop_table("log_head")
    op.drop_table("ledger")
    op.drop_table("fate")
    op.drop_table("checkpoint")
    op.drop_index("ix_block_account_batch", table_name="block")
    op.drop_table("block")
    op.drop_index(op.f("ix_batch_project"), table_name="batch")
    op.drop_table("batch")
    op.drop_table("balance")
    op.drop_table("attachment")
