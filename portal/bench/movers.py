"""A ledger for measuring the doors: one enterprise with credits, and its signed moves of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger.statements.ed25519 import load_private
from ledger.writer.clock import SystemClock
from portal.config import Settings, at_home
from portal.demo.cast import Player, demo_key
from portal.house import make_engine
from portal.opening import init_ledger
from portal.signing import compose

ORIGIN = "bench.qingzhang.example/http"
MOVER = "bench-mover"
QUANTITY = 10_000_000
KEY = demo_key(f"{MOVER}/op-1")
_DIGEST = "ab" * 32
_ENGINE = make_engine()


def seeded(home: Path, database_url: str | None) -> Settings:
    """Make a ledger in which the mover holds credits; raises RuntimeError where one is refused."""
    settings = at_home(home, database_url)
    with closing(init_ledger(settings, ORIGIN, SystemClock(), os.urandom)) as ledger:
        officers = [load_private(settings.keys / f"registrar-{n}.pem") for n in (1, 2)]
        for party, type, body, people in _story():
            keys = officers if party == "registrar" else _keys(party)[:people]
            reply = ledger.entrance.submit(_sign(party, type, body, keys))
            if reply.status != "accepted":
                raise RuntimeError(f"seeding: {reply}")
    return settings


def moves(count: int) -> list[bytes]:
    """Signed moves of one credit to the trading account, each with an id of its own."""
    body = {"batch": "ZJ_FS-MR1-2024", "quantity": 1, "to": "trading"}
    return [_sign(MOVER, "credit.move", body, [KEY]) for _ in range(count)]


def _keys(party: str) -> list[Any]:
    return [demo_key(f"{party}/op-{number}") for number in (1, 2)]


def _sign(party: str, type: str, body: dict[str, Any], keys: list[Any]) -> bytes:
    now = int(time.time() * 1000)
    return compose(_ENGINE, ORIGIN, type, party, body, keys, now=now, entropy=os.urandom).encode()


def _story() -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """From admission to issuance."""
    roles = {MOVER: "enterprise", "bench-vvb-a": "verifier", "bench-vvb-b": "verifier"}
    for number, (name, role) in enumerate(roles.items()):
        player = Player(name, f"示范测速{number}", name, "330100", role, number)
        yield "registrar", "party.admit", player.admission(ORIGIN), 2
    document = {"document": "measurement"}
    opinion = {"opinion": "positive", "report_sha256": _DIGEST}
    yield MOVER, "project.submit", {
        "project": "P1",
        "credit_class": "ZJ_FS",
        "name": "示范测速林业碳汇",
        "methodology": "ccer-14-001",
        "region": "330100",
        "site": "plot-1",
        "construction_start": "2016-03-01",
        "crediting_start": "2021-01-01",
        "crediting_end": "2040-12-31",
        "design_sha256": _DIGEST,
    }, 1  # fmt: skip
    yield "bench-vvb-a", "project.validate", {"project": "P1", **opinion}, 2
    yield "registrar", "project.register", {"project": "P1", **document}, 2
    yield MOVER, "report.submit", {
        "report": "MR1",
        "project": "P1",
        "start": "2024-01-01",
        "end": "2024-12-31",
        "claimed": QUANTITY,
        "report_sha256": _DIGEST,
    }, 1  # fmt: skip
    vintages = [{"year": 2024, "quantity": QUANTITY}]
    yield "bench-vvb-b", "report.verify", {"report": "MR1", **opinion, "vintages": vintages}, 2
    registered = {"report": "MR1", "quantity": QUANTITY}
    yield "registrar", "reduction.register", {**registered, **document}, 2
    yield "registrar", "credit.issue", registered, 2
