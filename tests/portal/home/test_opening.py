"""Opening a ledger: one writer in a home, no fork after a restored backup, keys that match."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ledger.statements.ed25519 import new_key, save_private
from ledger.writer.clock import SystemClock
from ledger.writer.errors import ForkRefused, IntegrityFault, Unavailable
from portal.config import DEFAULT_HOME, at_home, from_environment
from portal.home.opening import init_ledger, open_ledger, open_record
from tests.factories.ledger import ORIGIN, ledger


def test_settings_come_from_the_environment_once(tmp_path: Path) -> None:
    assert from_environment({}).home == Path(DEFAULT_HOME).absolute()
    named = {"QINGZHANG_HOME": str(tmp_path), "QINGZHANG_ORIGIN": "a"}
    read = from_environment({**named, "QINGZHANG_DATABASE_URL": "sqlite:///b"})
    assert (read.home, read.origin, read.database_url) == (tmp_path, "a", "sqlite:///b")


def test_genesis_is_entry_zero(tmp_path: Path, vacant_database_url: str) -> None:
    with (
        ledger(tmp_path, vacant_database_url) as voices,
        voices.ledger.record.reading() as connection,
    ):
        assert voices.ledger.record.head(connection).size == 1


def test_a_second_writer_is_refused_and_told_the_address(tmp_path: Path) -> None:
    with ledger(tmp_path) as voices:
        voices.ledger.lock.announce("http://127.0.0.1:1")
        with pytest.raises(Unavailable) as refused:
            open_ledger(voices.ledger.settings)
    assert (refused.value.code, refused.value.params["address"]) == (
        "home-locked",
        "http://127.0.0.1:1",
    )


def test_a_ledger_is_made_once_and_opened_again(tmp_path: Path) -> None:
    with ledger(tmp_path) as voices:
        settings = voices.ledger.settings
    with pytest.raises(Unavailable, match="ledger-exists"):
        init_ledger(settings, ORIGIN, SystemClock(), os.urandom)
    open_ledger(settings).close()


def test_a_restored_backup_is_refused_as_a_fork(tmp_path: Path) -> None:
    with ledger(tmp_path) as voices:
        settings = voices.ledger.settings
    stored, backup = settings.home / "ledger.sqlite", tmp_path / "backup"
    shutil.copyfile(stored, backup)
    with settings.head_file.open("ab") as heads:
        heads.write(b"2 " + b"ab" * 32 + b"\n")
    shutil.copyfile(backup, stored)
    with pytest.raises(ForkRefused, match="database-behind-head-file"):
        open_ledger(settings)


@pytest.mark.parametrize("name", ["log", "scheduler"])
def test_a_lost_key_and_another_key_are_refused(tmp_path: Path, name: str) -> None:
    with ledger(tmp_path) as voices:
        settings = voices.ledger.settings
    (settings.keys / f"{name}.pem").unlink()
    with pytest.raises(Unavailable, match=f"{name}-key-missing"):
        open_ledger(settings)
    save_private(new_key(), settings.keys / f"{name}.pem")
    with pytest.raises(IntegrityFault, match=f"{name}-key-differs"):
        open_ledger(settings)


def test_no_ledger_and_another_origin_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="ledger-missing"):
        open_record(at_home(tmp_path / "nowhere"))
    with ledger(tmp_path) as voices:
        home = voices.ledger.settings.home
    with pytest.raises(Unavailable, match="origin-differs"):
        open_record(at_home(home, origin="ledger.example/other"))
