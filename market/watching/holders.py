"""Who holds what: cornering, in and out of a new account, retiring for many others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from market.watching.finding import Found, Limits, evidence, points
from market.watching.history import DAY_MS, Deal, History, Holding, Moved, Retired, Vintage


def corner(history: History, limits: Limits) -> Iterator[Found]:
    """A control that has bought, and holds, ``share-percent`` of a vintage's free float.

    The free float is what lies on trading accounts, and what was bought wherever it is held.  An
    owner's own issuance is none of what it has bought.
    """
    by_vintage: dict[Vintage, list[Holding]] = defaultdict(list)
    for holding in history.holdings:
        by_vintage[holding.vintage].append(holding)
    for vintage, holdings in sorted(by_vintage.items()):
        floating = sum(max(holding.trading, _bought(holding)) for holding in holdings)
        controls: dict[str, list[Holding]] = defaultdict(list)
        for holding in holdings:
            controls[history.control(holding.party)].append(holding)
        for _, own in sorted(controls.items()):
            units = sum(holding.trading + holding.registry for holding in own)
            bought = min(max(sum(holding.bought for holding in own), 0), units)
            if bought >= limits["quantity"] and bought >= limits["share-percent"] * floating:
                yield _cornered(vintage, own, bought, floating)


def _bought(holding: Holding) -> int:
    return min(max(holding.bought, 0), holding.trading + holding.registry)


def _cornered(vintage: Vintage, own: list[Holding], bought: int, floating: int) -> Found:
    entries = tuple(sorted({entry for holding in own for entry in holding.entries}))
    figures = {
        "vintage": vintage[1],
        "bought_credits": bought,
        "float_credits": floating,
        "share_bp": points(bought, floating),
    }
    parties = tuple(sorted(holding.party for holding in own))
    return Found("corner", None, parties, entries, figures, ("share-percent", "quantity"))


def velocity(history: History, limits: Limits) -> Iterator[Found]:
    """A party that buys soon after its admission and is rid of it within ``out-days``.

    From its first purchase within ``opened-days``: at least ``quantity`` bought and
    ``out-percent`` of it sold or transferred away.  Retiring is what credits are for and no exit.
    """
    buys: dict[str, list[Deal]] = defaultdict(list)
    exits: dict[str, list[Deal | Moved]] = defaultdict(list)
    for deal in history.deals:
        buys[deal.buyer].append(deal)
        exits[deal.seller].append(deal)
    for move in history.moves:
        exits[move.sender].append(move)
    for opened in history.opened:
        early = opened.at + limits["opened-days"] * DAY_MS
        first = next((d for d in buys[opened.party] if opened.at <= d.at < early), None)
        if first is None:
            continue
        until = first.at + limits["out-days"] * DAY_MS
        bought = [d for d in buys[opened.party] if first.at <= d.at < until]
        out = [e for e in exits[opened.party] if first.index <= e.index and e.at < until]
        came, went = (sum(row.quantity for row in rows) for rows in (bought, out))
        if came >= limits["quantity"] and went >= limits["out-percent"] * came:
            figures = {"bought_credits": came, "out_credits": went}
            figures["days_since_opening"] = (first.at - opened.at) // DAY_MS
            entries = evidence([opened, *bought, *out])
            yield Found("velocity", None, (opened.party,), entries, figures, _VELOCITY)


_VELOCITY = ("opened-days", "out-days", "out-percent", "quantity")


def names(history: History, limits: Limits) -> Iterator[Found]:
    """A party that retires within ``days`` for at least ``names`` others, none of them itself."""
    by_party: dict[str, list[Retired]] = defaultdict(list)
    for act in history.retired:
        if act.beneficiary != history.names.get(act.party):
            by_party[act.party].append(act)
    for party, acts in sorted(by_party.items()):
        start = 0
        while start < len(acts):
            until = acts[start].at + limits["days"] * DAY_MS
            within = [act for act in acts[start:] if act.at < until]
            others = {act.beneficiary for act in within}
            if len(others) < limits["names"]:
                start += 1
                continue
            credits = sum(act.quantity for act in within)
            figures = {"names": len(others), "retired_credits": credits}
            yield Found("names", None, (party,), evidence(within), figures, ("days", "names"))
            start += len(within)
