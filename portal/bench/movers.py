"""A ledger for measuring: enterprises with credits, and their signed moves of them.

A move is a transfer between two accounts: one credit from a party's registry account to its
trading account.  All moves of one mover meet on one account; those of many are spread out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.statements.ed25519 import load_private
from ledger.writer.clock import SystemClock
from ledger.writer.writer import Pending
from portal.config import Settings, at_home
from portal.demo.cast import Player, demo_key
from portal.home.opening import init_ledger
from portal.home.submit import Entrance, wait
from portal.house import make_engine
from portal.statements.signing import compose

ORIGIN = "bench.qingzhang.example"
MOVERS = 32
QUANTITY = 10_000_000
NAMES = tuple(f"bench-mover-{number}" for number in range(MOVERS))
KEYS = tuple(demo_key(f"{name}/op-1") for name in NAMES)
KEY = KEYS[0]
_DIGEST = "ab" * 32
_ENGINE = make_engine()


def seeded(home: Path, database_url: str | None, more: int = 0) -> Settings:
    """Make a ledger in which each mover holds a batch, and the first of them so many more.

    Raises RuntimeError where a statement is refused.
    """
    settings = at_home(home, database_url)
    with closing(init_ledger(settings, ORIGIN, SystemClock(), os.urandom)) as ledger:
        officers = [load_private(settings.keys / f"registrar-{n}.pem") for n in (1, 2)]
        said = []
        for party, type, body, people in _story(more):
            keys = officers if party == "registrar" else keys_of(party)[:people]
            said.append(ledger.entrance.prepare(signed(party, type, body, keys)))
            if type == "party.admit":  # its keys must be on record before they are looked up
                answered(ledger.entrance, said)
                said = []
        answered(ledger.entrance, said)
    return settings


def answered(entrance: Entrance, items: Sequence[Pending]) -> None:
    """Queue statements and wait for all; raises RuntimeError where one is not accepted."""
    for future in entrance.queue(items):
        reply = wait(future)
        if reply.status != "accepted":
            raise RuntimeError(f"{reply.status}: {reply.answer}")


def moves(count: int, movers: int = 1) -> list[bytes]:
    """Signed moves of one credit, each with an id of its own, by so many movers in turn."""
    return [signed(*_move(number % movers), [KEYS[number % movers]]) for number in range(count)]


def batches(count: int, operations: int, movers: int = 1) -> list[bytes]:
    """The same with so many moves under one signature, by one mover after the other."""
    made = []
    for number in range(count):
        name, type, body = _move(number % movers)
        acts = [{"type": type, "body": body}] * operations
        made.append(signed(name, "batch", {"operations": acts}, [KEYS[number % movers]]))
    return made


def _move(mover: int) -> tuple[str, str, dict[str, Any]]:
    return NAMES[mover], "credit.move", {"batch": batch_of(mover), "quantity": 1, "to": "trading"}


def batch_of(number: int) -> str:
    """The batch of a mover; the numbers beyond are those of the first one."""
    return f"ZJ_FS-MR{number}-2024"


def keys_of(party: str) -> list[Any]:
    """The keys of a party's two people."""
    return [demo_key(f"{party}/op-{number}") for number in (1, 2)]


def signed(party: str, type: str, body: dict[str, Any], keys: list[Any]) -> bytes:
    """One statement of a party, as it is sent."""
    now = int(time.time() * 1000)
    return compose(_ENGINE, ORIGIN, type, party, body, keys, now=now, entropy=os.urandom).encode()


def _story(more: int) -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """From admissions to issuance for each mover."""
    verifiers = {"bench-vvb-a": "verifier", "bench-vvb-b": "verifier"}
    roles = {**verifiers, **dict.fromkeys(NAMES, "enterprise")}
    for number, (name, role) in enumerate(roles.items()):
        player = Player(name, f"示范测速{number}", name, "330100", role, number)
        yield "registrar", "party.admit", player.admission(ORIGIN), 2
    for number in range(MOVERS + more):
        yield from _credits(NAMES[number] if number < MOVERS else NAMES[0], number)


def _opinion(subject: str, name: str) -> dict[str, Any]:
    """A positive opinion by a paper of its own."""
    paper = sha256(f"opinion on {name}".encode()).hexdigest()
    return {subject: name, "opinion": "positive", "report_sha256": paper}


def _credits(owner: str, number: int) -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """One project, from its design to the credits."""
    project, report = f"P{number}", f"MR{number}"
    document = {"document": "measurement"}
    yield owner, "project.submit", {
        "project": project,
        "credit_class": "ZJ_FS",
        "name": f"示范测速林业碳汇{number}",
        "methodology": "CCER-14-001-V01",
        "region": "330100",
        "site": f"plot-{number}",
        "construction_start": "2016-03-01",
        "crediting_start": "2021-01-01",
        "crediting_end": "2040-12-31",
        "design_sha256": _DIGEST,
    }, 1  # fmt: skip
    yield "bench-vvb-a", "project.validate", _opinion("project", project), 2
    yield "registrar", "project.register", {"project": project, **document}, 2
    yield owner, "report.submit", {
        "report": report,
        "project": project,
        "start": "2024-01-01",
        "end": "2024-12-31",
        "claimed": QUANTITY,
        "report_sha256": sha256(report.encode()).hexdigest(),
    }, 1  # fmt: skip
    vintages = [{"year": 2024, "quantity": QUANTITY}]
    yield "bench-vvb-b", "report.verify", {**_opinion("report", report), "vintages": vintages}, 2
    registered = {"report": report, "quantity": QUANTITY}
    yield "registrar", "reduction.register", {**registered, **document}, 2
    yield "registrar", "credit.issue", registered, 2
