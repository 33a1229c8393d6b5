"""The exchange in the story: three trading days in a provincial class, then what is refused.

Prices, quantities and the fee are seeded; nothing here is a market quotation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from market.listings.handlers import listing_name
from portal.demo.cash import (
    other_name,
    paid_in,
    paid_out,
    payout_reference,
    put_right,
    three_faults,
)
from portal.demo.cast import LABEL
from portal.demo.lifecycle import published_and_applied
from portal.demo.step import BOTH, OFFICERS, Step, digest

SELLER = "demo-shaoxing-2"
FIRST, SECOND, THIRD = "demo-wenzhou-1", "demo-jinhua-2", "demo-taizhou-1"
INSTRUMENT, BATCH = "ZJVER", "ZJ_VER-DEMO-VER-MR1-2025"
VENUE = "zhejiang"
EXCHANGE = ("exchange-1", "exchange-2")
REGULATOR = ("regulator-1", "regulator-2")
SEEDED = f"{LABEL}数据，非真实行情或收费 (seeded for the demonstration)"
DEPOSITS = tuple(
    (party, amount, f"{LABEL}入金2026-{place}")
    for place, (party, amount) in enumerate(
        ((FIRST, 80_000_00), (SECOND, 60_000_00), (THIRD, 50_000_00)), 1
    )
)
PAYOUTS = tuple(
    (party, amount, payout_reference(party))
    for party, amount in ((SELLER, 100_000_00), ("exchange", 200_00))
)
HELD_BEFORE_FEN = 300_000_00
"""Cash of the buyers of the year before."""
HELD_FEN = HELD_BEFORE_FEN + sum(amount for _, amount, _ in DEPOSITS)
PUT_RIGHT_FEN = 1_200_00
HELD_AFTER_FEN = HELD_FEN + PUT_RIGHT_FEN - sum(amount for _, amount, _ in PAYOUTS)
"""At the bank when the last day of this venue is closed."""
DAYS = ("2026-04-01", "2026-04-09", "2026-04-10")
QUIET = ("2026-04-02", "2026-04-03", "2026-04-07", "2026-04-08")
"""Sessions without a trade, so that what was bought on the first day may be sold on the next."""


def ruled(day: str, code: str, valid_from: str, value: str, unit: str) -> Step:
    """The regulator states a seeded rule, which is none of any authority."""
    body = {
        "code": code,
        "valid_from": valid_from,
        "value": value,
        "unit": unit,
        "source": SEEDED,
        "confidence": "low",
    }
    return Step(day, "regulator", "parameter.set", body, REGULATOR)


def market() -> Iterator[Step]:
    """From a project of the class ZJ_VER to trades, refusals and a retirement."""
    yield from _issued()
    yield from _opened()
    yield from _first_day(DAYS[0])
    for day in QUIET:
        yield _session(day, "open")
        yield _refused_order(day, FIRST, 62_50, 100, "balance-short")  # five sessions not over
        yield _session(day, "close")
    yield from _second_day(DAYS[1])
    yield from _third_day(DAYS[2])


def _issued() -> Iterator[Step]:
    design = {
        "project": "DEMO-VER-1",
        "credit_class": "ZJ_VER",
        "name": f"{LABEL}绍兴印染定型机余热回收",
        "methodology": "ZJ-VER-DESIGN-PROPOSAL",
        "region": "330600",
        "site": "demo-plant-330603-01",
        "construction_start": "2023-05-08",
        "crediting_start": "2024-01-01",
        "crediting_end": "2033-12-31",
        "design_sha256": digest("DEMO-VER-1 设计文件"),
    }
    report = {
        "report": "DEMO-VER-MR1",
        "project": "DEMO-VER-1",
        "start": "2025-01-01",
        "end": "2025-12-31",
        "claimed": 6_300,
        "report_sha256": digest("DEMO-VER-MR1 核算报告"),
    }
    validated = {"project": "DEMO-VER-1", "report_sha256": digest("DEMO-VER-1 审定报告")}
    verified = {"report": "DEMO-VER-MR1", "report_sha256": digest("DEMO-VER-MR1 核查报告")}
    vintages = [{"year": 2025, "quantity": 6_000}]
    quantity = {"report": "DEMO-VER-MR1", "quantity": 6_000}
    a, b = "demo-verifier-a", "demo-verifier-b"
    positive = {"opinion": "positive"}
    registered = {"project": "DEMO-VER-1", "document": f"{LABEL}登字〔2026〕1"}
    reduced = {**quantity, "document": f"{LABEL}减登〔2026〕1"}
    yield Step("2025-11-19", SELLER, "project.submit", design, ("op-1",))
    yield from published_and_applied(SELLER, FIRST, a, {**validated, **positive})
    yield Step("2025-12-22", a, "project.validate", {**validated, **positive}, BOTH)
    yield Step("2026-01-12", "registrar", "project.register", registered, OFFICERS)
    yield Step("2026-01-19", SELLER, "report.submit", report, ("op-1",))
    notice = {"subject": "report", "name": "DEMO-VER-MR1"}
    yield Step("2026-01-19", SELLER, "notice.open", notice, ("op-1",))
    opinion = {**verified, **positive, "vintages": vintages}
    yield Step("2026-03-02", b, "report.verify", opinion, BOTH)
    yield Step("2026-03-16", "registrar", "reduction.register", reduced, OFFICERS)
    yield Step("2026-03-23", "registrar", "credit.issue", quantity, OFFICERS)


def _opened() -> Iterator[Step]:
    instrument = {
        "instrument": INSTRUMENT,
        "venue": VENUE,
        "name": f"{LABEL}浙江自愿减排量",
        "name_en": "Demonstration: Zhejiang voluntary reduction",
        "credit_class": "ZJ_VER",
        "reference_fen": 62_00,
        "reference_source": SEEDED,
    }
    mirror = {**instrument, "instrument": "MIRROR", "batch": "VCS-0000-MIRROR"}
    yield Step("2026-03-30", "exchange", "instrument.list", instrument, EXCHANGE)
    yield _refused("2026-03-30", "exchange", "instrument.list", mirror, EXCHANGE, "batch-unknown")
    for side in ("buyer", "seller"):
        code = f"market.{INSTRUMENT}.10.fee-{side}-rate"
        yield ruled("2026-03-30", code, "2026-04-01", "0.001", "share of the amount")
    yield from paid_in("2026-03-31", DEPOSITS)
    yield other_name("2026-03-31", FIRST, f"{LABEL}另一企业")
    moved = {"batch": BATCH, "quantity": 5_000, "to": "trading"}
    yield Step("2026-03-31", SELLER, "credit.move", moved, ("op-1",))


def _first_day(day: str) -> Iterator[Step]:
    yield from three_faults("2026-03-31", DEPOSITS, HELD_FEN)
    yield _session(day, "open")
    yield _place(day, SELLER, "a", 61_50, 1_200)
    yield _place(day, SELLER, "b", 62_00, 1_500)
    yield _place(day, SELLER, "c", 62_40, 800)
    yield _take(day, FIRST, "a", 700)
    yield _take(day, SECOND, "a", 500)
    yield _take(day, THIRD, "b", 400)
    yield _take(day, FIRST, "b", 300)
    yield _refused_order(day, SELLER, 68_21, 100, "price-outside-band")
    yield _refused_order(day, SELLER, 62_00, 100_000, "quantity-too-large")
    yield _refused_order(
        day, FIRST, 62_50, 100, "balance-short"
    )  # bought today: not before five sessions
    yield _refused_take(day, SELLER, "b", 10, "self-trade")
    yield Step(day, SELLER, "listing.withdraw", {"listing": _name("c")}, ("op-1",))
    yield _session(day, "close")
    yield _refused_take(day, SECOND, "b", 10, "listing-closed")
    yield _refused_order(day, SELLER, 62_00, 10, "session-closed")


def _second_day(day: str) -> Iterator[Step]:
    yield _session(day, "open")
    yield _place(day, FIRST, "d", 62_60, 600)
    yield _place(day, SECOND, "e", 62_80, 500)
    yield _take(day, THIRD, "d", 200)
    yield _take(day, SELLER, "d", 100)
    yield _refused_take(day, "demo-moonlighter", "d", 1, "staff-may-not-trade")
    yield _refused_take(day, "demo-huzhou-1", "d", 10, "balance-short")  # no cash was paid in
    refused = {"listing": _name("e"), "quantity": 1}
    yield _refused(day, "regulator", "listing.take", refused, REGULATOR[:1], "role-not-allowed")
    standing = {"party": SECOND, "document": f"{LABEL}暂停〔2026〕1"}
    yield Step(day, "regulator", "party.suspend", standing, REGULATOR)
    yield _refused_take(day, THIRD, "e", 10, "listing-closed")
    yield _session(day, "close")
    lifted = {**standing, "document": f"{LABEL}恢复〔2026〕1"}
    yield Step(day, "regulator", "party.reinstate", lifted, REGULATOR)


def _third_day(day: str) -> Iterator[Step]:
    yield _session(day, "open")
    yield _place(day, SECOND, "f", 62_50, 500)
    yield _take(day, THIRD, "f", 100)
    yield _take(day, FIRST, "f", 150)
    yield _session(day, "close")
    moved = {"batch": BATCH, "quantity": 400, "to": "registry"}
    yield Step("2026-04-13", THIRD, "credit.move", moved, ("op-1",))
    retired = {
        "batch": BATCH,
        "quantity": 350,
        "purpose": "corporate-offset",
        "beneficiary": f"{LABEL}企业台州1号 2025 年度运营",
    }
    yield Step("2026-04-14", THIRD, "credit.retire", retired, BOTH)
    for party, amount, _ in PAYOUTS:
        yield from paid_out("2026-04-15", party, amount)
    yield from put_right("2026-04-15", THIRD, 12_000_00, PUT_RIGHT_FEN, PAYOUTS, HELD_FEN)


def _session(day: str, act: str) -> Step:
    body = {"venue": VENUE, "date": day}
    return Step(day, "exchange", f"session.{act}", body, EXCHANGE)


def _salt(name: str) -> str:
    """The salt of a seeded listing, so that the story can name what is taken."""
    return hashlib.sha256(f"{LABEL} listing {name}".encode()).hexdigest()[:32]


def _name(name: str) -> str:
    return listing_name(_salt(name))


def _order(price_fen: int, quantity: int) -> dict[str, Any]:
    return {"instrument": INSTRUMENT, "price_fen": price_fen, "quantity": quantity}


def _place(day: str, party: str, name: str, price_fen: int, quantity: int) -> Step:
    body = {**_order(price_fen, quantity), "salt": _salt(name)}
    return Step(day, party, "listing.place", body, ("op-1",))


def _take(day: str, party: str, name: str, quantity: int) -> Step:
    body = {"listing": _name(name), "quantity": quantity}
    return Step(day, party, "listing.take", body, ("op-1",))


def _refused_order(day: str, party: str, price_fen: int, quantity: int, code: str) -> Step:
    return _refused(day, party, "listing.place", _order(price_fen, quantity), ("op-1",), code)


def _refused_take(day: str, party: str, name: str, quantity: int, code: str) -> Step:
    body = {"listing": _name(name), "quantity": quantity}
    return _refused(day, party, "listing.take", body, ("op-1",), code)


def _refused(
    day: str, party: str, type: str, body: dict[str, Any], signers: tuple[str, ...], code: str
) -> Step:
    return Step(day, party, type, body, signers, expect=code)
