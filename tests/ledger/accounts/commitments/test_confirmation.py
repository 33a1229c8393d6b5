"""A confirmation lists all that a party held as of a day, and every changed digit shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.commitments import confirmation
from ledger.accounts.commitments.confirmation import Confirmation, check
from ledger.accounts.commitments.queries import AsOf, confirm
from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.log.receipt import Verified, verify_receipt
from ledger.parties.parameters import midnight
from ledger.statements.canonical import encode, parse
from ledger.writer.errors import Refusal
from ledger.writer.store import read_head
from ledger.writer.versions import ROWS_COUNTED
from tests.factories.market import Floor
from tests.factories.scene import HOUR_MS, REGULATORS, Scene, scene

BATCH = "ZJ_FS-R1-2024"
DAY_MS = 24 * HOUR_MS


def pass_day(stage: Scene) -> None:
    stage.clock.time += DAY_MS
    stage.ledger.writer.tick().result(30)


def confirmed(stage: Scene, party: str = "owner", day: str | None = None) -> bytes:
    record = stage.ledger.record
    with record.reading() as connection:
        head = read_head(connection, record.origin)
        assert head is not None
        proof = partial(record.receipt, connection)
        return confirm(connection, head, party, proof, AsOf(day=day)).content


def by(stage: Scene) -> Callable[[bytes, str], Verified]:
    keys = [parse_vkey(stage.ledger.record.vkey)]
    return lambda leaf, receipt: verify_receipt(leaf, receipt, keys)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """900 credits: 100 in transfer, 300 to trading of which 60 listed; the rest available."""
    with scene(tmp_path_factory.mktemp("confirmation") / "home", None) as stage:
        floor = Floor(stage)
        batch = stage.issue(900)
        body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
        stage.do("owner", "credit.transfer", body, "a", "b")
        floor.to_trading("owner", batch, 300)
        floor.pay_in("owner", 123_456)
        floor.pay_in("buyer", 10_000_000)
        floor.list()
        floor.open()
        floor.place(7_000, 60)
        pass_day(stage)
        yield stage


def test_each_account_and_asset_is_listed_with_its_states_apart(held: Scene) -> None:
    made = check(confirmed(held), by(held))
    rows = {(h.account, h.asset): {b: n for b, n in h.units.items() if n} for h in made.holdings}
    assert made.party == "owner"
    assert rows["owner/registry", BATCH] == {"available": 500, "in_transfer": 100}
    # The day's end withdrew what nobody took.
    assert rows["owner/trading", BATCH] == {"available": 300}
    assert rows["owner/trading", "CNY"] == {"available": 123_456}
    assert len(rows) == 3


def test_accounts_of_every_use_are_listed_and_counted(held: Scene) -> None:
    """As the settlement bank's, which holds no units of its own."""
    made = check(confirmed(held, "bank"), by(held))
    assert made.complete
    assert "bank/omnibus" in [h.account for h in made.holdings]


def test_the_rows_of_a_party_stand_side_by_side(held: Scene) -> None:
    value = parse(confirmed(held))
    places = [item["position"] for item in value["items"]]
    assert places == list(range(places[0], places[0] + 4))  # the first counts the others


def test_it_is_as_of_the_last_commitment_of_the_day(tmp_path: Path) -> None:
    with scene(tmp_path / "home", None) as stage:
        stage.issue(900)
        pass_day(stage)  # 2026-01-02, 08:00 in Shanghai
        retired = {"batch": BATCH, "quantity": 5, "purpose": "public-good", "beneficiary": "甲"}
        stage.do("owner", "credit.retire", retired, "a", "b")
        pass_day(stage)
        first = check(confirmed(stage, day="2026-01-02"), by(stage))
        second = check(confirmed(stage, day="2026-01-03"), by(stage))
        newest = check(confirmed(stage), by(stage))
        assert (first.holdings[0].total, second.holdings[0].total) == (900, 895)
        assert (second, first.at[:10]) == (newest, "2026-01-02")
        with pytest.raises(Refusal, match="commitment-missing"):
            confirmed(stage, day="2026-01-01")
        with pytest.raises(Refusal, match="day-not-reached"):
            confirmed(stage, day="2026-01-04")
        with pytest.raises(Refusal, match="holdings-none"):
            confirmed(stage, "buyer")
        with pytest.raises(Refusal, match="party-unknown"):
            confirmed(stage, "nobody")


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    assert midnight("2026-01-01", 1) == 1_767_283_200_000  # 2026-01-01T16:00:00Z


