"""Acts of supervision as tests state them."""

from __future__ import annotations

from typing import Any

from market.stops.models import bar_table
from market.supervision.models import position_duty_table
from tests.factories.market import EXCHANGE, REGULATOR, Floor

WHY = {"reason": "测试", "document": "监〔2026〕1"}
OFFICERS = {"regulator": REGULATOR, "exchange": EXCHANGE}


def state(floor: Floor, author: str, type: str, body: dict[str, Any]) -> str:
    """Say what must be accepted; gives the statement's id."""
    return floor.stage.do(author, type, body, *OFFICERS[author])


def refused(floor: Floor, author: str, type: str, body: dict[str, Any]) -> str:
    """Say what must be refused; gives the code."""
    return floor.stage.refused(author, type, body, *OFFICERS[author])


def bar(floor: Floor, party: str, author: str = "regulator", **more: str) -> str:
    return state(floor, author, "trading.bar", {"party": party, **WHY, **more})


def bars(floor: Floor) -> list[str]:
    """The states of all bars, in the order of their stating."""
    rows = sorted(floor.stage.rows(bar_table), key=lambda row: row["index"])
    return [row["state"] for row in rows]


def limit(floor: Floor, name: str, value: str, valid_from: str = "2025-12-31") -> None:
    """State a threshold of ``market.``."""
    floor.rule(name, value, valid_from)


def duties(floor: Floor) -> list[dict[str, Any]]:
    return floor.stage.rows(position_duty_table)


def finding(entries: list[int], **more: Any) -> dict[str, Any]:
    """The body of finding.open."""
    figures = [{"name": "turned_credits", "value": 200}, {"name": "net_credits", "value": 0}]
    base = {"detector": "wash", "parties": ["buyer", "owner"], "entries": entries}
    return {**base, "figures": figures, **more}
