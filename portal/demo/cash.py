"""Cash in the story: own accounts, deposits, a bank's file with three faults, payouts.

And a wrong amount that the bank stated, found by its own file and put right (冲正).  Names of
banks, numbers and references are seeded; the faults are planted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from ledger.accounts.cash.accounts import number_digest
from portal.demo.cast import LABEL, enterprises
from portal.demo.step import BOTH, Step, digest

BANK, EXCHANGE = ("bank-1", "bank-2"), ("exchange-1", "exchange-2")
NAMES = {player.party: player.name for player in enterprises()} | {"exchange": "交易机构"}
VENUE_DAY = "2026-04-01"
Deposits = tuple[tuple[str, int, str], ...]
"""Party, fen, and the bank's reference."""


def paid_in(day: str, deposits: Deposits) -> Iterator[Step]:
    """Each party registers its account, the bank confirms it and credits what came from it."""
    for party, amount, reference in deposits:
        yield from _account(day, party)
        yield deposited(day, party, amount, reference)


def deposited(day: str, party: str, amount_fen: int, reference: str) -> Step:
    """What came from an account that is registered and confirmed already."""
    paid = {"party": party, "amount_fen": amount_fen, "reference": reference}
    refers = {"account": f"account-{party}"}
    return Step(day, "bank", "cash.deposit", {**paid, "payer": NAMES[party]}, BANK, refers=refers)


def other_name(day: str, party: str, payer: str) -> Step:
    """Cash that somebody else sent is refused."""
    body = {"party": party, "amount_fen": 1_000_00, "reference": f"{LABEL}他人来款", "payer": payer}
    refers = {"account": f"account-{party}"}
    return Step(day, "bank", "cash.deposit", body, BANK, refers=refers, expect="payer-other-name")


def reconciled(day: str, deposits: Deposits, closing_fen: int) -> Step:
    """The bank's file of a day as it should be."""
    return _file(day, [_row(*deposit) for deposit in deposits], closing_fen)


def three_faults(day: str, deposits: Deposits, closing_fen: int) -> Iterator[Step]:
    """A row doubled, one left out, one a fen short; the session waits until each is explained."""
    first, _, third = deposits
    party, amount, reference = third
    rows = [_row(*first), _row(*first), _row(party, amount - 1, reference)]
    yield _file(day, rows, closing_fen)
    opening = {"venue": "zhejiang", "date": VENUE_DAY}
    refused = "cash-not-reconciled"
    yield Step(VENUE_DAY, "exchange", "session.open", opening, EXCHANGE, expect=refused)
    grounds = ("银行重复列示一笔，已更正", "银行手续费误扣一分，已冲回", "银行漏列一笔，已补列")
    for number, ground in enumerate(grounds, 1):
        body = {
            "date": day,
            "number": number,
            "ground": f"{LABEL}：{ground}",
            "document": f"{LABEL}对账说明〔2026〕{number}",
        }
        yield Step(VENUE_DAY, "exchange", "cash.explain", body, EXCHANGE)


def paid_out(day: str, party: str, amount_fen: int) -> Iterator[Step]:
    """To an account that is new: a trader's cash, or the exchange's income."""
    yield from _account(day, party)
    name = f"payout-{party}"
    account = {"account": f"account-{party}"}
    body = {"amount_fen": amount_fen}
    yield Step(day, party, "cash.request-payout", body, _people(party), name, account)
    payout = {"payout": name}
    yield Step(day, "bank", "cash.payout-sent", {}, BANK, refers=payout)
    paid = {"reference": payout_reference(party)}
    yield Step(day, "bank", "cash.payout-paid", paid, BANK, refers=payout)


def payout_reference(party: str) -> str:
    """The bank's reference of what it paid out to a party."""
    return f"{LABEL}出金-{party}"


def put_right(
    day: str, party: str, stated_fen: int, amount_fen: int, payouts: Deposits, before_fen: int
) -> Iterator[Step]:
    """The bank credits a party with too much; its file differs, it corrects, the next file agrees.

    ``payouts`` are what else moved that day, and ``before_fen`` the bank's balance before it.
    """
    following = f"{day[:-2]}{int(day[-2:]) + 1:02d}"
    reference = f"{LABEL}入金2026-更正"
    yield deposited(day, party, stated_fen, reference)
    closing_fen = before_fen + amount_fen - sum(amount for _, amount, _ in payouts)
    rows = [*(_row(*payout, direction="out") for payout in payouts),
            _row(party, amount_fen, reference)]  # fmt: skip
    yield _file(day, rows, closing_fen)
    right = {"reference": reference, "amount_fen": amount_fen}
    document = f"{LABEL}更正通知〔2026〕1"
    yield Step(following, "bank", "cash.correct", {**right, "document": document}, BANK)
    why = {"ground": f"{LABEL}：入账金额误录，已冲正", "document": document}
    yield Step(following, "exchange", "cash.explain", {"date": day, "number": 1, **why}, EXCHANGE)
    yield _file(following, [], closing_fen)


def _account(day: str, party: str) -> Iterator[Step]:
    number, salt = _number(party), hashlib.sha256(f"{LABEL} salt {party}".encode()).hexdigest()[:32]
    body = {
        "holder": NAMES[party],
        "bank_name": f"{LABEL}银行",
        "tail": number[-4:],
        "number_sha256": number_digest(number, salt),
        "number_salt": salt,
    }
    name = f"account-{party}"
    yield Step(day, party, "cash.register-account", body, _people(party), name)
    confirmed = {"holder": NAMES[party]}
    refers = {"account": name}
    yield Step(day, "bank", "cash.confirm-account", confirmed, BANK, refers=refers)


def _people(party: str) -> tuple[str, ...]:
    return EXCHANGE if party == "exchange" else BOTH


def _number(party: str) -> str:
    """A number that no bank gives: nineteen digits after the party's name."""
    return "99" + str(int(digest(f"account {party}")[:14], 16))[:15].zfill(17)


def _row(party: str, amount: int, reference: str, *, direction: str = "in") -> dict[str, Any]:
    tail = _number(party)[-4:]
    return {"reference": reference, "direction": direction, "amount_fen": amount, "tail": tail}


def _file(day: str, rows: list[dict[str, Any]], closing_fen: int) -> Step:
    body = {
        "operator": "exchange",
        "date": day,
        "file_sha256": digest(f"银行流水 {day}"),
        "closing_fen": closing_fen,
        "rows": rows,
    }
    return Step(day, "bank", "cash.reconcile", body, BANK)
