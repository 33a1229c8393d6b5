"""The risk reserve: set aside from fees once a session, spent on approval alone."""

from __future__ import annotations

import pytest

from ledger.accounts.cash.queries import FAULTS, identity
from market.supervision.models import reserve_day_table
from tests.factories.market import EXCHANGE, TODAY, VENUE, Floor
from tests.factories.oversight import WHY, limit, refused, state

DAY = {"venue": VENUE, "date": TODAY}
RESERVE, INCOME = "exchange/risk-reserve", "exchange/income"


@pytest.fixture
def closed(floor: Floor) -> Floor:
    """A session with 770 fen of fees: 0.1 % of 7,000 × 110 from the seller."""
    floor.prepare()
    floor.rule("zhejiang.10.fee-seller-rate", "0.001")
    listing = floor.place(7_000, 300)
    floor.take(listing, 100)
    floor.take(listing, 10, "third")
    floor.close()
    return floor


def approval(amount: int = 100, **more: str) -> dict[str, object]:
    return {
        "operator": "exchange",
        "receiver": "buyer",
        "amount_fen": amount,
        **WHY,
        **more,
    }


def test_the_stated_share_of_a_sessions_fees_is_set_aside_once(closed: Floor) -> None:
    limit(closed, "supervision.reserve-percent", "20.1")
    state(closed, "exchange", "reserve.set-aside", DAY)
    # 20.1 % of 770 are 154.77
    assert closed.held(RESERVE, "CNY") == {"available": 155}
    assert closed.held(INCOME, "CNY") == {"available": 615}
    row = closed.stage.rows(reserve_day_table)[0]
    assert (row["fees_fen"], row["percent"], row["amount_fen"]) == (770, "20.1", 155)
    assert refused(closed, "exchange", "reserve.set-aside", DAY) == "reserve-set-aside"
    with closed.stage.ledger.record.reading() as connection:
        sums = identity(connection)
    assert {name: sums[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)


def test_without_a_stated_share_before_the_close_or_by_another_nothing_is(floor: Floor) -> None:
    floor.prepare()
    assert refused(floor, "exchange", "reserve.set-aside", DAY) == "session-not-closed"
    floor.close()
    assert refused(floor, "exchange", "reserve.set-aside", DAY) == "parameter-not-in-force"
    assert refused(floor, "regulator", "reserve.set-aside", DAY) == "role-not-allowed"
    never = {**DAY, "date": "2025-12-31"}
    assert refused(floor, "exchange", "reserve.set-aside", never) == "trading-session-unknown"
    one = EXCHANGE[0]
    assert floor.stage.refused("exchange", "reserve.set-aside", DAY, one) == "four-eyes"
    limit(floor, "supervision.reserve-percent", "20")
    state(floor, "exchange", "reserve.set-aside", DAY)  # a day without fees is noted too
    assert floor.held(RESERVE, "CNY") == {}


def test_it_is_spent_on_the_regulators_approval_once_and_no_further(closed: Floor) -> None:
    limit(closed, "supervision.reserve-percent", "20")
    state(closed, "exchange", "reserve.set-aside", DAY)
    before = closed.held("buyer/trading", "CNY")["available"]
    name = state(closed, "regulator", "reserve.approve", approval(100))
    too_much = state(closed, "regulator", "reserve.approve", approval(100))
    state(closed, "exchange", "reserve.spend", {"approval": name})
    assert closed.held("buyer/trading", "CNY")["available"] == before + 100
    assert closed.held(RESERVE, "CNY") == {"available": 54}
    again = {"approval": name}
    assert refused(closed, "exchange", "reserve.spend", again) == "approval-spent"
    short = {"approval": too_much}
    assert refused(closed, "exchange", "reserve.spend", short) == "balance-short"
    none = {"approval": "none"}
    assert refused(closed, "exchange", "reserve.spend", none) == "reserve-approval-unknown"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"operator": "buyer"}, "operator-not-exchange"),
        ({"operator": "nobody"}, "party-unknown"),
        ({"receiver": "registrar"}, "account-missing"),
        ({"receiver": "nobody"}, "party-unknown"),
    ],
)
def test_an_approval_names_an_exchange_and_a_receiver_with_an_account(
    closed: Floor, more: dict[str, str], code: str
) -> None:
    assert refused(closed, "regulator", "reserve.approve", approval(**more)) == code


def test_an_exchange_does_not_approve_its_own_spending(closed: Floor) -> None:
    code = refused(closed, "exchange", "reserve.approve", approval())
    assert code == "role-not-allowed"
