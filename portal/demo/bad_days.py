"""Bad days in the story: pledges, two courts behind one, a part of a verification withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.demo.cash import BANK
from portal.demo.cast import LABEL
from portal.demo.market import BATCH, FIRST, SELLER, ruled
from portal.demo.step import BOTH, OFFICERS, Step

VALUATION = {
    "days": ("365", "days of trades that make the price of what is pledged"),
    "haircut-percent": ("30", "percent of that price that a lender does not count on"),
}
"""Seeded; no rule of any authority."""


def bad_days() -> Iterator[Step]:
    """A pledge, two freezes over it, a judicial transfer, all let go; fifty replaced; a default."""
    yield from _pledged()
    yield _order("2026-04-15", "court-a", 800, 1)
    moved = {"batch": BATCH, "quantity": 900, "to": "trading"}
    yield Step("2026-04-15", SELLER, "credit.move", moved, ("op-1",), expect="balance-short")
    yield _order("2026-04-16", "court-b", 3_000, 2)
    taken = {"receiver": FIRST, "quantity": 300, **_decision(1, "之一")}
    frozen = {"freeze": "court-a"}
    yield Step("2026-04-20", "registrar", "freeze.execute", taken, OFFICERS, refers=frozen)
    for day, name, number in (("2026-04-21", "court-a", 1), ("2026-04-28", "court-b", 2)):
        lifted = _decision(number, "之二")
        refers = {"freeze": name}
        yield Step(day, "registrar", "freeze.lift", lifted, OFFICERS, refers=refers)
    pledge = {"pledge": "loan"}
    yield Step("2026-04-29", "bank", "pledge.release", {}, BANK, refers=pledge)
    yield from _withdrawn()
    yield from _defaulted()


def _pledged() -> Iterator[Step]:
    for name, (value, unit) in VALUATION.items():
        yield ruled("2026-04-13", f"valuation.ZJ_VER.{name}", "2026-04-13", value, unit)
    outright = {**_loan(1, 200, 8_000_00, "2026-12-31"), "on_default": "forfeiture"}
    void = "pledge-forfeiture-void"
    yield Step("2026-04-13", SELLER, "pledge.propose", outright, BOTH, expect=void)
    yield from _registered("2026-04-13", "loan", 1, 200, 8_000_00, "2026-12-31")


def _defaulted() -> Iterator[Step]:
    """A second loan is not paid back; what was pledged waits to be sold (docs/pledges.md)."""
    yield from _registered("2026-05-06", "unpaid", 2, 100, 5_000_00, "2026-05-20")
    pledge = {"pledge": "unpaid"}
    early = {"document": f"{LABEL}违约通知2026-0"}
    runs = "pledge-term-runs"
    yield Step("2026-05-20", "bank", "pledge.default", early, BANK, refers=pledge, expect=runs)
    notice = {"document": f"{LABEL}违约通知2026-1"}
    yield Step("2026-05-21", "bank", "pledge.default", notice, BANK, refers=pledge)


def _registered(
    day: str, name: str, number: int, quantity: int, secured_fen: int, until: str
) -> Iterator[Step]:
    """A pledge of the first rank, proposed, agreed and registered on one day."""
    body = _loan(number, quantity, secured_fen, until)
    yield Step(day, SELLER, "pledge.propose", body, BOTH, name)
    pledge = {"pledge": name}
    yield Step(day, "bank", "pledge.accept", {}, BANK, refers=pledge)
    stated = {"number": f"{LABEL}质登2026-{number}"}
    yield Step(day, "registrar", "pledge.register", stated, OFFICERS, refers=pledge)


def _loan(number: int, quantity: int, secured_fen: int, until: str) -> dict[str, Any]:
    return {
        "bank": "bank",
        "batch": BATCH,
        "quantity": quantity,
        "contract": f"{LABEL}借字2026-{number}",
        "secured_fen": secured_fen,
        "until": until,
        "rank": 1,
        "on_default": "disposal",
    }


def _withdrawn() -> Iterator[Step]:
    """The verifier takes fifty back, of which the owner is rid by cancelling what was frozen."""
    part = {"report": "DEMO-VER-MR1", "reason": f"{LABEL}一台溶剂计量表停用未扣除"}
    above = {**part, "vintages": [{"year": 2025, "quantity": 6_001}]}
    less = {**part, "vintages": [{"year": 2025, "quantity": 50}]}
    verifier, type = "demo-verifier-b", "report.withdraw-part"
    yield Step("2026-04-30", verifier, type, above, BOTH, expect="withdrawn-above-verified")
    yield Step("2026-04-30", verifier, type, less, BOTH, "less")
    replaced = {"batch": BATCH, "quantity": 50}
    yield Step("2026-05-06", SELLER, "duty.discharge", replaced, BOTH, refers={"duty": "less"})


def _order(day: str, name: str, quantity: int, number: int) -> Step:
    body: dict[str, Any] = {
        "party": SELLER,
        "asset": BATCH,
        "quantity": quantity,
        "until": "2026-10-14",
        **_decision(number),
    }
    return Step(day, "registrar", "freeze.order", body, OFFICERS, name)


def _decision(number: int, part: str = "") -> dict[str, str]:
    return {"authority": f"{LABEL}法院{number}", "document": f"{LABEL}（2026）执{number}号{part}"}
