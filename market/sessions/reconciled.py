"""Whether the cash lets a session open: no difference is open, and the day before has its file."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.accounts.cash.standing import need_reconciled
from ledger.writer.context import Context
from market.rules import reconciliation_needed, trades_on

LOOK_BACK = 31
"""Days in which a trading day before is looked for; no closure of an exchange lasts longer."""


def need_cash(context: Context, venue: str, day: str) -> None:
    """Refuse an opening with ``cash-not-reconciled``; all that is read is public.

    Open differences always stop it; a day without a bank's file does where the venue's rule
    ``reconciliation`` says so.
    """
    needed = reconciliation_needed(context, venue)
    need_reconciled(context, _trading_day_before(context, venue, day) if needed else None)


def _trading_day_before(context: Context, venue: str, day: str) -> str | None:
    today = date.fromisoformat(day)
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK + 1))
    return next((d.isoformat() for d in days if trades_on(context, venue, d)), None)
