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
HIGHER = "某省高级人民法院"
WAYS = st.sampled_from(["own", "own", "stranger", "referred"])
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
    papers: dict[str, dict[str, Any]]
    courts: dict[str, str]
    said: list[Any]
    open: dict[str, tuple[str, str, str, int, int]]

    @rule(party=PARTY, chance=CHANCE, quantity=st.integers(1, 40), days=st.integers(0, 9))
    def freeze(self, party: str, chance: int, quantity: int, days: int) -> None:
        """Takes what is free, then what was proposed to others; what is missing waits.

        A copy of the order is refused, and passes where it names the entry it comes on top of.
        """
        batch = self.some(self.batches_of(party), chance)
        today = (self.clock.time + 8 * HOUR_MS) // DAY_MS
        until = date.fromordinal(EPOCH + today + days).isoformat()
        order = {"party": party, "asset": batch, "document": numbered(self.stage)}
        body = freeze_body(quantity, until=until, **order)
        if name := self.act("registrar", "freeze.order", body, *OFFICERS):
            over = (today + days + 1) * DAY_MS - 8 * HOUR_MS
            self.papers[name] = {**body, "besides": self.said[-1][1].index}
            self.freezes(Freeze(name, party, batch, quantity, over))
            assert not self.act("registrar", "freeze.order", body, *OFFICERS)
            more = {**self.papers[name], "quantity": 1}
            if chance % 3 == 0 and (
                other := self.act("registrar", "freeze.order", more, *OFFICERS)
            ):
                self.papers[other] = {**more, "besides": self.said[-1][1].index}
                self.freezes(Freeze(other, party, batch, 1, over))

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
        """Three on the same units, of which the first is lifted: the second comes next.

        What the first was ordered by begins no other.
        """
        before = set(self.orders)
        for _ in range(3):
            self.freeze(party, chance, quantity, 9)
        for name in [name for name in self.orders if name not in before][:1]:
            body = {"freeze": name, **self.decision(name)}
            if self.act("registrar", "freeze.lift", body, *OFFICERS):
                self.units.leave(name)
                if len([o for o in self.orders if o not in before]) == 3:
                    assert not self.act("registrar", "freeze.order", self.papers[name], *OFFICERS)

    def decision(self, name: str, way: str = "own") -> dict[str, str]:
        """A document about a freeze: of who ordered it, of a stranger, or of who has it now."""
        own = self.courts.get(name, COURT["authority"])
        (other,) = {COURT["authority"], HIGHER} - {own}
        told = {"authority": own if way == "own" else other, "document": numbered(self.stage)}
        return {**told, "referral": "移1"} if way == "referred" else told

    def obeys(self, name: str, type: str, body: dict[str, Any], way: str) -> bool:
        """Whether an act on a freeze is accepted; a stranger's is not, nor a copy, nor a duty's."""
        said = self.act("registrar", type, body, *OFFICERS)
        if said:
            assert way != "stranger" and name in self.papers
            self.courts[name] = body["authority"]
            assert not self.act("registrar", type, body, *OFFICERS)
        return bool(said)

    @rule(chance=CHANCE, quantity=st.one_of(st.none(), QUANTITY), way=WAYS)
    def lift(self, chance: int, quantity: int | None, way: str) -> None:
        name = self.some((chance % 3 and self.units.standing) or self.orders, chance)
        body = {"freeze": name, **self.decision(name, way)}
        more = {} if quantity is None else {"quantity": quantity}
        if self.obeys(name, "freeze.lift", {**body, **more}, way):
            order = self.units.standing[name]
            if quantity in (None, order.quantity - order.spent):
                self.units.leave(name)
            else:
                assert quantity is not None
                self.units.lower(name, quantity)

    @rule(
        party=PARTY,
        receiver=PARTY,
        chance=CHANCE,
        quantity=QUANTITY,
        way=st.one_of(st.none(), WAYS),
    )
    def take(self, party: str, receiver: str, chance: int, quantity: int, way: str | None) -> None:
        """司法划转: out of a freeze alone, or of what its party may use alone."""
        batch = self.some(self.batches_of(party), chance)
        moved: dict[str, Any] = {"receiver": receiver, "quantity": quantity}
        if way:
            name = self.some(self.units.standing or self.orders, chance)
            party, batch = self.orders.get(name, (party, batch))
            moved |= {"freeze": name, **self.decision(name, way)}
            if self.obeys(name, "freeze.execute", moved, way):
                self.units.spend(name, quantity)
                self.units.gain(receiver, batch, quantity)
            return
        on = {"party": party, "batch": batch, "ground": "merger"}
        body = {**moved, **on, **COURT, "document": numbered(self.stage)}
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
