"""Supervision in the story: thresholds, a bar of two days, a halt, a warning, the risk reserve.

Every threshold and share is seeded; none is a rule of any authority.
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.demo.cast import LABEL
from portal.demo.market import DAYS, EXCHANGE, FIRST, REGULATOR, THIRD, VENUE, ruled
from portal.demo.step import Step

STATED = {
    "large-percent": ("10", "percent of a class and vintage, reported above"),
    "large-working-days": ("5", "working days to report a large position"),
    "reserve-percent": ("20", "percent of fees that are set aside"),
}


def oversight() -> Iterator[Step]:
    """From thresholds before the first session to what follows the last one."""
    for name, (value, unit) in STATED.items():
        yield ruled("2026-03-30", f"market.supervision.{name}", "2026-04-01", value, unit)
    last = DAYS[-1]
    stop = {"venue": VENUE, "reason": f"{LABEL}：行情系统检修", "document": _document(1)}
    yield Step(last, "exchange", "venue.halt", stop, EXCHANGE)
    again = {**stop, "reason": f"{LABEL}：检修完毕", "document": _document(2)}
    yield Step(last, "exchange", "venue.resume", again, EXCHANGE)
    told = {"party": FIRST, "text": f"{LABEL}：持仓较为集中，请注意风险", "document": _document(3)}
    yield Step(last, "exchange", "risk.warn", told, EXCHANGE)
    day = {"venue": VENUE, "date": last}
    yield Step(last, "exchange", "reserve.set-aside", day, EXCHANGE)
    spent = {
        "operator": "exchange",
        "receiver": THIRD,
        "amount_fen": 1_00,
        "reason": f"{LABEL}：补偿检修期间的损失",
        "document": _document(4),
    }
    yield Step("2026-04-15", "regulator", "reserve.approve", spent, REGULATOR, "reserve")
    refers = {"approval": "reserve"}
    yield Step("2026-04-15", "exchange", "reserve.spend", {}, EXCHANGE, refers=refers)
    barred = {
        "party": THIRD,
        "since": "2026-04-16",
        "until": "2026-04-17",
        "reason": f"{LABEL}：核查期间限制交易",
        "document": _document(5),
    }
    yield Step("2026-04-15", "regulator", "trading.bar", barred, REGULATOR)


def _document(number: int) -> str:
    return f"{LABEL}监管〔2026〕{number}"
