"""What pledges are worth by trades, beside what they secure."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.writer.kinds import Row
from ledger.writer.tables import log_head
from market.valuation import Valuer


def with_value(connection: Connection, rows: list[Row]) -> list[Row]:
    """Pledges with the ``valuation`` of what they hold on the day of the log's end, in fen.

    None where a pledge holds nothing.  ``open_fen`` is what is secured and not recovered yet,
    ``covers_percent`` how much of that the value is, rounded down; None where there is no value
    or nothing is open.
    """
    if not rows:
        return []
    valuer = Valuer(connection, connection.execute(select(log_head.c.at)).scalar_one())
    return [{**row, "valuation": _valuation(valuer, row) if row["held"] else None} for row in rows]


def _valuation(valuer: Valuer, row: Row) -> Row:
    told = valuer.value(row["batch"], row["held"])
    worth, left = told["value_fen"], row["secured_fen"] - row["recovered_fen"]
    covers = None if worth is None or not left else 100 * worth // left
    return {**told, "open_fen": left, "covers_percent": covers}
