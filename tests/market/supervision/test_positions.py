"""Large-position reports: who is asked, by when, what answers it, and when nobody is."""

from __future__ import annotations

import pytest

from ledger.parties.parameters import midnight
from market.supervision.models import position_check_table
from tests.factories.market import TODAY, TOMORROW, VENUE, Floor
from tests.factories.oversight import duties, limit, refused

BATCH = "ZJ_FS-R1-2024"


@pytest.fixture
def held(floor: Floor) -> Floor:
    """``buyer`` holds 300 of 900, ``third`` 270; nobody has closed yet."""
    floor.prepare()
    listing = floor.place(7_000, 600)
    floor.take(listing, 300)
    floor.take(listing, 270, "third")
    limit(floor, "supervision.large-working-days", "3")
    return floor


def close(floor: Floor, day: str = TODAY) -> None:
    floor.close(day)
    floor.stage.ledger.writer.tick().result(30)


def test_who_holds_more_than_the_share_is_asked_and_the_owner_of_the_issuance_is_not(
    held: Floor,
) -> None:
    limit(held, "supervision.large-percent", "30")  # of 900: more than 270
    close(held)
    (duty,) = duties(held)
    assert (duty["party"], duty["operator"], duty["class"], duty["vintage"]) == (
        "buyer",
        "exchange",
        "ZJ_FS",
        2024,
    )
    assert (duty["held"], duty["living"], duty["state"]) == (300, 900, "open")
    # Thursday, and three working days after it in a year that nobody has stated
    assert (duty["date"], duty["deadline"]) == (TODAY, "2026-01-06")


@pytest.mark.parametrize(("quantity", "asked"), [("269", 2), ("270", 1), ("300", 0)])
def test_a_quantity_is_a_threshold_too(held: Floor, quantity: str, asked: int) -> None:
    limit(held, "supervision.large-quantity", quantity)
    close(held)
    assert len(duties(held)) == asked


def test_nobody_is_asked_where_nothing_is_stated(floor: Floor) -> None:
    floor.prepare()
    floor.take(floor.place(7_000, 600), 600)
    limit(floor, "supervision.large-percent", "1")  # and no time to answer
    close(floor)
    assert floor.stage.rows(position_check_table) == duties(floor) == []


def test_units_count_on_either_account_and_in_any_state(held: Floor) -> None:
    limit(held, "supervision.large-quantity", "280")
    body = {"batch": BATCH, "quantity": 200, "receiver": "third"}
    held.stage.do("owner", "credit.move", {"batch": BATCH, "quantity": 200, "to": "registry"}, "a")
    held.stage.do("owner", "credit.transfer", body, "a", "b")
    close(held)
    assert [row["party"] for row in duties(held)] == ["buyer"]  # offered units are the owner's


def test_a_report_answers_the_duty_once_and_is_the_partys_own(held: Floor) -> None:
    limit(held, "supervision.large-quantity", "280")
    close(held)
    name = duties(held)[0]["duty"]
    body = {"duty": name, "purpose": "自用", "funding": "自有资金"}
    stage = held.stage
    assert stage.refused("third", "position.report", body, "a") == "position-duty-unknown"
    assert refused(held, "exchange", "position.report", body) == "role-not-allowed"
    stage.do("buyer", "position.report", body, "a")
    row = duties(held)[0]
    assert (row["state"], row["purpose"], row["funding"]) == ("reported", "自用", "自有资金")
    assert stage.refused("buyer", "position.report", body, "a") == "position-reported"
    none = {**body, "duty": "none"}
    assert stage.refused("buyer", "position.report", none, "a") == "position-duty-unknown"


def test_a_position_is_asked_again_only_when_it_has_grown(held: Floor) -> None:
    limit(held, "supervision.large-quantity", "280")
    close(held)
    held.next_day()
    held.open(TOMORROW)
    close(held, TOMORROW)
    assert len(duties(held)) == 1  # still open
    body = {"duty": duties(held)[0]["duty"], "purpose": "自用", "funding": "自有资金"}
    held.stage.do("buyer", "position.report", body, "a")
    for day in ("2026-01-05", "2026-01-06"):
        while held.stage.clock.time < midnight(day):
            held.next_day()
        held.open(day)
        if day == "2026-01-06":
            held.take(held.place(7_000, 10), 10)
        close(held, day)
    asked = sorted(duties(held), key=lambda row: str(row["date"]))
    told = [(row["held"], row["state"]) for row in asked]
    assert told == [(300, "reported"), (310, "open")]


def test_the_scheduler_alone_looks_and_once(held: Floor) -> None:
    limit(held, "supervision.large-quantity", "280")
    close(held)
    body = {"venue": VENUE, "date": TODAY}
    assert refused(held, "regulator", "position.check", body) == "role-not-allowed"
    assert [row["state"] for row in held.stage.rows(position_check_table)] == ["done"]
    held.stage.ledger.writer.tick().result(30)
    assert len(duties(held)) == 1


@pytest.mark.parametrize(
    ("code", "value", "refusal"),
    [
        ("supervision.large-percent", "101", "rule-malformed"),
        ("supervision.large-quantity", "0", "rule-malformed"),
        ("supervision.large-working-days", "three", "rule-malformed"),
        ("supervision.reserve-percent", "-1", "rule-malformed"),
        ("supervision.something", "1", "rule-unknown"),
        ("surveillance.wash.days", "0.5", "rule-malformed"),
        ("surveillance.wash.hours", "1", "rule-unknown"),
        ("surveillance.guess.days", "1", "rule-unknown"),
    ],
)
def test_a_threshold_that_nothing_would_read_is_refused(
    floor: Floor, code: str, value: str, refusal: str
) -> None:
    body = {
        "code": f"market.{code}",
        "valid_from": TODAY,
        "value": value,
        "unit": "test",
        "source": "test",
        "confidence": "low",
    }
    assert refused(floor, "regulator", "parameter.set", body) == refusal
