"""A ledger that is closed and opened again goes on as if it had never stopped."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ledger.credits.models import transfer_table
from ledger.writer.errors import ForkRefused
from portal.config import at_home
from portal.home.opening import init_ledger, open_ledger
from tests.factories.scene import HOUR_MS, ORIGIN, Scene, SteppingClock


def test_a_transfer_proposed_before_a_restart_is_accepted_after_it(
    home: Path, migrated_database_url: str
) -> None:
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        before = Scene(ledger, clock, settings.keys)
        batch = before.issue(900)
        body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
        transfer = before.do("owner", "credit.transfer", body, "a", "b")
        keys = before.keys
    with closing(open_ledger(settings, clock)) as ledger:
        after = Scene(ledger, clock, settings.keys)
        after.keys = keys
        after.do("buyer", "credit.accept", {"transfer": transfer}, "a")


def test_what_fell_due_while_the_ledger_was_down_is_applied_before_anything_else(
    home: Path, migrated_database_url: str
) -> None:
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        before = Scene(ledger, clock, settings.keys)
        batch = before.issue(900)
        body = {"batch": batch, "quantity": 100, "receiver": "buyer"}
        transfer = before.do("owner", "credit.transfer", body, "a", "b")
        keys = before.keys
    clock.time += 10 * 24 * HOUR_MS  # the seed of transfer-open-days
    with closing(open_ledger(settings, clock)) as ledger:
        after = Scene(ledger, clock, settings.keys)
        after.keys = keys
        answer = {"transfer": transfer}
        assert after.refused("buyer", "credit.accept", answer, "a") == "transfer-closed"
        assert after.rows(transfer_table)[0]["state"] == "expired"


def test_an_older_copy_of_the_database_is_refused(home: Path) -> None:
    settings, clock = at_home(home), SteppingClock()
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    init_ledger(settings, ORIGIN, clock, os.urandom).close()
    backup = home / "backup.sqlite"
    shutil.copy(database, backup)
    with closing(open_ledger(settings, clock)) as ledger:
        Scene(ledger, clock, settings.keys).cast()
    for leftover in home.glob(f"{database.name}-*"):
        leftover.unlink()
    shutil.copy(backup, database)
    with pytest.raises(ForkRefused, match="database-behind-head-file"):
        open_ledger(settings, clock)


def test_one_id_is_one_act_whatever_is_sent_again(home: Path, migrated_database_url: str) -> None:
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        stage = Scene(ledger, clock, settings.keys)
        batch = stage.issue(900)
        move = {"batch": batch, "quantity": 1, "to": "trading"}
        data = stage.write("owner", "credit.move", move, "a").encode()
        first = ledger.entrance.submit(data)
        again = ledger.entrance.submit(data)
        assert (first.status, again.status) == ("accepted", "replayed")
        assert (first.index, first.answer) == (again.index, again.answer)
        pendings = [ledger.entrance.prepare(data) for _ in range(16)]
        replies = [future.result(30) for future in ledger.entrance.queue(pendings)]
        assert {(reply.status, reply.index) for reply in replies} == {("replayed", first.index)}
        twin = stage.write("owner", "credit.move", move, "a").encode()
        pendings = [ledger.entrance.prepare(twin) for _ in range(16)]
        replies = [future.result(30) for future in ledger.entrance.queue(pendings)]
        assert [reply.status for reply in replies].count("accepted") == 1
        assert len({reply.index for reply in replies}) == 1


def test_a_head_that_was_committed_but_not_yet_on_file_is_on_file_after_the_start(
    home: Path, migrated_database_url: str
) -> None:
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    with closing(init_ledger(settings, ORIGIN, clock, os.urandom)) as ledger:
        before = settings.head_file.read_bytes()
        Scene(ledger, clock, settings.keys).cast()
        after = settings.head_file.read_bytes().splitlines()[-1]
    settings.head_file.write_bytes(before)  # as a kill between commit and line leaves it
    open_ledger(settings, clock).close()
    assert settings.head_file.read_bytes() == before + after + b"\n"
