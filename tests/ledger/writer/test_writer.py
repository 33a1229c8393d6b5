"""The writer under trouble: fences, unknown commits, poison."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from ledger.writer import turn
from ledger.writer.errors import Unavailable
from ledger.writer.headfile import HeadFile
from ledger.writer.tables import log_head
from portal.config import at_home
from portal.home.opening import init_ledger, open_ledger
from tests.factories.scene import ORIGIN, Scene, SteppingClock, scene


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """A new ledger on the database under test, open for writing."""
    with scene(home, vacant_database_url) as opened:
        yield opened


def test_a_fenced_out_writer_writes_nothing_more(stage: Scene) -> None:
    with stage.ledger.record.database.begin() as connection:
        connection.execute(update(log_head).values(epoch=log_head.c.epoch + 1))
    body = {"reference": "r", "party": "buyer", "amount_fen": 1}
    reply = stage.say("bank", "cash.deposit", body, "bank-1", "bank-2")
    assert (reply.status, reply.index) == ("unavailable", None)
    assert reply.answer == {"code": "fork-refused", "retry": False}
    with pytest.raises(Unavailable, match="fork-refused") as raised:
        stage.say("bank", "cash.deposit", body, "bank-1", "bank-2")
    assert not raised.value.retry


def test_a_commit_that_took_though_its_answer_was_lost_is_answered_as_accepted(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_answers(monkeypatch, 1)
    stage.admit("owner", "enterprise", 1)


def lose_answers(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The next commits take, but the writer is told that the connection broke."""
    committed = turn.WriterState.committed
    left = [count]

    def broken(self: turn.WriterState, done: turn.Turn) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("COMMIT", {}, OSError("connection lost"))
        committed(self, done)

    monkeypatch.setattr(turn.WriterState, "committed", broken)


def test_a_turn_that_the_disk_refuses_loses_nothing_and_says_so(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = turn.Turn._write

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(turn.Turn, "_write", full)
    body = {"party": "bank", "amount_fen": 1, "reference": "r"}
    submission = stage.write("bank", "cash.deposit", body, "bank-1", "bank-2")
    reply = stage.ledger.entrance.submit(submission.encode())
    assert reply.status == "unavailable"
    assert reply.answer == {"code": "record-unavailable", "retry": True}
    monkeypatch.setattr(turn.Turn, "_write", write)
    again = stage.ledger.entrance.submit(submission.encode())
    assert (again.status, again.answer["code"]) == ("refused", "account-missing")


def test_a_head_file_that_refuses_a_line_stops_the_next_statement_until_it_takes_it(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = HeadFile(stage.ledger.settings.head_file)
    append = HeadFile.append

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(HeadFile, "append", full)
    stage.admit("owner", "enterprise", 1)  # committed before the file was asked
    assert file.last() != durable(stage)
    receipt = {"amount_fen": 1, "reference": "r"}
    reply = stage.say("bank", "cash.receive", receipt, "bank-1", "bank-2")
    assert reply.answer == {"code": "record-unavailable", "retry": True}
    monkeypatch.setattr(HeadFile, "append", append)
    stage.do("bank", "cash.receive", receipt, "bank-1", "bank-2")
    assert file.last() == durable(stage)


def durable(stage: Scene) -> tuple[int, str]:
    """The size and root of the newest checkpoint in the database."""
    with stage.ledger.record.reading() as connection:
        head = stage.ledger.record.head(connection)
    return head.size, head.root


def test_a_poison_statement_is_not_logged_and_its_neighbours_are(
    stage: Scene,
) -> None:
    good = [stage.write("regulator", "parameter.set", value(n), *REGULATORS) for n in range(3)]
    pendings = [stage.ledger.entrance.prepare(item.encode()) for item in good]
    poisoned = pendings[1].submission.body
    poisoned["value"] = 1.5
    replies = [future.result(30) for future in stage.ledger.entrance.queue(pendings)]
    assert [reply.status for reply in replies] == ["accepted", "broken", "accepted"]
    first, _, last = replies
    assert first.index is not None
    assert last.index == first.index + 1
    poisoned["value"] = "1"
    again = stage.ledger.entrance.submit(good[1].encode())
    assert again.status == "accepted"


REGULATORS = ("regulator-1", "regulator-2")


def value(number: int) -> dict[str, str]:
    return {
        "code": f"p{number}",
        "valid_from": "2026-01-01",
        "value": "1",
        "unit": "u",
        "source": "s",
        "confidence": "low",
    }


def test_a_second_server_in_one_home_is_refused(home: Path, migrated_database_url: str) -> None:
    settings, clock = at_home(home, migrated_database_url), SteppingClock()
    first = closing(init_ledger(settings, ORIGIN, clock, os.urandom))
    with first, pytest.raises(Unavailable, match="home-locked"):
        open_ledger(settings, clock)


def test_a_clock_that_falls_behind_stops_the_writer_until_it_is_right(stage: Scene) -> None:
    stage.admit("owner", "enterprise", 1)
    stage.clock.time -= 5_001
    body = {"amount_fen": 1, "reference": "r"}
    reply = stage.say("bank", "cash.receive", body, "bank-1", "bank-2")
    assert (reply.status, reply.answer["code"]) == ("unavailable", "clock-behind")
    stage.clock.time += 5_001
    stage.do("bank", "cash.receive", body, "bank-1", "bank-2")


def test_what_breaks_between_turns_is_told_and_writing_goes_on(
    home: Path, vacant_database_url: str
) -> None:
    with scene(home, vacant_database_url) as stage:
        told = []

        def broken(wrote: bool) -> None:
            raise RuntimeError(f"after a turn: {wrote}")

        stage.ledger.writer.alarm = lambda code, error: told.append((code, str(error)))
        stage.ledger.writer.rest = broken
        stage.cast()
        assert ("rest-failed", "after a turn: True") in told
