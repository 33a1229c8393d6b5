"""An address that cannot be had is named, and the exit code says that the words were wrong."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.writer.errors import Unavailable
from portal.running.listening import listen
from tests.portal.processes.harness import SECONDS, prepare

SHELL = "from portal.cli import main; main()"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@pytest.mark.parametrize(
    "words",
    [("serve",), ("serve", "--workers", "2"), ("demo",)],
    ids=["one process", "several processes", "demonstration"],
)
def test_a_taken_port_is_named_and_is_wrong_usage(
    home: Path, taken: int, words: tuple[str, ...]
) -> None:
    prepare(home, 0)
    command = [sys.executable, "-c", SHELL, *words, "--port", str(taken)]
    environment = {**os.environ, "QINGZHANG_HOME": str(home)}
    environment.pop("QINGZHANG_DATABASE_URL", None)
    ended = subprocess.run(
        command, env=environment, capture_output=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 2
    assert b"address-taken" in ended.stderr
    assert str(taken).encode() in ended.stderr
    assert ended.stdout == b""


def test_an_address_of_another_machine_is_unusable() -> None:
    with pytest.raises(Unavailable) as caught:
        listen("192.0.2.1", 0, 1)  # RFC 5737: for documentation, on no machine
    assert caught.value.code == "address-unusable"
    assert caught.value.params == {"host": "192.0.2.1", "port": 0, "error": "EADDRNOTAVAIL"}
