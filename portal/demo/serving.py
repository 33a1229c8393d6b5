"""What the demonstration leaves for whoever tries it: keys to sign with, and an open session.

The keys are derived from their names, so that they are no secrets; the session is that of the day
on which the demonstration is served, on the venue that is for demonstration alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from ledger.parties.models import KEY, PARTY
from ledger.parties.parameters import business_date
from ledger.parties.people_models import OPERATOR, PartyState
from ledger.statements.ed25519 import key_id, load_private, public_bytes, save_private
from ledger.writer.clock import Clock
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from market.sessions.models import OPEN, SESSION
from portal.config import Settings
from portal.demo.cast import demo_key
from portal.demo.grants import JUDGES
from portal.demo.live_book import VENUE
from portal.demo.market import EXCHANGE
from portal.demo.people import FRESH
from portal.home.opening import Ledger, open_record
from portal.statements.signing import compose

PLAYERS, INDEX = "players", "README.txt"
HEADING = """\
示范密钥：由名称推导，并非秘密。各行依次为：密钥文件、主体、主体状态、操作员职责。
文末所列密钥已失效，或其主体已销户，不能登录，故不留文件；各行为：操作员、主体、主体状态、职责、密钥编号。
Keys of the demonstration, derived from their names and no secrets. Each line: file, party, how the
party stands, the operator's duty. The keys at the end were stopped, or their party has left: nobody
can sign in with them, so that no file is kept; operator, party, how it stands, duty, key id.
"""
_KEY, _PARTY, _OPERATOR = KEY.table.c, PARTY.table.c, OPERATOR.table.c
_KEYS = (
    select(_KEY.key, _KEY.party, _KEY.operator, _KEY.until, _PARTY.status, _OPERATOR.role)
    .join(PARTY.table, _PARTY.party == _KEY.party)
    .join(
        OPERATOR.table,
        (_OPERATOR.party == _KEY.party) & (_OPERATOR.operator == _KEY.operator),
        isouter=True,
    )
    .order_by(_KEY.party, _KEY.operator, _KEY.since)
)


def save_players(settings: Settings) -> Path:
    """Write the keys with which somebody of the story can sign in, ``PARTY-OPERATOR.pem``.

    A file beside them says whose each is, and which keys have been stopped.  Gives the folder.
    """
    folder = settings.home / PLAYERS
    folder.mkdir(mode=0o700, exist_ok=True)
    record = open_record(settings)
    try:
        with record.reading() as connection:
            rows = [dict(row) for row in connection.execute(_KEYS).mappings()]
    finally:
        record.database.dispose()
    good, stopped, kept = [], [], set()
    for row in rows:
        private = _private(row)
        if private is None:
            continue  # an authority's, which lies among the ledger's own keys
        if row["operator"] in JUDGES:  # and so does that of its officers who came later
            _save(private, settings.keys / f"{row['operator']}.pem", row["key"])
            continue
        path = folder / f"{row['party']}-{row['operator']}.pem"
        words = (row["party"], row["status"], row["role"] or "-")
        if row["until"] is None and row["status"] != PartyState.CLOSED:
            good.append("  ".join((path.name, *words)))
            kept.add(path)
            _save(private, path, row["key"])
        else:
            stopped.append("  ".join((row["operator"], *words, row["key"])))
    for path in folder.glob("*.pem"):
        if path not in kept:
            path.unlink()
    text = "\n".join([HEADING, *good, "", "已失效 / stopped:", *stopped, ""])
    (folder / INDEX).write_text(text, "utf-8")
    return folder


def _private(row: Mapping[str, Any]) -> Ed25519PrivateKey | None:
    """The demonstration's key that a row of the register is of."""
    names = (row["operator"], FRESH)
    made = (demo_key(f"{row['party']}/{name}") for name in names)
    return next((key for key in made if key_id(public_bytes(key)) == row["key"]), None)


def _save(private: Ed25519PrivateKey, path: Path, key: str) -> None:
    if path.exists():
        if key_id(public_bytes(load_private(path))) == key:
            return
        path.unlink()
    save_private(private, path)


def open_today(settings: Settings, ledger: Ledger, clock: Clock) -> str | None:
    """Open today's session of the demonstration's venue; gives why not where it cannot be."""
    now = clock.now()
    day = business_date(now)
    stands = _session(ledger, day)
    if stands is not None and stands["state"] == OPEN:
        return None
    submission = compose(
        ledger.engine,
        ledger.record.origin,
        "session.open",
        "exchange",
        {"venue": VENUE, "date": day},
        [load_private(settings.keys / f"{name}.pem") for name in EXCHANGE],
        now=now,
        entropy=os.urandom,
    )
    answer = ledger.entrance.submit(submission.encode()).answer
    return None if answer.get("result") == "accepted" else str(answer.get("code"))


def _session(ledger: Ledger, day: str) -> Row | None:
    with ledger.record.reading() as connection:
        return Rows(connection).row(SESSION, (VENUE, day))
