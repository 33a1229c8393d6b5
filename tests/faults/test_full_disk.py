"""A disk that is full for a while: 503 for statements, reads go on, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from portal.config import Settings
from tests.faults.homes import make, wrongs
from tests.faults.tracing import STRACE, needs_strace, watched
from tests.faults.trials import post
from tests.portal.processes.harness import SECONDS, ask, free_port, identity, serve, wait_until

pytestmark = [pytest.mark.faults, needs_strace]

FILLING = ("pwrite64", "write", "ftruncate", "fallocate")


def fill(process: int, settings: Settings, out: Path) -> subprocess.Popen[bytes]:
    """Let no file of the home grow from now on, until the returned tracer is sent away."""
    words = [str(STRACE), "-f", "-o", str(out), "-p", str(process)]
    words += [word for path in watched(settings) for word in ("-P", str(path))]
    words += ["-e", f"inject={','.join(FILLING)}:error=ENOSPC"]
    tracer = subprocess.Popen(words, stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if b"attached" not in said:
        tracer.wait(SECONDS)
        tracer.stderr.close()
        pytest.skip(f"strace may not attach here: {said.decode()}")
    return tracer


def taken(port: int, data: bytes) -> bool:
    answer = post(port, data)
    return answer is not None and answer[0] in (200, 201)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_refuses_statements_until_there_is_room_and_loses_none(
    tmp_path: Path, workers: int
) -> None:
    template = make(tmp_path, 9)
    settings, acknowledged = template.copy(tmp_path / "copy"), []
    served = serve(settings, port := free_port(), workers=workers)
    writer = served.one("parent" if workers == 1 else "writer")
    try:
        for data in template.said[:3]:
            assert post(port, data)[0] == 201  # type: ignore[index]  # somebody answers
            acknowledged.append(identity(data))
        tracer = fill(writer, settings, tmp_path / "trace")
        for data in template.said[3:6]:
            answer = post(port, data)
            assert answer is not None
            status, problem = answer
            assert (status, problem["code"], problem["retry"]) == (503, "record-unavailable", True)
        assert ask(port, "GET", "/log/checkpoint") == ask(port, "GET", "/v1/entries/3") == 200
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=SECONDS)
        for data in template.said[3:]:
            wait_until(partial(taken, port, data))
            acknowledged.append(identity(data))
    finally:
        os.kill(served.process.pid, signal.SIGTERM)
        assert served.process.wait(SECONDS) == 0
    assert wrongs(settings, template.said, acknowledged) == []
