"""An audit from the address keeps the head that held, and the next one starts from there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from ledger.writer.errors import IntegrityFault
from portal import auditing
from portal.app import create_app
from portal.auditing import audit_url
from portal.published import Published
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


def test_a_state_that_is_no_head_is_an_integrity_fault(vkey: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_bytes(b"\xff")
    with pytest.raises(IntegrityFault, match="state-unreadable"):
        audit_url(URL, vkey, state, None)
