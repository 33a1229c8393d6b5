"""The record's own tables: head, segments, ids, concerns, tiles, checkpoints, attachments, tallies.

Only migrations create them.  A segment row holds the exact leaf and outcome bytes of one
batch: what is hashed, served and replayed are the same bytes (DESIGN.md §3).
"""

from __future__ import annotations

import json
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class CanonicalJSON(TypeDecorator[Any]):
    """JSON kept as text, so that both databases give back what was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Sorted keys, no spaces; None is NULL."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value as it was bound."""
        return None if value is None else orjson.loads(value)


log_head = Table(
    "log_head",
    metadata,
    Column("origin", String(200), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", String(64), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("size >= 0", name="size_natural"),
)

segment = Table(
    "segment",
    metadata,
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("leaves", LargeBinary, nullable=False),
    Column("outcomes", LargeBinary, nullable=False),
    CheckConstraint("count > 0", name="count_positive"),
)

segment_body = Table(
    "segment_body",
    metadata,
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("bodies", LargeBinary, nullable=False),
)

statement = Table(
    "statement",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("party", String(63), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("type", String(63), nullable=False),
)
Index("ix_statement_index", statement.c.index, unique=True)
Index("ix_statement_party_index", statement.c.party, statement.c.index)

concern = Table(
    "concern",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("party", String(63), primary_key=True),
)
Index("ix_concern_party_index", concern.c.party, concern.c.index)

tile = Table(
    "tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("note", Text, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(63), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("media_type", String(100)),
    Column("salt", String(32)),
    Column("content", LargeBinary),
)

tally = Table(
    "tally",
    metadata,
    Column("kind", String(63), primary_key=True),
    Column("value", String(80), primary_key=True),
    Column("total", BigInteger, nullable=False),
)
