"""The test run itself: what it must refuse, and what a test can count on."""

from __future__ import annotations

import os
import random
import socket
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from tests import conftest, databases


def test_an_address_outside_this_machine_cannot_be_reached() -> None:
    with socket.socket() as s, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        s.connect(("192.0.2.1", 80))


def test_loopback_and_unix_sockets_can_be_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        path = os.path.relpath(tmp_path / "s")
        server.bind(path)
        server.listen()
        client.connect(path)


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="said once"):
        warnings.warn("said once", stacklevel=1)


def test_settings_of_the_machine_do_not_reach_a_test() -> None:
    names = ["HOME", "QINGZHANG_DATABASE_URL", "QINGZHANG_HOME", "QINGZHANG_TEST_SEED"]
    assert conftest.foreign_settings(names) == ["QINGZHANG_DATABASE_URL", "QINGZHANG_HOME"]
    assert conftest.foreign_settings(os.environ) == []


def test_a_database_is_empty_and_takes_tables(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    assert engine.dialect.name == {"postgres": "postgresql"}.get(databases.wanted(), "sqlite")
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    assert sa.inspect(engine).get_table_names() == ["t"]
    engine.dispose()


def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(databases.KIND, "oracle")
    with pytest.raises(ValueError, match="sqlite or postgres, not 'oracle'"):
        databases.wanted()


def test_chance_is_repeated_by_seed_and_test(
    rng: random.Random, request: pytest.FixtureRequest
) -> None:
    again = random.Random(f"{os.environ['QINGZHANG_TEST_SEED']} {request.node.nodeid}")
    assert [rng.random() for _ in range(3)] == [again.random() for _ in range(3)]


def test_a_home_is_empty_and_private(home: Path) -> None:
    assert list(home.iterdir()) == []
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("flag", "missing", "good"), [(0, 0, True), (0, 1, False), (8, 0, False)])
def test_folders_are_in_memory_only_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, flag: int, missing: int, good: bool
) -> None:
    assert os.ST_NOEXEC == 8  # where no program could be run, tests cannot install one
    blocks = conftest.ROOM_BYTES // 4096 - missing
    about = SimpleNamespace(f_flag=flag, f_bavail=blocks, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _: about)
    assert conftest.in_memory("/") is good


def test_folders_are_not_in_a_memory_that_is_not_there() -> None:
    assert not conftest.in_memory("/nowhere")
