"""Cornering, in and out of a new account, retiring for many: planted cases and near misses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from market.watching.finding import DETECTORS, digest
from market.watching.history import DAY_MS, History, Holding, Moved, Opened, Retired
from market.watching.holders import corner, names, velocity
from market.watching.watch import watch
from tests.factories.surveillance import NINE, deal, past

CORNER = {"share-percent": Fraction(4, 10), "quantity": 1_000}
VELOCITY = {
    "opened-days": 30,
    "out-days": 10,
    "out-percent": Fraction(8, 10),
    "quantity": 500,
}
NAMES = {"days": 30, "names": 3}
YEAR = ("ZJ_FS", 2024)


def held(party: str, trading: int, registry: int = 0, bought: int = 0) -> Holding:
    return Holding(party, YEAR, trading, registry, bought, (7,) if bought else ())


def cornered(*holdings: Holding, **more: Any) -> list[tuple[str, ...]]:
    found = corner(History(holdings=holdings, **more), CORNER)
    return [one.parties for one in found]


def test_who_has_bought_and_holds_two_fifths_of_what_floats_is_found() -> None:
    rest = held("owner", 1_500)
    (found,) = corner(History(holdings=(rest, held("p", 400, 600, 1_000))), CORNER)
    assert (found.parties, found.entries) == (("p",), (7,))
    assert found.figures == {
        "vintage": 2024,
        "bought_credits": 1_000,
        "float_credits": 2_500,
        "share_bp": 4_000,
    }
    assert cornered(held("owner", 1_501), held("p", 1_000, 0, 1_000)) == []
    assert cornered(held("owner", 100), held("p", 999, 0, 999)) == []


def test_an_owners_own_issuance_and_units_that_are_gone_do_not_count() -> None:
    assert cornered(held("owner", 9_000, 0, -1_000), held("p", 100, 0, 100)) == []
    assert cornered(held("owner", 1_000), held("p", 900, 0, 5_000)) == []
    assert cornered(held("owner", 1_000, 90_000), held("p", 1_000, 0, 1_000)) == [("p",)]


def test_two_hands_of_one_control_are_counted_together() -> None:
    hands = (held("p", 500, 0, 500), held("q", 500, 0, 500))
    assert cornered(held("owner", 1_500), *hands) == []
    assert cornered(held("owner", 1_500), *hands, controls={"p": "p", "q": "p"}) == [("p", "q")]


OPENED = Opened(1, NINE, "new")


def fast(*deals: Any, **more: Any) -> bool:
    return bool(list(velocity(past(*deals, opened=(OPENED,), **more), VELOCITY)))


def test_bought_soon_after_admission_and_sold_within_days_is_found() -> None:
    deals = (deal(5, "x", "new", 500), deal(6, "new", "y", 400, days=9))
    (found,) = velocity(past(*deals, opened=(OPENED,)), VELOCITY)
    assert (found.parties, found.entries) == (("new",), (1, 5, 6))
    assert found.figures == {"bought_credits": 500, "out_credits": 400, "days_since_opening": 0}


def test_a_transfer_away_is_an_exit_and_keeping_is_none() -> None:
    buy = deal(5, "x", "new", 500)
    away = Moved(6, NINE + DAY_MS, "new", "y", "B", 400)
    assert fast(buy, moves=(away,))
    assert not fast(buy)
    assert not fast(buy, moves=(Moved(6, NINE + DAY_MS, "y", "new", "B", 400),))


def test_old_accounts_small_slow_or_partial_exits_are_silent() -> None:
    out = deal(6, "new", "y", 400, days=1)
    assert fast(deal(5, "x", "new", 500), out)
    assert not fast(deal(5, "x", "new", 499), out)
    assert not fast(deal(5, "x", "new", 500), deal(6, "new", "y", 399, days=1))
    assert not fast(deal(5, "x", "new", 500), deal(6, "new", "y", 400, days=10))
    late = deal(5, "x", "new", 500, days=30, minutes=0)
    assert not fast(late, deal(6, "new", "y", 400, days=30))
    assert fast(deal(5, "x", "new", 500, days=29), deal(6, "new", "y", 400, days=29))


def retired(index: int, beneficiary: str, days: int = 0) -> Retired:
    return Retired(index, NINE + days * DAY_MS, "p", beneficiary, 10)


def many(*acts: Retired) -> list[tuple[int, ...]]:
    history = History(retired=acts, names={"p": "P Ltd"})
    return [found.entries for found in names(history, NAMES)]


def test_retiring_for_three_others_within_a_month_is_found_and_for_oneself_never() -> None:
    assert many(retired(1, "A"), retired(2, "B"), retired(3, "C", 29)) == [(1, 2, 3)]
    assert many(retired(1, "A"), retired(2, "B"), retired(3, "C", 30)) == []
    assert many(retired(1, "A"), retired(2, "B"), retired(3, "A")) == []
    assert many(retired(1, "A"), retired(2, "B"), retired(3, "P Ltd")) == []


def test_a_detector_without_thresholds_is_off_and_the_others_keep_their_order() -> None:
    acts = (retired(1, "A"), retired(2, "B"), retired(3, "C"))
    deals = (deal(5, "x", "y", 1_000), deal(6, "y", "x", 1_000))
    history = past(*deals, retired=acts)
    wash = {"days": 5, "quantity": 1_000, "net-percent": Fraction(0), "share-percent": Fraction(1)}
    limits = {**dict.fromkeys(DETECTORS), "names": NAMES, "wash": wash}
    assert [found.detector for found in watch(history, limits)] == ["wash", "names"]
    assert watch(history, dict.fromkeys(DETECTORS)) == []


def test_a_digest_is_of_detector_and_evidence_in_any_order() -> None:
    assert digest("wash", [2, 1, 2]) == digest("wash", (1, 2))
    assert digest("wash", [1, 2]) != digest("ring", [1, 2])
