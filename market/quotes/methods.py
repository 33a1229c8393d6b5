"""Which trades make the quote.

Blocks (大宗协议) stand in no realtime quote and move no index, and auctions (单向竞价) are events
of their own (DOMAIN.md §1.6): their volume is history, not price.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table

from market.readers import BLOCK, ONE_WAY

UNQUOTED = (BLOCK, ONE_WAY)


def quoted(table: Table) -> ColumnElement[bool]:
    """The rows of a table of trades or days that make prices."""
    return table.c.method.not_in(UNQUOTED)
