"""Trade confirmations (成交确认单): each trade with both parties, as they invoice each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.writer.kinds import Row
from portal.reports.deals import Names, told
from portal.sheets import Table

COLUMNS = (
    "deal",
    "date",
    "at",
    "entry",
    "venue",
    "sequence",
    "instrument",
    "seller",
    "seller_name",
    "seller_uscc",
    "buyer",
    "buyer_name",
    "buyer_uscc",
    "price_fen",
    "quantity",
    "amount_fen",
    "seller_fee_fen",
    "buyer_fee_fen",
)


def as_value(found: Sequence[Row], names: Names, viewer: str | None) -> dict[str, Any]:
    """The trades as JSON; ``viewer`` sees its own fees, None all."""
    return {"items": [told(row, names, viewer) for row in found]}


def as_tables(
    found: Sequence[Row], names: Names, viewer: str | None, heads: Sequence[str]
) -> list[Table]:
    """The same as a table; ``heads`` are the words of ``COLUMNS``."""
    rows = [told(row, names, viewer) for row in found]
    return [Table("confirmations", heads, [[row.get(name) for name in COLUMNS] for row in rows])]
