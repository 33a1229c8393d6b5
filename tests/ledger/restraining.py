"""What courts may do at any time: the part of the machine that freezes, lifts and levies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from ledger.accounts.claims import claim_table
from tests.factories.claims import COURT, freeze_body, numbered
from tests.factories.scene import HOUR_MS, OFFICERS, Scene, SteppingClock
from tests.ledger.units import SIDES, Freeze, Units

PARTIES = ("owner", "buyer", "third")
PARTY, QUANTITY, CHANCE = st.sampled_from(PARTIES), st.integers(1, 9), st.integers(0, 1 << 30)
DAY_MS, EPOCH = 24 * HOUR_MS, date(1970, 1, 1).toordinal()


class Restraining:
    """Rules for a machine that keeps ``units`` and says statements with ``act``."""

    act: Callable[..., str | None]
    some: Callable[[Any, int], str]
    batches_of: Callable[[str], list[str]]
    clock: SteppingClock
    stage: Scene
    units: Units
    orders: dict[str, tuple[str, str]]
    open: dict[str, tuple[str, str, str, int, int]]

    @rule(party=PARTY, chance=CHANCE, quantity=st.integers(1, 40), days=st.integers(0, 9))
    def freeze(self, party: str, chance: int, quantity: int, days: int) -> None:
        """Takes what is free, then what was proposed to others; what is missing waits."""
        batch = self.some(self.batches_of(party), chance)
        today = (self.clock.time + 8 * HOUR_MS) // DAY_MS
        until = date.fromordinal(EPOCH + today + days).isoformat()
        order = {"party": party, "asset": batch, "document": numbered(self.stage)}
        body = freeze_body(quantity, until=until, **order)
        if name := self.act("registrar", "freeze.order", body, *OFFICERS):
            over = (today + days + 1) * DAY_MS - 8 * HOUR_MS
            self.freezes(Freeze(name, party, batch, quantity, over))

    def freezes(self, order: Freeze) -> None:
        """A freeze begins; one that finds enough leaves what was proposed to others alone."""
        self.orders[order.name] = (order.party, order.batch)
        self.units.order(order)
        stopped = order.missing
        for other, (sender, _, units, moving, _) in list(self.open.items()):
            if (sender, units) == (order.party, order.batch) and stopped:
                del self.open[other]
                self.units.gain(order.party, order.batch, moving)

    @rule(party=PARTY, chance=CHANCE, quantity=st.integers(5, 15))
    def freeze_in_a_row(self, party: str, chance: int, quantity: int) -> None:
        """Three on the same units, of which the first is lifted: the second comes next."""
        before = set(self.orders)
        for _ in range(3):
            self.freeze(party, chance, quantity, 9)
        for name in [name for name in self.orders if name not in before][:1]:
            body = {"freeze": name, **COURT}
            if self.act("registrar", "freeze.lift", body, *OFFICERS):
                self.units.leave(name)

    @rule(chance=CHANCE, quantity=st.one_of(st.none(), QUANTITY))
    def lift(self, chance: int, quantity: int | None) -> None:
        name = self.some((chance % 3 and self.units.standing) or self.orders, chance)
        body = {"freeze": name, **COURT}
        more = {} if quantity is None else {"quantity": quantity}
        if self.act("registrar", "freeze.lift", {**body, **more}, *OFFICERS):
            order = self.units.standing[name]
            if quantity in (None, order.quantity - order.spent):
                self.units.leave(name)
            else:
                assert quantity is not None
                self.units.lower(name, quantity)

    @rule(party=PARTY, receiver=PARTY, chance=CHANCE, quantity=QUANTITY, named=st.booleans())
    def take(self, party: str, receiver: str, chance: int, quantity: int, named: bool) -> None:
        """司法划转: out of a freeze alone, or of what its party may use alone."""
        batch = self.some(self.batches_of(party), chance)
        moved = {"receiver": receiver, "quantity": quantity, **COURT}
        moved["document"] = numbered(self.stage)
        if named:
            name = self.some(self.units.standing or self.orders, chance)
            party, batch = self.orders.get(name, (party, batch))
            if self.act("registrar", "freeze.execute", {**moved, "freeze": name}, *OFFICERS):
                self.units.spend(name, quantity)
                self.units.gain(receiver, batch, quantity)
            return
        body = {**moved, "party": party, "batch": batch, "ground": "merger"}
        if self.act("registrar", "credit.reassign", body, *OFFICERS):
            self.units.take(party, batch, quantity)
            self.units.gain(receiver, batch, quantity)

    @invariant()
    def freezes_are_those_of_the_model(self) -> None:
        """Each with what it holds on either account and what it still stands for."""
        rows = [r for r in self.stage.rows(claim_table) if r["state"] == "standing"]
        found = {r["claim"]: (r["registry"], r["trading"], r["quantity"]) for r in rows}
        wanted = {
            name: (*(order.taken[side] for side in SIDES), order.quantity - order.spent)
            for name, order in self.units.standing.items()
        }
        assert found == wanted
