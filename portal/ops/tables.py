"""Tables of the disposable store, made on demand: none of them is the record.

Secrets are kept as digests: who reads this store can sign nobody in.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

challenge = Table(
    "ops_challenge",
    metadata,
    Column("nonce_sha256", String(64), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("key", String(32), nullable=False),
    Column("url", String(300), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

session = Table(
    "ops_session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("party", String(63), nullable=False),
    Column("key", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
Index("ix_ops_session_party_key", session.c.party, session.c.key)

counter = Table(
    "ops_counter",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("window_end", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
)
Index("ix_ops_counter_window_end", counter.c.window_end)

draft = Table(
    "ops_draft",
    metadata,
    Column("party", String(63), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("type", String(63), nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("submission", LargeBinary, nullable=False),
    Column("author", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("decided_by", String(32)),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

read = Table(
    "ops_read",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("giver", String(63), nullable=False),
    Column("reader", String(63), nullable=False),
    Column("operator", String(63), nullable=False),
    Column("key", String(32), nullable=False),
    Column("consent", String(80), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("asked", String(120), nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_ops_read_giver_number", read.c.giver, read.c.number)

inquiry = Table(
    "ops_inquiry",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("party", String(63), nullable=False, index=True),
    Column("key", String(32), nullable=False),
    Column("name", String(120), nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("on", String(10), nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("rule", String(63)),
    Column("rows", LargeBinary, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("held_until", BigInteger, nullable=False),
)

inquiry_part = Table(
    "ops_inquiry_part",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("results", LargeBinary, nullable=False),
)
