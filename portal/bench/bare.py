"""The baselines bare: no server before them, no signature checked.

(a) is one SQL function a transfer, called by PostgreSQL's own pgbench from 32 connections; (b) is
a Python transaction a transfer, with row locks, from as many.  Afterwards the tables are counted:
a baseline that did not commit what it claims ends the measurement.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from ledger.statements.envelope import parse_submission
from portal.bench.figures import Row, row
from portal.bench.plain import ACCOUNTS, SCHEMA, Transfer, by_transaction
from portal.bench.postgres import Server

CONNECTIONS, PROCESSES = 32, 2
BODY_BYTES, SIGNATURE_BYTES = 220, 64
TABLES = {"instruction": 1, "idempotency": 1, "posting": 2, "event": 1}
"""Rows that one transfer leaves in each table."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_DONE = re.compile(
    r"number of transactions actually processed: (\d+)\b.*"
    r"^tps = (\d+)\.\d+ \(without initial connection time\)",
    re.DOTALL | re.MULTILINE,
)
_TOTAL = "SELECT count(*), (SELECT sum(balance) FROM account) FROM {}"


class Bare:
    """Runs baselines, each in a fresh database of a server."""

    def __init__(self, server: Server, name: str = "plain") -> None:
        self._server = server
        self._name = name
        self._count = 0

    def by_function(self, seconds: int, hot: bool, script: str | None = None) -> Row:
        """(a); raises RuntimeError where pgbench fails or rows are missing."""
        address = self._fresh()
        debit = "1" if hot else f"random(1, {ACCOUNTS // 2})"
        text = script or _script(debit)
        with tempfile.TemporaryDirectory(prefix="qz-bare-") as folder:
            file = Path(folder) / "transfer.sql"
            file.write_text(text)
            command = [
                str(self._server.binaries / "pgbench"),
                *("-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds)),
                *("-l", "--log-prefix", f"{folder}/log", "-f", str(file)),
                *("-h", str(self._server.sockets), "-U", "postgres", self._database),
            ]
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=seconds + 60
            )
            found = _DONE.search(done.stdout)
            if done.returncode or found is None:
                raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
            waits = [
                int(line.split()[2]) / 1_000_000
                for log in Path(folder).glob("log*")
                for line in log.read_text().splitlines()
            ]
        counted(address, int(found[1]))
        return row(
            f"(a) SQL function{_where(hot)}", 1, waits, int(found[1]) / max(1, int(found[2]))
        )

    def by_transaction(
        self, seconds: int, hot: bool, said: Sequence[bytes], transfer: Transfer = by_transaction
    ) -> Row:
        """(b), of statements that are read beforehand; raises RuntimeError where rows are missing.

        ``transfer`` must be importable by name: other processes call it.
        """
        address = self._fresh()
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
            work = [
                (address, transfer, said[n::PROCESSES], CONNECTIONS // PROCESSES, seconds, hot)
                for n in range(PROCESSES)
            ]
            parts = pool.starmap(_process, work, chunksize=1)
        waits = [wait for part, _, _ in parts for wait in part]
        took = max(part[2] for part in parts) - min(part[1] for part in parts)
        counted(address, len(waits))
        return row(f"(b) Python transaction{_where(hot)}", 1, waits, took)

    @property
    def _database(self) -> str:
        return f"{self._name}{self._count}"

    def _fresh(self) -> str:
        """A new database with the baseline's tables; raises RuntimeError where not durable."""
        self._count += 1
        host = f"host={self._server.sockets} user=postgres dbname="
        name = self._database
        with psycopg.connect(f"{host}postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(f"{host}{name}", autocommit=True) as connection:
            for setting, wanted in DURABLE.items():
                (held,) = connection.execute(f"SHOW {setting}").fetchall()[0]
                if held != wanted:
                    raise RuntimeError(f"not durable: {setting} is {held}")
            connection.execute(SCHEMA)
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        return f"{host}{name}"


def counted(address: str, transfers: int) -> None:
    """Raise RuntimeError where the tables do not hold what so many transfers leave behind."""
    with psycopg.connect(address) as connection:
        for table, each in TABLES.items():
            (rows, total) = connection.execute(_TOTAL.format(table)).fetchall()[0]
            if rows != transfers * each:
                raise RuntimeError(f"{table}: {rows} rows after {transfers} transfers")
            if total != ACCOUNTS * 1_000_000_000_000:
                raise RuntimeError(f"balances add up to {total}")
        (moved,) = connection.execute(
            "SELECT sum(abs(account.balance - 1000000000000 - coalesce(posted, 0))) FROM account"
            " LEFT JOIN (SELECT account, sum(amount) AS posted FROM posting GROUP BY account) AS p"
            " ON p.account = account.id"
        ).fetchall()[0]
        if moved:
            raise RuntimeError("balances are not the sum of their postings")


def _script(debit: str) -> str:
    body, signed = "ab" * BODY_BYTES, "cd" * SIGNATURE_BYTES
    return (
        f"\\set debit {debit}\n\\set credit random({ACCOUNTS // 2 + 1}, {ACCOUNTS})\n"
        f"SELECT transfer(gen_random_uuid()::text, :debit, :credit, '\\x{body}', '\\x{signed}');\n"
    )


def _where(hot: bool) -> str:
    return ", hot" if hot else ", spread"


def _process(
    address: str, transfer: Transfer, said: Sequence[bytes], threads: int, seconds: int, hot: bool
) -> tuple[list[float], float, float]:
    """The waits of one process's transfers, and when the first began and the last ended."""
    read = [parse_submission(data) for data in said]
    gate = threading.Barrier(threads)
    waits: list[float] = []
    times: list[float] = []
    faults: list[BaseException] = []

    def loop(mine: Sequence[Any]) -> None:
        chance = random.Random()
        try:
            with psycopg.connect(address) as connection:
                gate.wait(60)
                begun = time.monotonic()
                for one in mine:
                    sent = time.monotonic()
                    if sent > begun + seconds:
                        break
                    debit = 1 if hot else chance.randint(1, ACCOUNTS // 2)
                    transfer(connection, one, debit, chance.randint(ACCOUNTS // 2 + 1, ACCOUNTS))
                    waits.append(time.monotonic() - sent)
                connection.rollback()  # what was not committed by now was not durable when timed
                times.extend((begun, time.monotonic()))
        except BaseException as error:
            gate.abort()
            faults.append(error)

    started = [
        threading.Thread(target=loop, args=(read[number::threads],)) for number in range(threads)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    if faults:
        raise RuntimeError(f"baseline: {faults[0]!r}")
    return waits, min(times), max(times)
