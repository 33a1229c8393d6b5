"""Whether the days that the bank's files have told of are explained; all public."""

from __future__ import annotations

from ledger.accounts.cash.models import RECONCILIATION
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

UNEXPLAINED, SETTLED = "unexplained", "settled"


def need_reconciled(context: Context, day: str | None = None) -> None:
    """Refuse while a difference is open, or where ``day`` has not been reconciled.

    Raises Refusal ``cash-not-reconciled`` with ``open`` (the differences, ``DATE/NUMBER``) and
    ``missing`` (the day without a file, or None).
    """
    rows = [context.need(RECONCILIATION, *k) for k in _days(context)]
    names = [f"{row['date']}/{number}" for row in rows for number in row["open"]]
    missing = day if day and context.get(RECONCILIATION, day) is None else None
    if names or missing:
        raise Refusal("cash-not-reconciled", open=names, missing=missing)


def _days(context: Context) -> list[tuple[str]]:
    return [(str(key[0]),) for key in context.children(RECONCILIATION, "state", UNEXPLAINED)]
