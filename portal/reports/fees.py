"""What an exchange invoices its traders for: fees by party, with how many trades they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.writer.kinds import Row
from portal.reports.deals import SIDES, Names
from portal.sheets import Table

COLUMNS = ("party", "name", "uscc", "count", "amount_fen", "fee_fen")


def by_party(found: Sequence[Row], names: Names) -> list[dict[str, Any]]:
    """A row a party: its trades, what they came to, and the fees that it paid, in fen."""
    sums: dict[str, dict[str, Any]] = {}
    for row in found:
        for side in SIDES:
            party = names[row[side]]
            blank = {
                "party": row[side],
                "name": party["name"],
                "uscc": party["uscc"],
                **dict.fromkeys(("count", "amount_fen", "fee_fen"), 0),
            }
            held = sums.setdefault(row[side], blank)
            held["count"] += 1
            held["amount_fen"] += row["amount_fen"]
            held["fee_fen"] += row[f"{side}_fee_fen"]
    return [sums[party] for party in sorted(sums)]


def as_value(found: Sequence[Row], names: Names) -> dict[str, Any]:
    """The rows with their sum, which is the exchange's income of the span."""
    rows = by_party(found, names)
    return {"items": rows, "fee_fen": sum(row["fee_fen"] for row in rows)}


def as_tables(found: Sequence[Row], names: Names, heads: Sequence[str]) -> list[Table]:
    """The rows as a table; ``heads`` are the words of ``COLUMNS``."""
    rows = by_party(found, names)
    return [Table("fees", heads, [[row[name] for name in COLUMNS] for row in rows])]
