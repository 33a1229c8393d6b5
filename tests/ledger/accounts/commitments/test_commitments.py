"""Commitments fall due, bind every balance, and certify one of them offline."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from ledger.accounts.commitments.certificate import Holding, check
from ledger.accounts.commitments.models import commitment_table
from ledger.accounts.commitments.queries import AsOf, prove_holding
from ledger.accounts.models import balance_table
from ledger.log.errors import LogError
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.note import Verifier, parse_vkey
from ledger.log.receipt import Verified, verify_receipt
from ledger.parties.authority import public_key
from ledger.statements.canonical import encode, parse
from ledger.statements.instants import format_instant
from ledger.writer.audit import audit
from ledger.writer.errors import IntegrityFault, Refusal
from ledger.writer.store import read_head
from tests.factories.cash import deposit
from tests.factories.scene import HOUR_MS, ORIGIN, Scene

BATCH = "ZJ_FS-R1-2024"
DAY_MS = 24 * HOUR_MS  # the seed of commit-every-hours


@pytest.fixture
def issued(stage: Scene) -> Scene:
    """The owner holds 900 credits, 100 of them in transfer; the buyer 5 fen."""
    stage.issue(900)
    stage.do(
        "owner",
        "credit.transfer",
        {"batch": BATCH, "quantity": 100, "receiver": "buyer"},
        "a",
        "b",
    )
    deposit(stage, "buyer", 5)
    return stage


def pass_time(stage: Scene, ms: int = DAY_MS) -> None:
    stage.clock.time += ms
    stage.ledger.writer.tick().result(30)


def certify(
    stage: Scene,
    account: str = "owner/registry",
    asset: str = BATCH,
    size: int | None = None,
    day: str | None = None,
) -> bytes:
    record = stage.ledger.record
    with record.reading() as connection:
        head = read_head(connection, record.origin)
        assert head is not None
        made = prove_holding(
            connection,
            head,
            account,
            asset,
            lambda index: record.receipt(connection, index),
            AsOf(size, day),
        )
    assert (made.size, format_instant(made.at)) == of_leaf(stage, made.content)
    return made.content


def of_leaf(stage: Scene, packet: bytes) -> tuple[int, str]:
    """Log size and time of the commitment that a packet itself proves."""
    good = proved(stage, packet)
    return good.size, good.at


def by(vkey: str) -> Callable[[bytes, str], Verified]:
    keys: list[Verifier] = [parse_vkey(vkey)]
    return lambda leaf, receipt: verify_receipt(leaf, receipt, keys)


def proved(stage: Scene, data: bytes) -> Holding:
    return check(data, by(stage.ledger.record.vkey))


def test_genesis_begins_with_an_empty_tree(stage: Scene) -> None:
    (row,) = stage.rows(commitment_table)
    assert (row["index"], row["rows"], row["root"]) == (0, 0, EMPTY_ROOT.hex())
    assert row["next_at"] == row["at"] + DAY_MS


def test_a_commitment_falls_due_after_its_period_and_not_before(issued: Scene) -> None:
    pass_time(issued, DAY_MS - 1)
    assert len(issued.rows(commitment_table)) == 1
    pass_time(issued, 1)
    first, second = issued.rows(commitment_table)
    assert (first["state"], second["state"]) == ("past", "newest")
    # owner's credits, the contra account of issuance, buyer's cash and the bank's omnibus; and a
    # count each of the three who are parties
    assert second["rows"] == 4 + 3


def test_one_commitment_follows_a_long_silence(issued: Scene) -> None:
    pass_time(issued, 30 * DAY_MS)
    assert len(issued.rows(commitment_table)) == 2


def test_nobody_but_the_scheduler_commits_and_never_early(issued: Scene) -> None:
    assert issued.refused("owner", "state.commit", {}, "a") == "role-not-allowed"
    assert issued.refused("scheduler", "state.commit", {}, "scheduler") == "not-due"


def test_a_certificate_says_what_was_held_as_of_a_size(issued: Scene) -> None:
    pass_time(issued)
    holding = proved(issued, certify(issued))
    assert (holding.account, holding.asset) == ("owner/registry", BATCH)
    assert dict(holding.units) == {
        "available": 800,
        "frozen": 0,
        "bought": 0,
        "in_transfer": 100,
        "pledged": 0,
    }
    assert holding.size == issued.rows(commitment_table)[-1]["index"]
    assert holding.signers == (ORIGIN,)
    assert dict(proved(issued, certify(issued, "buyer/trading", "CNY")).units)["available"] == 5


def test_a_certificate_of_the_past_holds_though_everything_has_moved_since(
    issued: Scene,
) -> None:
    pass_time(issued)
    then = issued.rows(commitment_table)[-1]["index"]
    retirement = {
        "batch": BATCH,
        "quantity": 800,
        "purpose": "public-good",
        "beneficiary": "公众",
    }
    issued.do("owner", "credit.retire", retirement, "a", "b")
    assert proved(issued, certify(issued)).units["available"] == 800
    pass_time(issued)
    assert proved(issued, certify(issued)).units["available"] == 0
    past = proved(issued, certify(issued, size=then))
    assert (past.size, past.units["available"]) == (then, 800)


def test_what_was_not_held_or_not_yet_committed_is_refused(issued: Scene) -> None:
    # Genesis and the first commitment's due are a day apart: 2026-01-02, 08:00 in Shanghai.
    assert refusal(issued) == ("commitment-missing", {"next_at": "2026-01-02T00:00:00.000Z"})
    pass_time(issued)
    made = issued.rows(commitment_table)[-1]["index"]
    told = {"as_of_size": made, "at": "2026-01-02T00:00:00.000Z", "day": "2026-01-02"}
    nothing = {"account": "buyer/registry", "asset": BATCH, **told}
    assert refusal(issued, "buyer/registry") == ("holding-unknown", nothing)
    missing = "commitment-missing"
    assert refusal(issued, size=1) == (missing, {"size": 1, "nearest": told})
    day = "2026-01-01"
    assert refusal(issued, day=day) == (missing, {"as_of": day, "nearest": told})


@pytest.mark.parametrize("account", ["nobody/registry", "owner/other", "owner", ""])
def test_an_account_that_nobody_has_is_told_apart_from_an_empty_one(
    issued: Scene, account: str
) -> None:
    pass_time(issued)
    assert refusal(issued, account) == ("account-unknown", {"key": account})


def test_what_the_record_has_not_reached_is_refused(issued: Scene) -> None:
    pass_time(issued)
    with issued.ledger.record.reading() as connection:
        size = issued.ledger.record.head(connection).size
    beyond = {"size": size, "asked": size + 1}
    assert refusal(issued, size=size + 1) == ("size-beyond-head", beyond)
    later = {"field": "as_of", "asked": "2026-01-03", "today": "2026-01-02"}
    assert refusal(issued, day="2026-01-03") == ("day-not-reached", later)


def test_a_day_takes_the_last_commitment_before_its_end_in_shanghai(issued: Scene) -> None:
    pass_time(issued)  # 2026-01-02, 08:00
    pass_time(issued, DAY_MS + 15 * HOUR_MS + HOUR_MS - 1)  # 2026-01-03, 23:59:59.999
    pass_time(issued, DAY_MS + 1)  # 2026-01-05, 00:00: of the 5th and no more of the 4th
    first, second, third = [row["index"] for row in issued.rows(commitment_table)[1:]]
    days = [f"2026-01-{number:02d}" for number in (2, 3, 4, 5)]
    found = [of_leaf(issued, certify(issued, day=day))[0] for day in days]
    assert found == [first, second, second, third]


def refusal(stage: Scene, *about: Any, **asked: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        certify(stage, *about, **asked)
    return caught.value.code, caught.value.params


def test_every_digit_of_a_certificate_that_is_changed_is_noticed(issued: Scene) -> None:
    pass_time(issued)
    text = certify(issued).decode()
    figures = [match.start() for match in re.finditer(r"(?<=:)[0-9]+(?=[,}])", text)]
    assert len(figures) >= 6  # five buckets and a position
    for place in figures:
        digit = str((int(text[place]) + 1) % 10)
        with pytest.raises(LogError):
            proved(issued, (text[:place] + digit + text[place + 1 :]).encode())


def test_balances_that_do_not_lead_to_the_root_are_a_fault(issued: Scene) -> None:
    pass_time(issued)
    table = balance_table
    wrong = update(table).where(table.c.account == "owner/registry").values(available=801)
    with issued.ledger.record.database.begin() as connection:
        connection.execute(wrong)
    with pytest.raises(IntegrityFault, match="commitment-differs"):
        certify(issued)


def change(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def make(value: dict[str, Any]) -> None:
        *inner, last = path
        for name in inner:
            value = value[name]
        value[last] = to

    return make


def recommit(field: str, step: int) -> Callable[[dict[str, Any]], None]:
    def make(value: dict[str, Any]) -> None:
        for _, row in value["outcome"]["public"]["changes"]["rows"]:
            row[field] = row[field] + step

    return make


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (change("row", "available", to=801), "root-differs"),
        (change("row", "account", to="buyer/registry"), "root-differs"),
        (change("row", "salt", to="0" * 32), "root-differs"),
        (change("row", "available", to=True), "certificate-row"),
        (change("row", "account", to=1), "certificate-row"),
        (change("row", to={}), "certificate-row"),
        (change("position", to=0), "proof-too-short"),
        (change("position", to=7), "index-outside-tree"),
        (change("position", to="1"), "certificate-malformed"),
        (change("path", to=[]), "proof-too-short"),
        (change("path", to=["x"]), "certificate-malformed"),
        (change("path", to=["", ""]), "hash-size"),
        (recommit("rows", 1), "certificate-outcome-differs"),
        (recommit("index", 1), "certificate-outcome-differs"),
        (change("outcome", to={}), "certificate-outcome-differs"),
        (change("leaf", to="{}"), "root-differs"),
        (change("format", to="other"), "certificate-malformed"),
        (change("more", to=1), "certificate-malformed"),
        (change("receipt", to="x"), "receipt-header"),
    ],
)
def test_a_forged_certificate_is_refused(
    issued: Scene, forge: Callable[[dict[str, Any]], None], code: str
) -> None:
    pass_time(issued)
    value = parse(certify(issued))
    # @issued, and each of bank, buyer and owner with a count before its row
    assert value["position"] == 6
    forge(value)
    with pytest.raises(LogError) as refused:
        proved(issued, encode(value))
    assert refused.value.code == code


def test_another_entrys_receipt_and_anothers_key_prove_nothing(issued: Scene) -> None:
    pass_time(issued)
    data = certify(issued)
    record = issued.ledger.record
    with record.reading() as connection:
        entry, receipt = record.entry(connection, 1), record.receipt(connection, 1)
    assert entry is not None
    value = {**parse(data), "leaf": entry.leaf.decode(), "receipt": receipt}
    with pytest.raises(LogError, match="certificate-outcome-differs"):
        proved(issued, encode(value))
    stranger = Verifier(ORIGIN, base64.b64decode("A" * 43 + "=")).vkey
    with pytest.raises(LogError):
        check(data, by(stranger))
    for text in (b"", b"[]", b"{", b'{"format":"qingzhang.holding/v1"}'):
        with pytest.raises(LogError, match="certificate-malformed"):
            proved(issued, text)


def test_both_audits_hold_and_the_public_sees_the_root_and_no_balance(issued: Scene) -> None:
    pass_time(issued)
    record = issued.ledger.record
    for supervisor in (True, False):
        with record.reading() as connection:
            engine = issued.ledger.engine
            report = audit(
                connection, engine, ORIGIN, record.vkey, public_key, supervisor=supervisor
            )
        assert report.faults == []
    with record.reading() as connection:
        entry = record.entry(connection, issued.rows(commitment_table)[-1]["index"])
    assert entry is not None
    assert issued.rows(commitment_table)[-1]["root"].encode() in entry.outcome
    assert b"owner" not in entry.leaf + entry.outcome
