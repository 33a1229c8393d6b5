"""Locks on transfers to those whom the sender does not trust.

From a dated quantity on, the receiver must be on the sender's trusted-account list.  Below it, an
accepted transfer is final only after a recall window of so many hours (0 means none): until then
the units stay in transfer, where neither side can use them, and the sender may recall them, which
is the time in which a theft is noticed (RELIABILITY.md §2.3).
"""

from __future__ import annotations

from ledger.accounts.trust.handlers import trusts
from ledger.credits.models import CLEARING, TRANSFER
from ledger.parties.parameters import in_force, whole
from ledger.writer.context import Context
from ledger.writer.errors import Refusal
from ledger.writer.kinds import Row

TRUSTED_FROM, RECALL_HOURS = "transfer-trusted-from", "transfer-recall-hours"
NEVER = "never"
HOUR_MS = 3_600_000


def check_trusted(context: Context, receiver: str, quantity: int) -> None:
    """Raise Refusal ``receiver-not-trusted`` where so many units go to trusted receivers alone."""
    if in_force(context, TRUSTED_FROM) in (None, NEVER):
        return
    least = whole(context, TRUSTED_FROM)
    if quantity >= least and not trusts(context, context.party, receiver):
        raise Refusal("receiver-not-trusted", field="receiver", party=receiver, needed_from=least)


def hold_back(context: Context, row: Row) -> bool:
    """Begin the recall window of an accepted transfer; False where it is final at once."""
    hours = 0 if in_force(context, RECALL_HOURS) is None else whole(context, RECALL_HOURS)
    if not hours or trusts(context, row["sender"], row["receiver"]):
        return False
    context.put(TRANSFER, {**row, "state": "clearing"})
    names = ("transfer", "sender", "receiver", "salt")
    terms = {"final_at": context.at + hours * HOUR_MS, "state": "running"}
    context.put(CLEARING, {**{name: row[name] for name in names}, **terms})
    return True
