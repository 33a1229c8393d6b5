"""The shell submits to a server as the client does, and keeps its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.client import Patience
from tests.factories.ledger import Voices

BODY = {
    "code": "test-shell",
    "valid_from": "2026-01-01",
    "value": "7",
    "unit": "days",
    "source": "test document",
    "confidence": "low",
}


def submit(tmp_path: Path, data: bytes, url: str) -> Result:
    file = tmp_path / "statement.json"
    file.write_bytes(data)
    words = ["statement", "submit", str(file), "--url", url, "--json"]
    return CliRunner().invoke(main, words)


def test_accepted_replayed_refused(tmp_path: Path, voices: Voices, url: str) -> None:
    good = voices.sign("regulator", "parameter.set", BODY).encode()
    alone = voices.sign("regulator", "parameter.set", BODY, voices.keys["regulator"][:1]).encode()
    results = [submit(tmp_path, data, url) for data in (good, good, alone)]
    assert [result.exit_code for result in results] == [0, 0, 1]
    assert [json.loads(result.stdout)["status"] for result in results] == [
        "accepted",
        "replayed",
        "refused",
    ]


def test_nobody_there_is_a_failure_with_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.cli.delivering.Patience", lambda **_: Patience(attempts=1))
    result = submit(tmp_path, b"{}", "http://127.0.0.1:1")
    assert (result.exit_code, "server-unreachable" in result.stderr) == (1, True)


def test_an_address_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    assert submit(tmp_path, b"{}", "nowhere").exit_code == 2
