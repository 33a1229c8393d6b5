"""What the demonstration leaves for whoever tries it: keys to sign with, and an open session.

The keys are derived from their names, so that they are no secrets; the session is that of the day
on which the demonstration is served, on the venue that is for demonstration alone.
"""

from __future__ import annotations

import os
from pathlib import Path

from ledger.parties.parameters import business_date
from ledger.statements.ed25519 import load_private, save_private
from ledger.writer.clock import Clock
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from market.sessions.models import SESSION
from portal.config import Settings
from portal.demo.cast import DUTIES, demo_key, enterprises, verifiers
from portal.demo.grants import JUDGES
from portal.demo.live_book import VENUE
from portal.demo.market import EXCHANGE
from portal.opening import Ledger
from portal.signing import compose

PLAYERS = "players"


def save_players(settings: Settings) -> Path:
    """Write each enterprise's and verifier's keys, ``PARTY-OPERATOR.pem``; gives the folder.

    The finance bureau's officers who came later have theirs beside those of the first two.
    """
    folder = settings.home / PLAYERS
    folder.mkdir(mode=0o700, exist_ok=True)
    for player in (*enterprises(), *verifiers()):
        for operator in DUTIES:
            _save(folder / f"{player.party}-{operator}.pem", f"{player.party}/{operator}")
    for judge in JUDGES:
        _save(settings.keys / f"{judge}.pem", f"finance/{judge}")
    return folder


def _save(path: Path, name: str) -> None:
    if not path.exists():
        save_private(demo_key(name), path)


def open_today(settings: Settings, ledger: Ledger, clock: Clock) -> str | None:
    """Open today's session of the demonstration's venue; gives why not where it cannot be."""
    now = clock.now()
    day = business_date(now)
    if _session(ledger, day) is not None:
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
