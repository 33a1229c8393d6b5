"""What a control has turned over in an instrument between two of its deals."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict

from market.watching.history import Deal, History


class Turnovers:
    """Bought and sold together, by control and instrument; a trade with oneself counts once."""

    def __init__(self, history: History) -> None:
        self._places: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0])
        for deal in history.deals:
            for control in {history.control(deal.buyer), history.control(deal.seller)}:
                key = (control, deal.instrument)
                self._places[key].append(deal.index)
                self._sums[key].append(self._sums[key][-1] + deal.quantity)

    def between(self, control: str, first: Deal, last: Deal) -> int:
        """From one deal of an instrument to another, both included."""
        key = (control, first.instrument)
        places, sums = self._places[key], self._sums[key]
        return sums[bisect_right(places, last.index)] - sums[bisect_left(places, first.index)]
