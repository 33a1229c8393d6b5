"""Reads of the rules: which text held on a day, as known at a log size."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from incentives.models import rule_table
from incentives.rule_sets import holding
from incentives.rules.rule import Rule, read
from ledger.writer.kinds import Row
from ledger.writer.store import plain

TEXTS = ("text", "golden")


def rules_at(connection: Connection, as_of: str, size: int, rule: str | None = None) -> list[Row]:
    """One text of each rule: of those known at ``size``, the one that holds on ``as_of``.

    A text counts from the entry that approved it.  The text with the latest first day counts, of
    several with one first day the one stated last.
    """
    table = rule_table
    query = select(table).where(table.c.approved < size, table.c.valid_from <= as_of)
    if rule is not None:
        query = query.where(table.c.rule == rule)
    rows = [plain(row) for row in connection.execute(query).mappings()]
    return holding(rows, as_of, size)


def waiting(connection: Connection) -> list[Row]:
    """The texts that the finance bureau has not signed, in the order of the log."""
    query = select(rule_table).where(rule_table.c.approved.is_(None)).order_by(rule_table.c.index)
    return [plain(row) for row in connection.execute(query).mappings()]


def laws_at(
    connection: Connection, as_of: str, size: int, rule: str | None = None
) -> list[tuple[Row, Rule]]:
    """The same rules read, each with its row without the texts."""
    rows = rules_at(connection, as_of, size, rule)
    return [({n: v for n, v in row.items() if n not in TEXTS}, read(row["text"])) for row in rows]


def find_rule(connection: Connection, as_of: str, size: int, asked: str) -> Row | None:
    """The rule that a typed text means, by id, by title in either language, or by a document.

    A whole match counts before a part, and what stands beside a text before what stands in it; the
    documents are the one that a rule was published by and those of its clauses. Letters of any case
    are alike. Of several rules the first by id.
    """
    wanted = asked.casefold()
    rows = rules_at(connection, as_of, size)
    for meets in (wanted.__eq__, lambda name: wanted in name):
        for names in (_names, _documents):
            for row in rows:
                if any(meets(name) for name in names(row)):
                    return row
    return None


def _names(row: Row) -> tuple[str, ...]:
    texts = (row["rule"], row["title"], row["title_en"], row["document"])
    return tuple(text.casefold() for text in texts if text)


def _documents(row: Row) -> tuple[str, ...]:
    return documents_in(row["text"])


@lru_cache(maxsize=256)
def documents_in(text: str) -> tuple[str, ...]:
    """The documents of a rule's clauses; a text is read once, for that takes long."""
    clauses = read(text).clauses.values()
    documents = {name for c in clauses for name in (c.document, f"{c.document} {c.article}")}
    return tuple(sorted(name.casefold() for name in documents))


def versions(connection: Connection, rule: str) -> list[dict[str, Any]]:
    """Every text that was stated of a rule, in the order of the log, without the text itself."""
    table = rule_table
    columns = [column for column in table.c if column.name not in TEXTS]
    query = select(*columns).where(table.c.rule == rule).order_by(table.c.index)
    return [plain(row) for row in connection.execute(query).mappings()]
