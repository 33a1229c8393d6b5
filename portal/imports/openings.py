"""Minimal opening balances of a partial extract: the least that keeps every account from debt.

Given legs in the order in which they apply, an account's opening in a unit is the depth of its
lowest point, after any single leg, when it starts from what it is known to hold. A unit ends at the
sender in a terminal leg; an issue puts units at the receiver that nobody had. Pure; integers only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from portal.imports.model import Transaction

Effect = Literal["issue", "move", "end"]
Holding = tuple[str, str]
"""(unit type, account)"""


def minimal_openings(
    transactions: Iterable[tuple[Transaction, Effect]],
    held: Mapping[Holding, int] = MappingProxyType({}),
) -> tuple[dict[Holding, int], dict[Holding, int]]:
    """Return the openings above zero, and the closing balances that they lead to.

    `held` is what accounts are known to hold before the first leg.
    """
    flow: Counter[Holding] = Counter(held)
    opening: Counter[Holding] = Counter()
    for transaction, effect in transactions:
        for leg in transaction.legs:
            if effect != "issue":
                sender = (leg.unit, leg.sender)
                flow[sender] -= leg.quantity
                opening[sender] = max(opening[sender], -flow[sender])
            if effect != "end":
                flow[leg.unit, leg.receiver] += leg.quantity
    closing = {key: flow[key] + opening[key] for key in {*flow, *opening}}
    return {key: units for key, units in opening.items() if units}, closing
