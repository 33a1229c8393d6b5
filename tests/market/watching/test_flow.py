"""How often honest trading alarms: a month of forty parties who know nothing of each other."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import yaml

from market import supervision
from market.supervision.limits import READERS, WATCH
from market.supervision.thresholds import THRESHOLDS
from market.watching.finding import Limits
from market.watching.history import DAY_MS, MINUTE_MS, Deal, History, Session, Withdrawn
from market.watching.watch import watch
from tests.factories.surveillance import NINE, deal

DAYS, PARTIES, DEALS_A_DAY = 22, 40, 60


def seeded() -> dict[str, Limits]:
    """The thresholds of a new ledger, as the package states them."""
    path = Path(str(supervision.__file__)).parent / "data" / "parameters.yaml"
    rows = {row["code"]: row for row in yaml.safe_load(path.read_text("utf-8"))}
    assert {row["confidence"] for row in rows.values()} == {"low"}
    return {
        name: {
            rule: READERS[f"{WATCH}{name}.{rule}"](rows[f"{WATCH}{name}.{rule}"]["value"])
            for rule in rules
        }
        for name, rules in THRESHOLDS.items()
    }


def month(seed: int) -> History:
    """Prices walk; sizes are as often small as large; most offers are withdrawn."""
    random = Random(seed)
    deals: list[Deal] = []
    withdrawn: list[Withdrawn] = []
    price, index = 7_000, 0
    for day in range(DAYS):
        for minute in sorted(random.randrange(330) for _ in range(DEALS_A_DAY)):
            index += 3
            seller, buyer = random.sample(range(PARTIES), 2)
            price = max(6_500, min(7_500, price + random.randint(-12, 12)))
            size = random.choice((10, 20, 50, 100, 200, 500, 1_000))
            at = {"days": day, "minutes": minute, "price_fen": price}
            deals.append(deal(index, f"p{seller}", f"p{buyer}", size, **at))
            for extra in (1, 2):  # two offers are withdrawn for each that is taken
                begin = NINE + day * DAY_MS + minute * MINUTE_MS
                end = begin + random.randrange(60) * MINUTE_MS
                party = f"p{random.randrange(PARTIES)}"
                ended = index + random.randrange(1, 60)
                size = random.choice((10, 100, 1_000))
                place = (index - extra, begin, ended, end, party, "FS", "sell")
                withdrawn.append(Withdrawn(*place, shown=size, filled=0, quantity=size))
    sessions = [
        Session("zhejiang", f"2026-01-{1 + day:02d}", NINE + day * DAY_MS + 330 * MINUTE_MS)
        for day in range(DAYS)
    ]
    return History(tuple(deals), tuple(withdrawn), sessions=tuple(sessions))


def test_honest_months_raise_few_alarms() -> None:
    limits = seeded()
    counts: Counter[str] = Counter()
    for seed in range(5):
        counts.update(found.detector for found in watch(month(seed), limits))
    trades = 5 * DAYS * DEALS_A_DAY
    assert sum(counts.values()) * 200 < trades, counts


def test_a_ring_planted_among_them_is_found() -> None:
    past = month(1)
    last = past.deals[-1].index
    names = ("p1", "x1", "x2", "p1")
    ring = [
        deal(last + n, names[n], names[n + 1], 5_000, days=DAYS - 1, minutes=329) for n in range(3)
    ]
    limits = seeded()
    found = watch(History((*past.deals, *ring), past.withdrawn), {"ring": limits["ring"]})
    assert ["p1", "x1", "x2"] in [list(one.parties) for one in found]
    assert limits["ring"]["net-percent"] == Fraction(5, 100)
