"""What an order keeps frozen, and giving it back: never more than it may still cost."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.accounts.models import CASH
from ledger.accounts.verbs import move, trading
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.orders.models import ORDER, OrderState
from market.settlement.deals import Portions
from market.settlement.freezes import freeze, freeze_cash
from market.tariff import read_tariff

BUY, SELL = "buy", "sell"


def needed(row: Row) -> int:
    """The fen that the rest of an order may cost at most: its price, and what fee is left."""
    if row["side"] == SELL:
        return 0
    rest = row["price_fen"] * row["remaining"]
    fee = read_tariff(row["tariff"]).fee(row["turnover_fen"] + rest)
    return int(rest + fee - row["fee_fen"])


class Returns:
    """What returns to its owners in one outcome: gathered, then one posting an account."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sums: dict[tuple[str, str], int] = {}

    def add(self, party: str, asset: str, quantity: int) -> None:
        """So much of a party's frozen holding is to be available again."""
        if quantity:
            place = (party, asset)
            self._sums[place] = self._sums.get(place, 0) + quantity

    def post(self) -> None:
        """Post it; what becomes available is first that of the claims that wait for it."""
        for (party, asset), quantity in self._sums.items():
            account = trading(party)
            move(self._context, asset, quantity, account, account, take="frozen")


def frozen_anew(context: Context, instrument: Row, row: Row, returns: Returns) -> Row:
    """An order of the author with what it needs frozen, no matter what was frozen before.

    Raises Refusal ``balance-short``.
    """
    if row["side"] == BUY:
        missing = needed(row) - row["frozen_fen"]
        if missing > 0:
            freeze_cash(context, missing)
        returns.add(row["party"], CASH, max(0, -missing))
        return {**row, "frozen_fen": row["frozen_fen"] + missing}
    missing = row["remaining"] - sum(quantity for _, quantity in row["portions"])
    if missing > 0:
        portions = [*row["portions"], *freeze(context, instrument, missing)]
        return {**row, "portions": _merged(portions)}
    return without(row, -missing, returns)


def without(row: Row, quantity: int, returns: Returns) -> Row:
    """A seller's order that offers so much less: what would be delivered last returns first."""
    kept: Portions = []
    for batch, frozen in reversed(row["portions"]):
        part = min(quantity, frozen)
        quantity -= part
        returns.add(row["party"], batch, part)
        if part < frozen:
            kept.insert(0, [batch, frozen - part])
    return {**row, "portions": kept}


def ended(row: Row, state: OrderState, returns: Returns) -> Row:
    """An order that is over; all that it kept frozen returns."""
    returns.add(row["party"], CASH, row["frozen_fen"])
    for batch, quantity in row["portions"] or ():
        returns.add(row["party"], batch, quantity)
    portions: Portions | None = None if row["portions"] is None else []
    changed = {"frozen_fen": 0, "portions": portions, "revision": row["revision"] + 1}
    return {**row, **changed, "state": state.value}


def end_all(context: Context, rows: Iterable[Row], state: OrderState) -> None:
    """End open orders, whoever's they are."""
    returns = Returns(context)
    for row in rows:
        context.concern(row["party"], row["salt"])
        context.put(ORDER, ended(row, state, returns))
    returns.post()


def _merged(portions: Portions) -> Portions:
    sums: dict[str | int, int] = {}
    for batch, quantity in portions:
        assert isinstance(quantity, int)
        sums[batch] = sums.get(batch, 0) + quantity
    return [[batch, quantity] for batch, quantity in sums.items()]
