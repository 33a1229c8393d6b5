"""``qingzhang bench register``: a party with many blocks and many movements, and how it reads them.

The party moves and retires its credits in turn, so that what it holds breaks up into blocks, and
then moves one credit at a time by statements of their own.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, func, select

from ledger.accounts.models import BALANCE, balance_table
from ledger.credits.models import block_table
from ledger.credits.queries import trace
from ledger.writer.store import Rows
from portal.bench.figures import listed, machine
from portal.bench.movers import MOVERS, NAMES, answered, batch_of, keys_of, moves, seeded, signed
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, json_option, tell
from portal.config import Settings
from portal.home.opening import open_ledger, open_record
from portal.proofs.books import as_lines, read_book
from portal.running.collecting import calm

PARTY = NAMES[0]
ACCOUNT = f"{PARTY}/trading"
BATCHES = 10
PAIRS = 500
"""Moves and retirements in turn under one signature: at most 1,000 operations."""
PIECE = 2_000
ROUNDS = 21


def grown(home: Path, database_url: str | None, blocks: int, movements: int) -> Settings:
    """A ledger whose first mover holds so many blocks, and has moved so many times.

    Raises RuntimeError where a statement is not accepted.
    """
    settings = seeded(home, database_url, BATCHES)
    with closing(open_ledger(settings)) as ledger:
        for batch in (batch_of(MOVERS + number) for number in range(BATCHES)):
            for first in range(0, blocks // BATCHES, PAIRS):
                pairs = min(PAIRS, blocks // BATCHES - first)
                answered(ledger.entrance, [ledger.entrance.prepare(_broken_up(batch, pairs))])
        for first in range(0, movements, PIECE):
            said = moves(min(PIECE, movements - first))
            answered(ledger.entrance, [ledger.entrance.prepare(one) for one in said])
    return settings


def _broken_up(batch: str, pairs: int) -> bytes:
    """So many moves of one credit with a retirement after each: none of the blocks meet."""
    retired = {"batch": batch, "quantity": 1, "purpose": "public-good", "beneficiary": "公众"}
    pair = [
        {"type": "credit.move", "body": {"batch": batch, "quantity": 1, "to": "trading"}},
        {"type": "credit.retire", "body": retired},
    ]
    return signed(PARTY, "batch", {"operations": pair * pairs}, keys_of(PARTY))


def reads(connection: Connection, size: int) -> dict[str, Callable[[], Any]]:
    """What is timed, by name: the slowest serial is one in the middle of the last batch."""
    batch = batch_of(MOVERS + BATCHES - 1)
    held = select(func.max(block_table.c.first)).where(
        block_table.c.batch == batch, block_table.c.account == ACCOUNT
    )
    serial = f"{batch}-{connection.execute(held).scalar_one()}"
    rows = select(balance_table).where(balance_table.c.account == ACCOUNT)
    return {
        "balance of a batch": lambda: Rows(connection).row(BALANCE, (ACCOUNT, batch)),
        "balances of an account": lambda: connection.execute(rows).all(),
        "trace of a serial": lambda: trace(connection, serial),
        "book of an account": lambda: sum(
            map(len, as_lines(read_book(connection, size, ACCOUNT, None, None, None)))
        ),
    }


def measure(blocks: int, movements: int, database_url: str | None = None) -> dict[str, Any]:
    """Milliseconds of each read, the median of several; raises RuntimeError as ``grown`` does."""
    with tempfile.TemporaryDirectory(prefix="qz-register-") as folder:
        record = open_record(grown(Path(folder) / "home", database_url, blocks, movements))
        with record.reading() as connection:
            size = record.head(connection).size
            mine = select(func.count()).where(block_table.c.account == ACCOUNT)
            found: dict[str, Any] = {
                "machine": machine(),
                "entries": size,
                "blocks": connection.execute(mine).scalar_one(),
            }
            for name, read in reads(connection, size).items():
                rounds = 3 if name.startswith("book") else ROUNDS
                found[f"{name}, ms"] = _median(read, rounds)
        record.database.dispose()
    return found


def _median(read: Callable[[], Any], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        if not read():
            raise RuntimeError("nothing was read")
        took.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(took), 2)


@click.command("register")
@click.option("--blocks", default=10_000, show_default=True, type=Whole(BATCHES))
@click.option("--movements", default=20_000, show_default=True, type=Whole(1))
@json_option
def COMMAND(blocks: int, movements: int, as_json: bool) -> None:
    """Balance, trace and book of a party with many blocks and movements, in milliseconds."""
    calm()  # as in `serve`, which is asked for such a book
    try:
        found = measure(blocks, movements)
    except RuntimeError as error:
        raise Failed(REFUSED, "bench-failed", {"reason": str(error)}) from error
    lines = listed({**found["machine"], **{k: v for k, v in found.items() if k != "machine"}})
    tell(as_json, found, "\n".join(lines))
