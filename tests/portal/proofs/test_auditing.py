"""An audit from the address keeps the head that held, and the next one starts from there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from ledger.writer.errors import Unavailable
from portal.app import create_app
from portal.cli import main
from portal.proofs import auditing
from portal.proofs.auditing import audit_url
from portal.proofs.published import Published
from tests.factories.audits import a_busy_day
from tests.factories.scene import scene

URL = "http://ledger.example"


@pytest.fixture
def vkey(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with scene(home, f"sqlite:///{home}/record.sqlite") as stage:
        a_busy_day(stage)
        transport = httpx2.WSGITransport(app=create_app(stage.ledger))
        monkeypatch.setattr(auditing, "Published", lambda url: Published(url, transport))
        yield stage.ledger.record.vkey


def test_a_good_head_is_kept_and_a_fork_from_it_found(vkey: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert audit_url(URL, vkey, state, None).faults == []
    kept = state.read_text("utf-8")
    assert audit_url(URL, vkey, state, None).faults == []
    lines = kept.split("\n")
    other = "\n".join([*lines[:2], base64.b64encode(bytes(32)).decode(), *lines[3:]])
    state.write_text(other, "utf-8")
    assert [fault.code for fault in audit_url(URL, vkey, state, None).faults] == ["fork"]
    assert state.read_text("utf-8") == other  # a log with faults teaches nothing


def test_a_state_that_is_no_head_is_no_fault_of_the_log(vkey: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_bytes(b"\xff")
    words = ["log", "audit", "--url", URL, "--vkey", vkey, "--state", str(state)]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert "state-unreadable" in refused.output
    assert str(state) in refused.output


@pytest.mark.parametrize("pinned", [True, False])
def test_the_head_of_another_log_is_no_fork(vkey: str, tmp_path: Path, pinned: bool) -> None:
    state = tmp_path / "state"
    root = base64.b64encode(bytes(32)).decode()
    state.write_text(f"another.example/log\n7\n{root}\n\n", "utf-8")
    with pytest.raises(Unavailable) as caught:
        audit_url(URL, vkey if pinned else None, state, None)
    assert caught.value.code == "origin-differs"
    assert caught.value.params["asked"] == "another.example/log"
    assert state.exists()
