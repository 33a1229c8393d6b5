"""What a listener is told, and from where it goes on.

Every event carries the number of the venue's newest trade that the listener then knows.  Trades
are told one by one, none twice and none left out; depth, ticker and status are told whole, at
the beginning and whenever they differ from what was told last, so that whoever comes back needs
nothing but that number.  No event says who, nor an index of the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from ledger.writer.kinds import Row
from market import queries
from market.quotes import tickers
from market.settlement.models import trade_table

PIECE = 200
"""Trades that are read at once."""
CHANNELS = ("trades", "depth", "ticker", "status")
WHOLE: dict[str, Callable[[Connection, str, int], Row | None]] = {
    "depth": queries.depth,
    "ticker": tickers.ticker,
    "status": tickers.status,
}


@dataclass(frozen=True)
class Event:
    """``name`` is the singular of a channel; ``position`` is where to go on after it."""

    name: str
    position: int
    data: Row


@dataclass
class Feed:
    """One listener's place in the market data of one instrument."""

    instrument: str
    venue: str
    channels: tuple[str, ...]
    position: int
    told: dict[str, Any] = field(default_factory=dict)
    behind: bool = False
    """Whether further trades were on the tape when it was last read."""

    def news(self, connection: Connection, at: int) -> list[Event]:
        """What is new in one state of the record: some trades, and after the last the rest."""
        end = tickers.newest(connection, self.venue)
        trades = self._trades(connection) if "trades" in self.channels else []
        events = [Event("trade", trade["sequence"], trade) for trade in trades]
        self.behind = len(trades) == PIECE
        if self.behind:
            self.position = trades[-1]["sequence"]
            return events
        self.position = end
        for name, find in WHOLE.items():
            now = find(connection, self.instrument, at) if name in self.channels else None
            if now is not None and now != self.told.get(name):
                self.told[name] = now
                events.append(Event(name, end, now))
        return events

    def _trades(self, connection: Connection) -> list[Row]:
        table = trade_table
        query = (
            select(table)
            .where(table.c.venue == self.venue, table.c.sequence > self.position)
            .where(table.c.instrument == self.instrument)
            .order_by(table.c.sequence)
            .limit(PIECE)
        )
        return [dict(row) for row in connection.execute(query).mappings()]
