"""Opening a ledger: a new one with its keys and genesis, or one that is there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from incentives import grants
from ledger import parties
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.note import Verifier, check_name
from ledger.parties import handlers, regions
from ledger.statements.ed25519 import (
    from_seed,
    key_id,
    load_private,
    public_bytes,
    save_private,
)
from ledger.statements.envelope import Payload, body_digest, sign_statement, verify_signatures
from ledger.statements.ids import make_uuid7
from ledger.writer import tables
from ledger.writer.clock import Clock, SystemClock
from ledger.writer.database import open_database
from ledger.writer.engine import Engine
from ledger.writer.errors import ForkRefused, IntegrityFault, Unavailable
from ledger.writer.headfile import HeadFile
from ledger.writer.log_keys import stored_log_keys
from ledger.writer.scheduler import Scheduler
from ledger.writer.store import read_head
from ledger.writer.turn import WriterState
from ledger.writer.versions import ENGINE_VERSION
from ledger.writer.writer import Pending, Writer
from market import instruments, supervision
from migrations import migrate
from portal import packaged
from portal.config import Settings
from portal.home.keyring import Keyring
from portal.home.lock import HomeLock
from portal.home.record import Record, known_origin, running, signers
from portal.home.submit import Entrance, wait
from portal.house import make_engine
from portal.witnesses.watch import Watch, read_watch

Entropy = Callable[[int], bytes]
DAY_MS = 24 * 3600 * 1000
LOGGER = logging.getLogger("qingzhang.writer")
AUTHORITIES = (
    ("registrar", "登记机构", "Registrar"),
    ("exchange", "交易机构", "Exchange operator"),
    ("bank", "结算银行", "Settlement bank"),
    ("regulator", "主管部门", "Regulator"),
    ("finance", "财政部门", "Finance bureau"),
    ("mirror", "外部登记镜像", "Mirror of other registries"),
)
OFFICERS = (1, 2)
SINGLE = ("log", "operator", "scheduler")
SEEDS = tuple(
    Path(str(package.__file__)).parent / "data" / "parameters.yaml"
    for package in (parties, instruments, supervision, grants)
)


@dataclass
class Counter:
    """What the doors stand on: the record to read, the entrance to state."""

    settings: Settings
    engine: Engine
    record: Record
    entrance: Entrance

    @cached_property
    def watch(self) -> Watch:
        """The witnesses of the home; raises Unavailable where their policy is broken."""
        return watched(self.settings, self.record)


@dataclass
class Ledger(Counter):
    """An open ledger with its running writer; ``close`` lets go of everything."""

    writer: Writer
    lock: HomeLock

    def close(self) -> None:
        """Finish what waits and free home and database."""
        self.writer.stop()
        self.record.database.dispose()
        self.lock.release()


def init_ledger(settings: Settings, origin: str, clock: Clock, entropy: Entropy) -> Ledger:
    """Make keys, tables and genesis; the ledger is open when this returns.

    Raises Unavailable ``ledger-exists``, or NoteError for an origin that cannot name a key.
    """
    check_name(origin)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = HomeLock(settings.lock_file)
    lock.take()
    try:
        if settings.keys.exists() or settings.head_file.exists():
            raise Unavailable("ledger-exists", retry=False, home=str(settings.home))
        migrate(settings.database_url)
        database = open_database(settings.database_url, writer=True)
        with database.begin() as connection:
            if connection.execute(tables.log_head.select()).first() is not None:
                raise Unavailable("ledger-exists", retry=False)
            row = {"origin": origin, "size": 0, "root": EMPTY_ROOT.hex(), "epoch": 0, "at": 0}
            connection.execute(tables.log_head.insert(), row)
        database.dispose()
        keys = _make_keys(settings.keys, entropy)
        vkey = Verifier(origin, public_bytes(keys["log"])).vkey
        ledger = _open(settings, origin, vkey, keys["scheduler"], clock, lock)
    except BaseException:
        lock.release()
        raise
    try:
        _state_genesis(ledger, keys, clock, entropy)
    except BaseException:
        ledger.close()
        raise
    return ledger


def open_ledger(settings: Settings, clock: Clock | None = None) -> Ledger:
    """Take the home's lock and start its writer.

    Raises Unavailable ``home-locked``, ``ledger-missing``, ``origin-differs``, ``engine-unknown``,
    ``log-key-missing`` or ``scheduler-key-missing``; IntegrityFault where a key is not the one
    on record; ForkRefused where database and head file part ways.
    """
    clock = clock or SystemClock()
    record = open_record(settings)
    origin, vkey = record.origin, record.vkey
    with record.reading() as connection:
        scheduler, engine = running(connection)
        signs = signers(connection, origin, clock.now())
    record.database.dispose()
    if engine > ENGINE_VERSION:
        raise Unavailable("engine-unknown", retry=False, active=engine, supported=ENGINE_VERSION)
    ring = Keyring(origin, settings.keys)
    if ring.empty:
        raise Unavailable("log-key-missing", retry=False)
    if not all(ring.holds(key) for key in signs):
        raise IntegrityFault("log-key-differs", origin=origin)
    path = settings.keys / "scheduler.pem"
    if not path.exists():
        raise Unavailable("scheduler-key-missing", retry=False)
    scheduler_key = load_private(path)
    if key_id(public_bytes(scheduler_key)) != scheduler:
        raise IntegrityFault("scheduler-key-differs", origin=origin)
    lock = HomeLock(settings.lock_file)
    lock.take()
    try:
        return _open(settings, origin, vkey, scheduler_key, clock, lock)
    except BaseException:
        lock.release()
        raise


def open_record(settings: Settings) -> Record:
    """Open for reading alone; raises Unavailable where there is no ledger."""
    missing = Unavailable("ledger-missing", retry=False, home=str(settings.home))
    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise missing
    database = open_database(url)
    if not _has_tables(database):
        database.dispose()
        raise missing
    with database.begin() as connection:
        known = known_origin(connection)
    if known is None:
        database.dispose()
        raise missing
    origin, vkey = known
    if settings.origin not in (None, origin):
        database.dispose()
        raise Unavailable("origin-differs", retry=False, ledger=origin, asked=settings.origin)
    return Record(database, origin, vkey, settings.cosigned)


def _has_tables(database: Any) -> bool:
    with database.connect() as connection:
        return bool(database.dialect.has_table(connection, tables.log_head.name))


def _open(
    settings: Settings,
    origin: str,
    vkey: str,
    scheduler_key: Ed25519PrivateKey,
    clock: Clock,
    lock: HomeLock,
) -> Ledger:
    engine = make_engine()
    scheduler = Scheduler(origin, engine, scheduler_key)
    ring = Keyring(origin, settings.keys)
    state = WriterState(origin, engine, ring, HeadFile(settings.head_file), clock, scheduler)
    writer = Writer(open_database(settings.database_url, writer=True), state)
    writer.alarm = _alarm
    record = Record(open_database(settings.database_url), origin, vkey, settings.cosigned)
    writer.start()
    return Ledger(settings, engine, record, Entrance(engine, record, writer), writer, lock)


def _alarm(code: str, error: BaseException) -> None:
    """Tell the operator; what the world does to us needs no trace of our own steps."""
    foreign = isinstance(error, SQLAlchemyError | OSError | Unavailable | ForkRefused)
    LOGGER.critical("writer: %s: %s", code, error, exc_info=None if foreign else error)


def _make_keys(folder: Path, entropy: Entropy) -> dict[str, Ed25519PrivateKey]:
    folder.mkdir(mode=0o700)
    names = [*SINGLE, *(f"{party}-{n}" for party, _, _ in AUTHORITIES for n in OFFICERS)]
    keys = {name: from_seed(entropy(32)) for name in names}
    for name, key in keys.items():
        save_private(key, folder / f"{name}.pem")
    return keys


def genesis_body(origin: str, keys: dict[str, Ed25519PrivateKey]) -> dict[str, Any]:
    """Entry 0: origin, keys, authorities with two officers each, seed parameters."""
    public = {name: public_bytes(key) for name, key in keys.items()}
    authorities = []
    for party, name, name_en in AUTHORITIES:
        entries = []
        for number in OFFICERS:
            operator = f"{party}-{number}"
            stated = public[operator].hex()
            message = handlers.possession(origin, party, operator, stated)
            entries.append(
                {
                    "operator": operator,
                    "person": operator,
                    "public": stated,
                    "proof": keys[operator].sign(message).hex(),
                }
            )
        authorities.append(
            {"party": party, "name": name, "name_en": name_en, "roles": [party], "keys": entries}
        )
    return {
        "origin": origin,
        "log_key": Verifier(origin, public["log"]).vkey,
        "operator_key": public["operator"].hex(),
        "scheduler_key": public["scheduler"].hex(),
        "engine": ENGINE_VERSION,
        "regions": seed_regions(),
        "authorities": authorities,
        "parameters": seed_parameters(),
    }


@cache
def seed_regions() -> list[dict[str, Any]]:
    """The regions that genesis states; to be read alone."""
    return regions.entries(regions.load(regions.seed()))


@cache
def seed_parameters() -> list[dict[str, Any]]:
    """The parameters that genesis states, room by room; to be read alone."""
    return [row for file in SEEDS for row in packaged.read(file)]


def _state_genesis(
    ledger: Ledger, keys: dict[str, Ed25519PrivateKey], clock: Clock, entropy: Entropy
) -> None:
    operator = keys["operator"]
    key = key_id(public_bytes(operator))
    body = genesis_body(ledger.record.origin, keys)
    declared = ledger.engine.types["ledger.genesis", 1]
    declared.check(body)
    now = clock.now()
    payload = Payload(
        ledger.record.origin,
        make_uuid7(now, entropy(10)),
        declared.name,
        declared.version,
        "operator",
        (key,),
        now,
        now + DAY_MS,
        body_digest(body),
    )
    submission = sign_statement(payload, body, [operator])
    public = {key: public_bytes(operator)}
    verify_signatures(submission.envelope, public)
    reply = wait(ledger.writer.submit([Pending(submission, declared, public)])[0])
    if reply.status != "accepted":
        raise IntegrityFault("genesis-refused", status=reply.status, answer=reply.answer)


def watched(settings: Settings, record: Record) -> Watch:
    """The witnesses of a home, for a log of which any key may be listed in their policy."""
    with record.reading() as connection:
        vkeys = [row["vkey"] for row in stored_log_keys(connection, record.origin)]
    return read_watch(settings, vkeys)


def head_agrees(settings: Settings, record: Record) -> bool:
    """Whether the database reaches the highest head that this host has signed."""
    known = HeadFile(settings.head_file).last()
    with record.reading() as connection:
        head = read_head(connection, record.origin)
    return head is not None and (known is None or known[0] <= head.size)
