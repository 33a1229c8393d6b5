"""A session that was stored gives the trades that it gave, statement by statement.

``session.ndjson`` holds what was stated: minutes since the last, party, type, body; an order is
spoken of by the line that placed it.  ``session.csv`` holds the trades.  It is played on a ledger
of the engine version at which it was stored, as an audit would.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.writer.versions import INSTRUMENT_NAMED
from market.orders.handlers import order_name
from tests.factories.orders import Pit
from tests.factories.scene import scene

STATEMENTS = Path(__file__).with_name("session.ndjson")
TRADES = Path(__file__).with_name("session.csv")
SIGNERS = {"exchange": ("exchange-1", "exchange-2")}


def play(pit: Pit, lines: list[dict[str, Any]]) -> list[str]:
    """State every line in order; gives what became of each."""
    names: dict[int, str] = {}
    told = []
    for number, line in enumerate(lines):
        pit.later(line["minutes"])
        body = dict(line["body"])
        if "order" in body:
            body["order"] = names[body["order"]]
        party = line["party"]
        written = pit.stage.write(party, line["type"], body, *SIGNERS.get(party, ("a",)))
        reply = pit.stage.ledger.entrance.submit(written.encode())
        told.append(str(reply.answer.get("code", reply.status)))
        if line["type"] == "order.place":
            payload = written.envelope.payload
            names[number] = order_name(party, payload.id, str(written.body["salt"]))
    return told


@pytest.fixture
def pit(home: Path, vacant_database_url: str) -> Iterator[Pit]:
    with scene(home, vacant_database_url, INSTRUMENT_NAMED - 1) as stage:
        floor = Pit(stage)
        floor.set_up()
        yield floor


def test_a_stored_session_gives_the_stored_answers_and_trades(pit: Pit) -> None:
    lines = [json.loads(line) for line in STATEMENTS.read_text("utf-8").splitlines()]
    told = play(pit, lines)
    assert told == [line["answer"] for line in lines]
    with TRADES.open(encoding="utf-8", newline="") as file:
        stored = [(int(price), int(quantity)) for price, quantity in csv.reader(file)]
    assert len(stored) > 50
    assert pit.trades() == stored
