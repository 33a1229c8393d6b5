"""What the demonstration leaves for whoever tries it: keys that sign in, a session that is open."""

from __future__ import annotations

import os
from pathlib import Path

from ledger.statements.ed25519 import key_id, load_private, public_bytes, save_private
from ledger.writer.kinds import Row
from ledger.writer.store import Rows
from market.sessions.models import SESSION
from portal.app import create_app
from portal.config import Settings, at_home
from portal.demo.cast import demo_key
from portal.demo.live_book import VENUE
from portal.demo.market import EXCHANGE
from portal.demo.people import FRESH, LEAVER, LOSER
from portal.demo.serving import INDEX, open_today, save_players
from portal.demo.telling import HOLDER, seed
from portal.home.opening import Ledger, open_ledger
from portal.statements.signing import compose
from tests.factories.readers import sign_in
from tests.factories.scene import SteppingClock

NOON = 1_795_665_600_000  # 2026-11-26 12:00 in Shanghai, a Thursday


def session(ledger: Ledger, day: str) -> Row | None:
    with ledger.record.reading() as connection:
        return Rows(connection).row(SESSION, (VENUE, day))


def close(settings: Settings, ledger: Ledger, now: int, day: str) -> None:
    keys = [load_private(settings.keys / f"{name}.pem") for name in EXCHANGE]
    body = {"venue": VENUE, "date": day}
    engine, origin = ledger.engine, ledger.record.origin
    said = compose(
        engine, origin, "session.close", "exchange", body, keys, now=now, entropy=os.urandom
    )
    assert ledger.entrance.submit(said.encode()).status == "accepted"


def told(folder: Path) -> Settings:
    settings = at_home(folder / "home")
    seed(settings, lambda _: None)
    return settings


def test_a_player_signs_in_and_todays_session_is_open_whatever_the_weekday(tmp_path: Path) -> None:
    settings = told(tmp_path)
    clock = SteppingClock(NOON)
    ledger = open_ledger(settings, clock)
    try:
        players = save_players(settings)
        assert save_players(settings) == players
        for late, day in enumerate(("2026-11-26", "2026-11-27", "2026-11-28")):
            clock.time = NOON + late * 86_400_000
            assert open_today(settings, ledger, clock) is None
            assert open_today(settings, ledger, clock) is None  # it is open already
            row = session(ledger, day)
            assert row is not None and row["state"] == "open"
        over = clock.now()
        client = create_app(ledger, clock).test_client()
        header = sign_in(client, HOLDER, load_private(players / f"{HOLDER}-op-1.pem"))
        order = {"instrument": "DEMOFS", "side": "buy", "kind": "limit"}
        order |= {"price_fen": 1, "quantity": 1}
        answer = client.post("/v1/rehearsals/order.place", json=order, headers=header).json
        codes = {fault["code"] for fault in answer["faults"]}
        assert not codes & {"session-closed", "outside-hours"}
        for path in sorted(players.glob("*.pem")):
            clock.time += 60_000  # a new window for its sign-in
            party, _, operator = path.stem.rpartition("-op-")
            sign_in(client, party, load_private(path))
            assert f"{path.name}  {party}  " in (players / INDEX).read_text("utf-8"), operator
        clock.time = over + 3_600_000
        close(settings, ledger, clock.now(), "2026-11-28")
        assert open_today(settings, ledger, clock) == "session-over"
    finally:
        ledger.close()


def test_a_key_that_was_stopped_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    settings = told(tmp_path)
    clock = SteppingClock(NOON)
    ledger = open_ledger(settings, clock)
    try:
        players = save_players(settings)
        lost, left = players / f"{LOSER}-op-1.pem", players / f"{LEAVER}-op-1.pem"
        for path, name in ((lost, f"{LOSER}/op-1"), (left, f"{LEAVER}/op-1")):
            path.unlink(missing_ok=True)
            save_private(demo_key(name), path)  # as an earlier version left it
        save_players(settings)
        fresh = public_bytes(demo_key(f"{LOSER}/{FRESH}"))
        assert public_bytes(load_private(lost)) == fresh
        assert not left.exists()
        assert {"demo-verifier-c-op-1.pem"} <= {path.name for path in players.glob("*.pem")}
        _, _, stopped = (players / INDEX).read_text("utf-8").partition("stopped:")
        assert key_id(public_bytes(demo_key(f"{LOSER}/op-1"))) in stopped
        assert key_id(fresh) not in stopped
        assert stopped.count(LEAVER) == 2
    finally:
        ledger.close()
