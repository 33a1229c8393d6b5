"""A model of who may use which units: what is free on each account, and who has frozen what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

SIDES = ("registry", "trading")


@dataclass
class Freeze:
    """A claim on one party's units of a batch; ``taken`` is what it holds on each side."""

    name: str
    party: str
    batch: str
    quantity: int
    until: int
    taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    spent: int = 0
    bucket: str = "frozen"
    sides: tuple[str, ...] = SIDES

    @property
    def missing(self) -> int:
        return self.quantity - self.spent - sum(self.taken.values())


class Units:
    """Free units by (party, side, batch), and the freezes that stand, in the order of rank."""

    def __init__(self) -> None:
        self.free: Counter[tuple[str, str, str]] = Counter()
        self.standing: dict[str, Freeze] = {}

    def gain(self, party: str, batch: str, quantity: int, side: str = "registry") -> None:
        """Units come free; the freezes that wait take them first."""
        self.free[party, side, batch] += quantity
        for freeze in self.queue(party, batch):
            if side not in freeze.sides:
                continue
            part = min(freeze.missing, self.free[party, side, batch])
            freeze.taken[side] += part
            self.free[party, side, batch] -= part

    def order(self, freeze: Freeze) -> None:
        self.standing[freeze.name] = freeze
        for side in SIDES:
            self.gain(freeze.party, freeze.batch, 0, side)

    def leave(self, name: str) -> None:
        """A freeze ends; what it held comes free."""
        freeze = self.standing.pop(name)
        for side, quantity in freeze.taken.items():
            self.gain(freeze.party, freeze.batch, quantity, side)

    def lower(self, name: str, quantity: int) -> None:
        """So many units fewer: waiting ones first, then the trading account's."""
        freeze = self.standing[name]
        freeze.quantity -= quantity
        freed = dict.fromkeys(SIDES, 0)
        for side in reversed(SIDES):
            freed[side] = min(max(0, -freeze.missing), freeze.taken[side])
            freeze.taken[side] -= freed[side]
        for side, part in freed.items():
            self.gain(freeze.party, freeze.batch, part, side)

    def spend(self, name: str, quantity: int) -> None:
        """Units are taken out of a freeze, which ends when none is left."""
        freeze = self.standing[name]
        for side in reversed(SIDES):
            part = min(quantity, freeze.taken[side])
            freeze.taken[side] -= part
            freeze.spent += part
            quantity -= part
        assert quantity == 0
        if freeze.spent == freeze.quantity:
            del self.standing[name]

    def take(self, party: str, batch: str, quantity: int) -> None:
        """Free units are taken, the registry account's first."""
        for side in SIDES:
            part = min(quantity, self.free[party, side, batch])
            self.free[party, side, batch] -= part
            quantity -= part
        assert quantity == 0

    def queue(self, party: str, batch: str) -> list[Freeze]:
        return [f for f in self.standing.values() if (f.party, f.batch) == (party, batch)]

    def frozen(self, party: str, side: str, batch: str) -> int:
        return sum(freeze.taken[side] for freeze in self.queue(party, batch))

    def owned(self, party: str, batch: str) -> int:
        """All that a party has of a batch, but for what it has offered."""
        free = sum(self.free[party, side, batch] for side in SIDES)
        return free + sum(self.frozen(party, side, batch) for side in SIDES)