def test_every_digit_that_is_changed_is_noticed(held: Scene) -> None:
    text = confirmed(held).decode()
    check(text.encode(), by(held))
    # The outcome, the leaf and the receipt bind themselves; here every figure of the rows.
    shown = text[: text.index('"leaf"')]
    figures = [match.start() for match in re.finditer(r"(?<=:)[0-9]+(?=[,}])", shown)]
    assert len(figures) >= 18  # five buckets and a position, three times
    for place in figures:
        digit = str((int(text[place]) + 1) % 10)
        forged = text[:place] + digit + text[place + 1 :]
        with pytest.raises(LogError):
            check(forged.encode(), by(held))


def test_a_letter_without_the_row_that_counts_proves_what_it_lists_alone(held: Scene) -> None:
    good = check(confirmed(held), by(held))
    assert (good.complete, len(good.holdings)) == (True, 3)
    value = parse(confirmed(held))
    value["items"] = value["items"][2:]
    cut = check(encode(value), by(held))
    assert (cut.complete, len(cut.holdings)) == (False, 2)


def test_before_rows_were_counted_a_letter_proves_what_it_lists(home: Path) -> None:
    with scene(home, None, ROWS_COUNTED - 1) as stage:
        stage.issue(900)
        pass_day(stage)
        good = check(confirmed(stage), by(stage))
        assert (good.complete, [held.total for held in good.holdings]) == (False, [900])
        body = {"version": ROWS_COUNTED, "release": "r", "document": "d"}
        stage.do("regulator", "engine.activate", body, *REGULATORS)
        pass_day(stage)
        assert check(confirmed(stage), by(stage)).complete
        assert not check(confirmed(stage, day="2026-01-02"), by(stage)).complete


Forge = Callable[[dict[str, Any]], object]


def of_another(value: dict[str, Any]) -> None:
    value["party"] = "buyer"


def swapped(value: dict[str, Any]) -> None:
    value["items"].reverse()


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda value: value["items"].pop(1), "confirmation-gap"),
        (lambda value: value["items"].pop(), "confirmation-short"),
        (swapped, "confirmation-gap"),
        (lambda value: value["items"].append(value["items"][1]), "confirmation-gap"),
        (lambda value: value["items"].append(value["items"][0]), "confirmation-gap"),
        (of_another, "confirmation-party"),
        (lambda value: value.update(items=[]), "certificate-malformed"),
        (lambda value: value.update(items=[1]), "certificate-malformed"),
        (lambda value: value.update(items={}), "certificate-malformed"),
        (lambda value: value.update(more=1), "certificate-malformed"),
        (lambda value: value.update(format="qingzhang.holding/v1"), "certificate-malformed"),
        (lambda value: value.update(party=1), "certificate-malformed"),
        (lambda value: value["items"][0]["row"].update(pledged=True), "certificate-row"),
        (lambda value: value["items"][0].update(path=["x"]), "certificate-malformed"),
        (lambda value: value.update(outcome={}), "certificate-outcome-differs"),
        (lambda value: value.update(leaf="{}"), "root-differs"),
    ],
)
def test_a_forged_confirmation_is_refused(held: Scene, forge: Forge, code: str) -> None:
    value = parse(confirmed(held))
    forge(value)
    with pytest.raises(LogError) as caught:
        check(encode(value), by(held))
    assert caught.value.code == code


def test_what_is_not_json_is_refused(held: Scene) -> None:
    with pytest.raises(LogError, match="certificate-malformed"):
        check(b"{", by(held))


def test_totals_are_the_sum_of_the_states(held: Scene) -> None:
    made: Confirmation = check(confirmed(held), by(held))
    assert [row.total for row in made.holdings if row.asset == BATCH] == [600, 300]
    assert confirmation.accounts("owner") == ("owner/registry", "owner/trading")
