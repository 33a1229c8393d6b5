"""Making a ledger and opening one that exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine as Database
from sqlalchemy import select

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.note import Verifier, check_name
from ledger.parties.authority import GENESIS
from ledger.parties.handlers import possession
from ledger.parties.models import ledger_table
from ledger.statements.ed25519 import key_id, load_private, new_key, public_bytes, save_private
from ledger.statements.envelope import Payload, body_digest, sign_statement
from ledger.statements.ids import derived_uuid7
from ledger.writer import tables
from ledger.writer.clock import Clock, SystemClock
from ledger.writer.database import open_database
from ledger.writer.engine import Engine
from ledger.writer.errors import Unavailable
from ledger.writer.headfile import HeadFile
from ledger.writer.turn import WriterState
from ledger.writer.writer import Writer
from migrations.run import migrate
from portal.config import Settings
from portal.house import make_engine
from portal.lock import HomeLock
from portal.submit import Desk

AUTHORITIES = ("registrar", "exchange", "bank", "regulator")
OFFICERS = (1, 2)
LIFETIME_MS = 3_600_000
MakeKey = Callable[[str], Ed25519PrivateKey]


@dataclass
class Ledger:
    """An open ledger: its desk, its readers, its keys."""

    origin: str
    vkey: str
    engine: Engine
    readers: Database
    desk: Desk
    writer: Writer


def random_key(name: str) -> Ed25519PrivateKey:
    """A key that nobody else has."""
    return new_key()


def initialise(
    settings: Settings, origin: str, *, clock: Clock | None = None, make: MakeKey = random_key
) -> None:
    """Make keys, database and genesis entry of a new ledger.

    Raises Unavailable ``ledger-exists`` where the home or the database holds one.
    """
    check_name(origin)
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.keys.mkdir(mode=0o700, exist_ok=True)
    names = ["log", "operator", "scheduler"]
    names += [f"{party}-{number}" for party in AUTHORITIES for number in OFFICERS]
    if any((settings.keys / f"{name}.pem").exists() for name in names):
        raise Unavailable("ledger-exists", retry=False, home=str(settings.home))
    migrate(settings.database_url)
    database = open_database(settings.database_url, writer=True)
    with database.begin() as connection:
        if connection.execute(select(tables.log_head.c.origin)).first() is not None:
            raise Unavailable("ledger-exists", retry=False, home=str(settings.home))
        head = {"origin": origin, "size": 0, "root": EMPTY_ROOT.hex(), "epoch": 0, "at": 0}
        connection.execute(tables.log_head.insert(), head)
    database.dispose()
    keys = {name: make(name) for name in names}
    for name, key in keys.items():
        save_private(key, settings.keys / f"{name}.pem")
    clock = clock or SystemClock()
    with open_ledger(settings, clock=clock, origin=origin) as ledger:
        now = clock.now()
        body = genesis_body(origin, keys)
        operator = keys["operator"]
        payload = Payload(
            origin,
            derived_uuid7(now, "genesis", origin, 0),
            GENESIS,
            1,
            "operator",
            (key_id(public_bytes(operator)),),
            now,
            now + LIFETIME_MS,
            body_digest(body),
        )
        reply = ledger.desk.submit(sign_statement(payload, body, [operator]).encode())
        if reply.status != "accepted":
            raise Unavailable("genesis-refused", retry=False, **reply.answer)


def genesis_body(origin: str, keys: Mapping[str, Ed25519PrivateKey]) -> dict[str, Any]:
    """The body of entry 0."""
    authorities = []
    for party in AUTHORITIES:
        entries = []
        for number in OFFICERS:
            operator = f"{party}-{number}"
            public = public_bytes(keys[operator]).hex()
            proof = keys[operator].sign(possession(origin, party, operator, public)).hex()
            person = f"{party}.{operator}"
            entries.append(
                {"operator": operator, "person": person, "public": public, "proof": proof}
            )
        authorities.append({"party": party, "name": party, "roles": [party], "keys": entries})
    seeds = files("ledger.parties").joinpath("data/parameters.yaml").read_text("utf-8")
    return {
        "origin": origin,
        "log_key": Verifier(origin, public_bytes(keys["log"])).vkey,
        "operator_key": public_bytes(keys["operator"]).hex(),
        "scheduler_key": public_bytes(keys["scheduler"]).hex(),
        "engine": 1,
        "authorities": authorities,
        "parameters": yaml.safe_load(seeds),
    }


def stored_origin(settings: Settings) -> str:
    """The origin of the ledger in the database; raises Unavailable where there is none."""
    if settings.database_url.startswith("sqlite") and not _sqlite_file(settings).exists():
        raise Unavailable("ledger-missing", retry=False, home=str(settings.home))
    database = open_database(settings.database_url)
    try:
        with database.connect() as connection:
            origin = connection.execute(select(tables.log_head.c.origin)).scalar()
    finally:
        database.dispose()
    if origin is None:
        raise Unavailable("ledger-missing", retry=False, home=str(settings.home))
    return str(origin)


def log_vkey(settings: Settings) -> str:
    """The verifier key of the log, from the record itself."""
    database = open_database(settings.database_url)
    try:
        with database.connect() as connection:
            return str(connection.execute(select(ledger_table.c.log_key)).scalar_one())
    finally:
        database.dispose()


@contextmanager
def open_ledger(
    settings: Settings, *, clock: Clock | None = None, origin: str | None = None
) -> Iterator[Ledger]:
    """Open a ledger for writing until the block ends.

    Raises Unavailable where another process writes, ForkRefused where the database does
    not extend the head file.
    """
    origin = origin or stored_origin(settings)
    lock = HomeLock(settings.lock_file)
    lock.take()
    try:
        key = load_private(settings.keys / "log.pem")
        engine = make_engine()
        database = open_database(settings.database_url, writer=True)
        readers = open_database(settings.database_url)
        state = WriterState(
            origin,
            engine,
            lambda size, root: Checkpoint(origin, size, root).sign(key),
            HeadFile(settings.head_file),
            clock or SystemClock(),
        )
        writer = Writer(database, state)
        writer.start()
        try:
            vkey = Verifier(origin, public_bytes(key)).vkey
            desk = Desk(origin, engine, readers, writer)
            yield Ledger(origin, vkey, engine, readers, desk, writer)
        finally:
            writer.stop()
            readers.dispose()
            database.dispose()
    finally:
        lock.release()


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))
