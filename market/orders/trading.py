"""An order meets the book: the core says who trades, and every fill settles at once."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.accounts.models import CASH
from ledger.writer.context import Context
from ledger.writer.kinds import Row
from market.matching.kinds import RESTS, Kind, SelfTrade
from market.orders.freezes import BUY, Returns, ended, needed
from market.orders.live import Live, rows_of
from market.orders.models import ORDER, OrderState
from market.settlement.deals import Sale, Side, settle
from market.tariff import read_tariff
from market.terms import Terms

KIND = {
    "limit": Kind.LIMIT,
    "market-to-limit": Kind.MARKET_TO_LIMIT,
    "ioc": Kind.IMMEDIATE,
    "fok": Kind.FILL_OR_KILL,
    "post-only": Kind.POST_ONLY,
}
RULE = {"newest": SelfTrade.NEWEST, "oldest": SelfTrade.OLDEST, "both": SelfTrade.BOTH}


@dataclass(frozen=True)
class Ground:
    """Where orders trade: an instrument, its session, and the terms of the method of the hour."""

    instrument: Row
    session: Row
    terms: Terms


class Changes:
    """Orders as they change within one outcome, written once each at its end."""

    def __init__(self, context: Context, ground: Ground) -> None:
        self._context = context
        self._ground = ground
        self._rows: dict[str, Row] = {}

    def row(self, name: str) -> Row:
        """An order as it stands now."""
        found = self._rows.get(name)
        if found is None:
            found = self._rows[name] = self._context.need(ORDER, name)
        return found

    def hold(self, row: Row) -> None:
        """An order that is not on record yet, or not as it stands now."""
        self._rows[row["order"]] = row

    def fill(self, one: str, other: str, price_fen: int, quantity: int) -> None:
        """Settle a trade of two orders, both legs and fees; each pays on all it has traded."""
        buyer, seller = self.row(one), self.row(other)
        if buyer["side"] != BUY:
            buyer, seller = seller, buyer
        amount = price_fen * quantity
        buyer, buyer_fee = _grown(buyer, amount, quantity)
        seller, seller_fee = _grown(seller, amount, quantity)
        ground = self._ground
        sale = Sale(
            ground.instrument,
            ground.session,
            ground.terms,
            Side(buyer["party"], buyer["salt"], buyer["order"], buyer_fee),
            Side(seller["party"], seller["salt"], seller["order"], seller_fee),
            price_fen,
            quantity,
            seller["portions"],
            pays_from="frozen",
        )
        seller["portions"] = settle(self._context, sale)
        buyer["frozen_fen"] -= amount + buyer_fee
        self.hold(buyer)
        self.hold(seller)

    def write(self, over: dict[str, OrderState]) -> None:
        """Write every order, those that are ``over`` for another reason than being filled too.

        What a better price or a rounding has saved returns at once.
        """
        returns = Returns(self._context)
        for name, row in self._rows.items():
            state = over.get(name) or (OrderState.OPEN if row["remaining"] else OrderState.FILLED)
            if state is OrderState.OPEN:
                saved = row["frozen_fen"] - needed(row)
                returns.add(row["party"], CASH, saved)
                changed = {"frozen_fen": row["frozen_fen"] - saved, "state": state.value}
                written = {**row, **changed, "revision": row["revision"] + 1}
            else:
                written = ended(row, state, returns)
            self._context.concern(row["party"], row["salt"])
            if row["revision"]:
                self._context.put(ORDER, written)
            else:  # new, under a name that nothing else can have
                self._context.insert(ORDER, written)
        returns.post()


def enter(
    context: Context, ground: Ground, live: Live, row: Row, kind: Kind, rule: SelfTrade
) -> None:
    """Let an order that is frozen for trade, and rest where its kind allows.

    One that rests already (it is being replaced) first leaves its place.
    """
    name, owner = row["order"], live.owner(context, row["party"])
    changes = Changes(context, ground)
    changes.hold(row)
    with live.changing() as book:
        book.cancel(name)
        rest = book.submit(
            name, row["side"] == BUY, row["price_fen"], row["remaining"], kind, owner, rule
        )
        trades, prevented = list(book.trades), list(book.prevented)
        book.trades.clear()
        book.prevented.clear()
        for taker, maker, price, quantity in trades:
            changes.fill(taker, maker, price, quantity)
        over = dict.fromkeys(prevented, OrderState.PREVENTED)
        for other in rows_of(context, prevented):
            changes.row(other["order"])
        if not rest and changes.row(name)["remaining"]:
            over[name] = OrderState.PREVENTED if kind in RESTS else OrderState.CANCELLED
        changes.write(over)


def _grown(row: Row, amount_fen: int, quantity: int) -> tuple[Row, int]:
    """An order after a fill, a row of its own, and what that fill adds to its fee."""
    turnover = row["turnover_fen"] + amount_fen
    total = read_tariff(row["tariff"]).fee(turnover)
    grown = {"turnover_fen": turnover, "fee_fen": total}
    return {**row, **grown, "remaining": row["remaining"] - quantity}, total - row["fee_fen"]
