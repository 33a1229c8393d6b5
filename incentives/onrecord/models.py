"""Answers on the record, what each cites, and what came of asking again; all between two parties.

An answer concerns whoever asked and whoever it is about.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from ledger.writer.kinds import Falls, Kind, Row
from ledger.writer.tables import metadata


class Cited(StrEnum):
    """What an answer rests on."""

    FACT = "fact"
    RULE = "rule"
    CREDIT = "credit"


class ReviewState(StrEnum):
    """What came of putting the question again after something that it cited fell."""

    WAITING = "waiting"
    SAME = "same"
    CHANGED = "changed"


answer_table = Table(
    "recorded_answer",
    metadata,
    Column("answer", String(80), primary_key=True),
    Column("record", String(80), nullable=False, index=True),
    Column("asker", String(63), nullable=False, index=True),
    Column("subject", String(63), nullable=False, index=True),
    Column("rule", String(63), nullable=False),
    Column("rule_entry", BigInteger, nullable=False),
    Column("rule_set_sha256", String(64), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("known_at", BigInteger, nullable=False),
    Column("declared", Text),
    Column("status", String(16), nullable=False),
    Column("amount_fen", BigInteger),
    Column("answer_sha256", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("leaf_salt", String(32), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("index", BigInteger, nullable=False),
)

cite_table = Table(
    "answer_cite",
    metadata,
    Column("answer", String(80), primary_key=True),
    Column("what", String(8), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("line", String(80), nullable=False),
    Column("asker", String(63), nullable=False),
    Column("subject", String(63), nullable=False),
)
Index("ix_answer_cite_line", cite_table.c.what, cite_table.c.line)

review_table = Table(
    "answer_review",
    metadata,
    Column("answer", String(80), primary_key=True),
    Column("cause", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(8), nullable=False),
    Column("name", String(80), nullable=False),
    Column("asker", String(63), nullable=False),
    Column("subject", String(63), nullable=False),
    Column("state", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", String(16)),
    Column("amount_fen", BigInteger),
    Column("index", BigInteger),
)
Index("ix_answer_review_state_at", review_table.c.state, review_table.c.at)


def _both(row: Row) -> tuple[str, ...]:
    return tuple(sorted({row["asker"], row["subject"]}))


ANSWER = Kind(
    "recorded_answer",
    answer_table,
    parties=_both,
    groups={"question": ("subject", "rule")},
)
"""``place`` of ``count`` answers under ``root`` (hex), each leaf with a salt of its own."""
CITE = Kind(
    "answer_cite",
    cite_table,
    parties=_both,
    groups={"line": ("what", "line")},
)
"""``name`` is a fact, the entry of a rule, or a batch with the serials ``first`` to ``last``.

``line`` is the fact that began a fact's line of corrections, so that each later correction finds
the answer, and else the same name."""
REVIEW = Kind(
    "answer_review",
    review_table,
    parties=_both,
    groups={"answer": ("answer",)},
    falls=Falls("at", "state", ReviewState.WAITING),
)
"""``cause`` is the entry by which ``name`` fell; ``status`` and ``amount_fen`` are the new ones."""
