"""Sessions of arbitrary orders: nothing is made, lost, left frozen, crossed or out of turn.

What the book should have done is worked out beside it by the plainest means, from the orders as
they were before.  The same invariants must catch faults that are planted in fees, refunds and
priority.
"""

from __future__ import annotations

import itertools
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from ledger.accounts.claims import claim_table
from ledger.accounts.models import BUCKETS, balance_table
from ledger.credits.queries import identity
from market.matching.book import Book
from market.orders import trading
from market.orders.models import order_table
from market.settlement.models import deal_table, trade_table
from tests.factories.audits import audited
from tests.factories.claims import freeze_body, numbered
from tests.factories.market import EXCHANGE, REGULATOR
from tests.factories.orders import Pit, profile
from tests.factories.scene import OFFICERS, scene

PARTIES = ("owner", "buyer", "third")
ISSUED, CASH = 300, 3_000_000
FEES = {"fee-buyer-rate": "0.0333", "fee-seller-rate": "0.0177", "fee-minimum-fen": "700"}
DATES = ("2026-01-01", "2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07")


class Session(RuleBasedStateMachine):
    """Answers may be refusals, never faults."""

    def __init__(self) -> None:
        super().__init__()
        self._exit = ExitStack()
        home = Path(self._exit.enter_context(tempfile.TemporaryDirectory())) / "home"
        self.pit = Pit(self._exit.enter_context(scene(home, None)))
        rules = profile()
        for method, name in itertools.product(("continuous", "call"), FEES):
            rules[f"{method}.{name}"] = FEES[name]
        self.batch = self.pit.set_up(ISSUED, CASH, rules)
        self.pit.buy(7_000, 60)  # so that everybody has something to sell
        self.pit.buy(7_000, 60, "third")
        self.pit.sell(7_000, 120)
        self.day = 0
        self.late = False  # whether something may have fallen due since the last statement

    def teardown(self) -> None:
        try:
            with self.pit.stage.ledger.record.reading() as connection:
                assert audited(self.pit.stage, connection).faults == []  # I14
        finally:
            self._exit.close()

    def say(self, party: str, type: str, body: dict[str, Any], *signers: str) -> bool:
        late, self.late = self.late, False
        before = self.rows()
        reply = self.pit.stage.say(party, type, body, *(signers or ("a",)))
        assert reply.status in ("accepted", "refused"), reply
        if reply.status == "refused" and not late:  # what had fallen due came to pass before it
            assert self.rows() == before
        return reply.status == "accepted"

    def rows(self) -> list[Any]:
        return [self.pit.stage.rows(t) for t in (balance_table, order_table, deal_table)]

    @rule(
        party=st.sampled_from(PARTIES),
        side=st.sampled_from(("buy", "sell")),
        kind=st.sampled_from(("limit", "limit", "limit", "ioc", "fok", "post-only")),
        price=st.integers(6_995, 7_005),
        quantity=st.integers(1, 40),
        until=st.sampled_from((None, None, "2026-01-02", "2026-01-05")),
    )
    def place(
        self, party: str, side: str, kind: str, price: int, quantity: int, until: str | None
    ) -> None:
        body = self.pit.body(side, price, quantity, kind=kind)
        wanted = plain(self.pit.open_orders(), party, body)
        known = len(self.pit.deals())
        if self.say(party, "order.place", body if until is None else {**body, "until": until}):
            if self.calling():
                assert len(self.pit.deals()) == known
                return
            made = self.pit.deals()[known:]
            other = "offer" if side == "buy" else "bid"
            if wanted is not None:
                assert [(d[other], d["price_fen"], d["quantity"]) for d in made] == wanted

    @rule(party=st.sampled_from(PARTIES), quantity=st.integers(1, 30))
    def to_limit(self, party: str, quantity: int) -> None:
        body = self.pit.body("buy", None, quantity, kind="market-to-limit")
        self.say(party, "order.place", body)

    @precondition(lambda self: self.pit.open_orders())
    @rule(
        party=st.sampled_from(PARTIES),
        data=st.data(),
        act=st.sampled_from(("cancel", "reduce", "replace")),
        price=st.integers(6_995, 7_005),
        quantity=st.integers(1, 30),
    )
    def change(self, party: str, data: Any, act: str, price: int, quantity: int) -> None:
        order = data.draw(st.sampled_from([row["order"] for row in self.pit.open_orders()]))
        more: dict[str, Any] = {} if act == "cancel" else {"quantity": quantity}
        if act == "replace":
            more["price_fen"] = price
        owner = self.pit.order_row(order)["party"]
        assert not self.say(party, f"order.{act}", {"order": order, **more}) or party == owner

    @rule(party=st.sampled_from(PARTIES))
    def cancel_all(self, party: str) -> None:
        self.say(party, "order.cancel-all", {})

    @rule(party=st.sampled_from(PARTIES), which=st.sampled_from(("newest", "oldest", "both")))
    def choose(self, party: str, which: str) -> None:
        self.say(party, "self-trade.set", {"rule": which})

    @rule(party=st.sampled_from(PARTIES), act=st.sampled_from(("suspend", "reinstate")))
    def stand(self, party: str, act: str) -> None:
        self.say("regulator", f"party.{act}", {"party": party, "document": "d"}, *REGULATOR)

    @rule(act=st.sampled_from(("suspend", "resume", "resume")))
    def halt(self, act: str) -> None:
        self.say("exchange", f"instrument.{act}", {"instrument": "FS", "document": "d"}, *EXCHANGE)

    @rule(party=st.sampled_from(PARTIES), asset=st.booleans(), quantity=st.integers(1, 50))
    def claim(self, party: str, asset: bool, quantity: int) -> None:
        order = {"party": party, "asset": self.batch if asset else "CNY"}
        body = freeze_body(quantity, document=numbered(self.pit.stage), **order)
        self.say("registrar", "freeze.order", body, *OFFICERS)

    @precondition(lambda self: self.day + 1 < len(DATES))
    @rule(minutes=st.sampled_from((0, 15)))
    def next_day(self, minutes: int) -> None:
        """Close, and open the next day at its opening call or in its continuous hours."""
        clock = self.pit.stage.clock
        self.say("exchange", "session.close", {"venue": "book", "date": DATES[self.day]}, *EXCHANGE)
        self.day += 1
        hour = 9 * 60 + 15 + minutes
        clock.time = 1_767_196_800_000 + day_offset(DATES[self.day]) + hour * 60_000
        self.pit.open(DATES[self.day])

    @rule(minutes=st.integers(1, 20))
    def later(self, minutes: int) -> None:
        self.pit.later(minutes)
        self.late = True

    def calling(self) -> bool:
        return any(row["state"] == "open" for row in self.pit.calls())

    @invariant()
    def nothing_is_made_or_lost(self) -> None:  # I1, I2, I3
        sums: dict[str, int] = {}
        for row in self.pit.stage.rows(balance_table):
            sums[row["asset"]] = sums.get(row["asset"], 0) + sum(row[b] for b in BUCKETS)
            if not row["account"].startswith(("@", "bank/omnibus")):
                assert all(row[bucket] >= 0 for bucket in BUCKETS)
        assert set(sums.values()) == {0}
        with self.pit.stage.ledger.record.reading() as connection:
            assert identity(connection, self.batch)["difference"] == 0

    @invariant()
    def what_is_frozen_is_what_open_orders_may_cost(self) -> None:  # I8
        rows = self.pit.stage.rows(order_table)
        claims = self.claims()
        for party in PARTIES:
            own = [r for r in rows if r["party"] == party]
            assert all(r["frozen_fen"] == 0 and not r["portions"] for r in own if over(r))
            buys = [r for r in own if not over(r) and r["side"] == "buy"]
            sells = [r for r in own if not over(r) and r["side"] == "sell"]
            for row in buys:
                fee = total_fee("0.0333", row["turnover_fen"] + row["price_fen"] * row["remaining"])
                cost = row["price_fen"] * row["remaining"] + fee - row["fee_fen"]
                assert row["frozen_fen"] == cost
            for row in sells:
                assert sum(q for _, q in row["portions"]) == row["remaining"]
            account = f"{party}/trading"
            cash = self.pit.held(account, "CNY").get("frozen", 0)
            assert cash == sum(r["frozen_fen"] for r in buys) + claims.get((party, "CNY"), 0)
            units = self.pit.held(account, self.batch).get("frozen", 0)
            held = claims.get((party, self.batch), 0)
            assert units == sum(r["remaining"] for r in sells) + held

    def claims(self) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = {}
        for row in self.pit.stage.rows(claim_table):
            place = (row["party"], row["asset"])
            sums[place] = sums.get(place, 0) + row["trading"]
        return sums

    @invariant()
    def the_book_is_never_crossed_and_never_outside_its_limits(self) -> None:  # I9
        if not self.calling():
            rows = self.pit.open_orders()
            bids = [r["price_fen"] for r in rows if r["side"] == "buy"]
            asks = [r["price_fen"] for r in rows if r["side"] == "sell"]
            assert not bids or not asks or max(bids) < min(asks)
        orders = {r["order"]: r for r in self.pit.stage.rows(order_table)}
        filled: dict[str, int] = {}
        for deal in self.pit.deals():
            assert deal["buyer"] != deal["seller"]
            for side in ("bid", "offer"):
                filled[deal[side]] = filled.get(deal[side], 0) + deal["quantity"]
        for name, row in orders.items():
            if over(row) and row["state"] != "filled":
                continue  # what it wants no more is not told from what it got
            assert filled.get(name, 0) == row["quantity"] - row["remaining"]

    @invariant()
    def both_legs_and_fees_by_the_turnover_of_each_order(self) -> None:  # I8, I10
        deals, trades = self.pit.deals(), self.pit.stage.rows(trade_table)
        assert [t["sequence"] for t in trades] == list(range(1, len(deals) + 1))
        income = 0
        for side, fee, rate in (("bid", "buyer", "0.0333"), ("offer", "seller", "0.0177")):
            amounts: dict[str, int] = {}
            fees: dict[str, int] = {}
            for deal in deals:
                paid = deal[f"{fee}_fee_fen"]
                assert 0 <= paid <= deal["amount_fen"]
                amounts[deal[side]] = amounts.get(deal[side], 0) + deal["amount_fen"]
                fees[deal[side]] = fees.get(deal[side], 0) + paid
            assert fees == {name: total_fee(rate, amount) for name, amount in amounts.items()}
            income += sum(fees.values())
        assert self.pit.held("exchange/income", "CNY").get("available", 0) == income


