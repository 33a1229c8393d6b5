"""What banks may do at any time: pledges with their ranks, let go in part or whole."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.factories.claims import pledge_body
from tests.factories.market import BANK
from tests.factories.scene import OFFICERS
from tests.ledger.restraining import CHANCE, PARTY, QUANTITY, Restraining
from tests.ledger.units import SIDES, Freeze

FAR = 1 << 60


class Pledging(Restraining):
    """Rules beside those of the courts; a pledge is a claim on the registry account alone."""

    pledges: dict[str, None]
    lapse: Callable[[], None]

    @rule(party=PARTY, chance=CHANCE, quantity=QUANTITY, off=st.sampled_from([0, 0, 0, 1]))
    def pledge(self, party: str, chance: int, quantity: int, off: int) -> None:
        """Holds what is free once it is registered; at the first rank all of it or nothing.

        One rank alone is free: behind every freeze and pledge, but for a pledge that need not wait.
        """
        self.lapse()
        batch = self.some(self.batches_of(party), chance)
        before, free = self.units.queue(party, batch), self.units.free[party, SIDES[0], batch]
        rank = 1 + off + (len(before) if quantity > free else 0)
        body = pledge_body(quantity, batch=batch, rank=rank, until="2099-12-31")
        name = self.act(party, "pledge.propose", body, "a", "b")
        if name:
            reach = free + sum(claim.taken[SIDES[0]] for claim in before)
            assert not off and quantity <= reach
        if name is None or not self.act("bank", "pledge.accept", {"pledge": name}, *BANK):
            return
        registered = {"pledge": name, "number": name}
        if self.act("registrar", "pledge.register", registered, *OFFICERS):
            claim = Freeze(name, party, batch, quantity, FAR, bucket="pledged", sides=SIDES[:1])
            self.units.order(claim)
            assert rank > 1 or not claim.missing
            self.pledges[name] = None

    @rule(chance=CHANCE, quantity=st.one_of(st.none(), QUANTITY))
    def let_go(self, chance: int, quantity: int | None) -> None:
        """The bank releases a pledge, wholly or in part."""
        name = self.some(self.pledges, chance)
        more = {} if quantity is None else {"quantity": quantity}
        if self.act("bank", "pledge.release", {"pledge": name, **more}, *BANK):
            if quantity in (None, self.units.standing[name].quantity):
                self.units.leave(name)
            else:
                assert quantity is not None
                self.units.lower(name, quantity)
