"""Event streams where a process of its own writes: workers hear of what it wrote, and let go."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from portal.config import Settings
from tests.factories.ledger import ledger
from tests.factories.listening import listening
from tests.portal.processes.harness import SECONDS, ask, free_port, gone, serve, wait_until


def prepared(folder: Path) -> tuple[Settings, bytes]:
    """A ledger with an instrument, and the statement that will halt it."""
    with ledger(folder) as voices:
        instrument = {
            "instrument": "FS",
            "venue": "zhejiang",
            "name": "林业碳汇",
            "credit_class": "ZJ_FS",
            "reference_fen": 7_075,
            "reference_source": "test",
        }
        assert voices.say("exchange", "instrument.list", instrument).status == "accepted"
        body = {"instrument": "FS", "document": "d"}
        halt = voices.sign("exchange", "instrument.suspend", body).encode()
        return voices.ledger.settings, halt


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_written_is_heard_and_streams_end_with_the_server(
    tmp_path: Path, workers: int
) -> None:
    settings, halt = prepared(tmp_path)
    served = serve(settings, port := free_port(), workers=workers)
    everyone = [served.process.pid, *served.children()]
    try:
        with listening(f"http://127.0.0.1:{port}", "instrument=FS&channels=status") as heard:
            assert heard.until("status").data["state"] == "listed"
            assert ask(port, "POST", "/v1/statements", halt) == 201
            assert heard.until("status").data["state"] == "suspended"
            served.process.send_signal(signal.SIGTERM)
            while heard.next() is not None:
                pass
            assert heard.answer.isclosed()
        assert served.process.wait(SECONDS) == 0
        wait_until(lambda: all(gone(number) for number in everyone))
    finally:
        served.process.kill()
