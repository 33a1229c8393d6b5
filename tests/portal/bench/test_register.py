"""The measurement of a large party breaks blocks up as it says, and reads all of its book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ledger.credits.models import block_table
from portal.bench import register
from portal.home.opening import open_record
from portal.proofs.books import as_lines, read_book


def test_the_party_holds_as_many_blocks_and_movements_as_were_asked_for(tmp_path: Path) -> None:
    record = open_record(register.grown(tmp_path / "home", None, blocks=20, movements=7))
    with record.reading() as connection:
        mine = select(func.count()).where(block_table.c.account == register.ACCOUNT)
        # ten batches of two blocks each, and one block of what was moved
        assert connection.execute(mine).scalar_one() == 21
        size = record.head(connection).size
        lines = list(as_lines(read_book(connection, size, register.ACCOUNT, None, None, None)))
    record.database.dispose()
    # one line for each batch's signature over several acts, one for each move
    assert len(lines) == 1 + 10 + 7 + 1
    assert (
        sum(
            json.loads(lines[-1])["closing"][b]["available"]
            for b in json.loads(lines[-1])["closing"]
        )
        == 20 + 7
    )


def test_a_read_that_finds_nothing_fails_the_run() -> None:
    with pytest.raises(RuntimeError, match="nothing was read"):
        register._median(lambda: None, 1)