def over(row: dict[str, Any]) -> bool:
    return bool(row["state"] != "open")


def total_fee(rate: str, amount: int) -> int:
    """What an order pays on all that it traded: worked in whole ten-thousandths, half up."""
    parts = int(rate.partition(".")[2])
    return min(max((2 * amount * parts + 10_000) // 20_000, 700), amount) if amount else 0


def day_offset(date: str) -> int:
    return (int(date[-2:]) - 1) * 24 * 3_600_000


def plain(
    rows: list[dict[str, Any]], party: str, body: dict[str, Any]
) -> list[tuple[str, int, int]] | None:
    """Fills that an order should get: the best price first, then the earliest turn.

    None where an own order stands in its way: what then happens is the party's choice.
    """
    buys, left = body["side"] == "buy", body["quantity"]
    facing = [r for r in rows if r["side"] != body["side"]]
    facing.sort(key=lambda r: (r["price_fen"] if buys else -r["price_fen"], r["placed"], r["nth"]))
    fills = []
    for row in facing:
        limit = (
            row["price_fen"] <= body["price_fen"]
            if buys
            else (row["price_fen"] >= body["price_fen"])
        )
        if not left or not limit:
            break
        if row["party"] == party:
            return None
        part = min(left, row["remaining"])
        fills.append((row["order"], row["price_fen"], part))
        left -= part
    return [] if left and body["kind"] == "fok" else fills


Session.TestCase.settings = settings(
    max_examples=5, stateful_step_count=25, deadline=None, parent=settings()
)
TestSession = Session.TestCase


def drive() -> None:
    """A short session that holds every invariant, and in which each planted fault shows."""
    session = Session()
    try:
        for party, side, price, quantity in (
            ("owner", "sell", 7_000, 5),
            ("third", "sell", 7_000, 7),
            ("buyer", "buy", 7_005, 3),
            ("buyer", "buy", 7_005, 16),  # nine at a better price, seven rest
            ("buyer", "buy", 6_995, 10),
            ("third", "sell", 6_995, 2),
            ("owner", "sell", 6_995, 2),
        ):
            session.place(party, side, "limit", price, quantity, None)
            session.nothing_is_made_or_lost()
            session.what_is_frozen_is_what_open_orders_may_cost()
            session.the_book_is_never_crossed_and_never_outside_its_limits()
            session.both_legs_and_fees_by_the_turnover_of_each_order()
    finally:
        session.teardown()


def test_a_sound_session_passes() -> None:
    drive()


def charging_each_fill_anew(patch: pytest.MonkeyPatch) -> None:
    def grown(row: dict[str, Any], amount_fen: int, quantity: int) -> tuple[dict[str, Any], int]:
        fee = trading.read_tariff(row["tariff"]).fee(amount_fen)
        less = {"remaining": row["remaining"] - quantity, "fee_fen": row["fee_fen"] + fee}
        return {**row, **less, "turnover_fen": row["turnover_fen"] + amount_fen}, fee

    patch.setattr(trading, "_grown", grown)


def keeping_what_a_better_price_saved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(trading, "needed", lambda row: row["frozen_fen"])


def letting_the_last_at_a_price_go_first(patch: pytest.MonkeyPatch) -> None:
    submit = Book.submit

    def late(self: Book, id: str, buys: bool, *more: Any, **named: Any) -> int:
        for order in [o for o in self.resting() if o.buys != buys][:1]:
            self.cancel(order.id)
            submit(self, order.id, order.buys, order.price, order.left, owner=order.owner)
        return submit(self, id, buys, *more, **named)

    patch.setattr(Book, "submit", late)


@pytest.mark.parametrize(
    "plant",
    [
        charging_each_fill_anew,
        keeping_what_a_better_price_saved,
        letting_the_last_at_a_price_go_first,
    ],
)
def test_a_planted_fault_is_caught(plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        drive()
