"""What the doors are measured against: the same HTTP server and signature check, then plain SQL.

A transfer locks two account rows, moves an amount without overdraft, and inserts the instruction
with its signature, an idempotency key, two postings and an event's leaf hash: (a) as one SQL
function, (b) as a Python transaction. Left out: rules, a tree, a signed head, receipts, replay.
"""

from __future__ import annotations

import hashlib
import logging
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import waitress  # type: ignore[import-untyped]  # it ships no types

from ledger.statements.ed25519 import key_id, public_bytes
from ledger.statements.envelope import Submission, parse_submission, verify_signatures
from portal.bench.movers import KEY
from portal.processes.answering import THREADS
from portal.processes.parent import BACKLOG

ACCOUNTS = 10_000
SCHEMA = """
CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE instruction (id bigserial PRIMARY KEY, body bytea NOT NULL, signature bytea NOT NULL);
CREATE TABLE idempotency (key text PRIMARY KEY, instruction bigint NOT NULL);
CREATE TABLE posting (
  id bigserial PRIMARY KEY, account int NOT NULL,
  amount bigint NOT NULL, instruction bigint NOT NULL
);
CREATE INDEX posting_account ON posting (account, id);
CREATE TABLE event (id bigserial PRIMARY KEY, leaf bytea NOT NULL);
INSERT INTO account SELECT n, 1000000000000 FROM generate_series(1, 10000) AS n;
CREATE FUNCTION transfer(wanted text, debit int, credit int, stated bytea, signed bytea)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE made bigint; held bigint;
BEGIN
  PERFORM 1 FROM account WHERE id IN (debit, credit) ORDER BY id FOR UPDATE;
  SELECT balance INTO held FROM account WHERE id = debit;
  IF held < 1 THEN RAISE EXCEPTION 'short'; END IF;
  UPDATE account SET balance = balance - 1 WHERE id = debit;
  UPDATE account SET balance = balance + 1 WHERE id = credit;
  INSERT INTO instruction (body, signature) VALUES (stated, signed) RETURNING id INTO made;
  INSERT INTO idempotency VALUES (wanted, made);
  INSERT INTO posting (account, amount, instruction) VALUES (debit, -1, made), (credit, 1, made);
  INSERT INTO event (leaf) VALUES (sha256('\\x00'::bytea || stated));
  RETURN made;
END $$;
"""
Transfer = Callable[[psycopg.Connection[Any], Submission, int, int], None]


def prepare(address: str) -> None:
    """Make tables and function in an empty database."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("VACUUM ANALYZE")


def by_function(
    connection: psycopg.Connection[Any], said: Submission, debit: int, credit: int
) -> None:
    """(a): one round trip."""
    connection.execute(
        "SELECT transfer(%s, %s, %s, %s, %s)",
        (said.envelope.payload.id, debit, credit, said.body_bytes, said.envelope.bytes),
    )
    connection.commit()


def by_transaction(
    connection: psycopg.Connection[Any], said: Submission, debit: int, credit: int
) -> None:
    """(b): lock, check, two updates, five inserts, commit."""
    run = connection.execute
    locked = run(
        "SELECT id, balance FROM account WHERE id IN (%s, %s) ORDER BY id FOR UPDATE",
        (debit, credit),
    )
    if dict(locked.fetchall())[debit] < 1:
        raise ValueError("short")
    run("UPDATE account SET balance = balance - 1 WHERE id = %s", (debit,))
    run("UPDATE account SET balance = balance + 1 WHERE id = %s", (credit,))
    (made,) = run(
        "INSERT INTO instruction (body, signature) VALUES (%s, %s) RETURNING id",
        (said.body_bytes, said.envelope.bytes),
    ).fetchall()[0]
    run("INSERT INTO idempotency VALUES (%s, %s)", (said.envelope.payload.id, made))
    posting = "INSERT INTO posting (account, amount, instruction) VALUES (%s, %s, %s)"
    run(posting, (debit, -1, made))
    run(posting, (credit, 1, made))
    leaf = hashlib.sha256(b"\x00" + said.envelope.bytes).digest()
    run("INSERT INTO event (leaf) VALUES (%s)", (leaf,))
    connection.commit()


WAYS: dict[str, Transfer] = {"function": by_function, "transaction": by_transaction}


def application(address: str, transfer: Transfer) -> Any:
    """A bare WSGI application: parse, verify, transfer, answer."""
    keys = {key_id(public_bytes(KEY)): public_bytes(KEY)}
    own = threading.local()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = parse_submission(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        verify_signatures(said.envelope, keys)
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(address)
        debit, credit = (
            random.randint(1, ACCOUNTS // 2),
            random.randint(ACCOUNTS // 2 + 1, ACCOUNTS),
        )
        transfer(own.connection, said, debit, credit)
        start_response("201 Created", [("Content-Length", "2")])
        return [b"{}"]

    return answer


@contextmanager
def serving(address: str, way: str, workers: int) -> Iterator[int]:
    """So many processes on one socket, for the length of a block; the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        handle = listener.fileno()
        command = [sys.executable, "-m", "portal.bench.plain", address, way, str(handle)]
        started = [subprocess.Popen(command, pass_fds=(handle,)) for _ in range(workers)]
        try:
            yield int(listener.getsockname()[1])
        finally:
            for process in started:
                process.kill()
                process.wait()


if __name__ == "__main__":
    listening = socket.socket(fileno=int(sys.argv[3]))
    listening.setblocking(False)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # as in our own workers
    served = application(sys.argv[1], WAYS[sys.argv[2]])
    waitress.create_server(served, sockets=[listening], threads=THREADS).run()
