"""Whatever is killed, what was acknowledged is in the log, once, and nobody is left behind."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.portal.processes.harness import (
    SECONDS,
    THREADS,
    Load,
    ask,
    free_port,
    gone,
    identity,
    kill,
    logged,
    prepare,
    serve,
    wait_until,
)

MORTAL = ("-m", "tests.portal.processes.mortal", "serve")
PLANTED = ("-m", "tests.portal.processes.planted", "serve")


def kill_under_load(home: Path, role: str, count: int) -> None:
    settings, said = prepare(home, count)
    port = free_port()
    served = serve(settings, port)
    load = Load(port, said)
    threads = load.start()
    try:
        wait_until(lambda: len(load.acknowledged) >= count // 4)
        everyone = kill(served, role)
        if role == "worker":
            wait_until(lambda: served.process.poll() is not None or len(served.children()) == 3)
            assert served.process.poll() is None, "the server has left"
        else:
            assert served.process.wait(SECONDS) == (1 if role == "writer" else -signal.SIGKILL)
            wait_until(lambda: all(gone(number) for number in everyone))
            served = serve(settings, port)
        for thread in threads:
            thread.join(SECONDS)
        assert not any(thread.is_alive() for thread in threads)
    finally:
        load.stopped.set()
        everyone = [served.process.pid, *served.children()]
        served.process.send_signal(signal.SIGTERM)
        code = served.process.wait(SECONDS)
        wait_until(lambda: all(gone(number) for number in everyone))
    assert code == 0
    assert load.statuses <= {200, 201, 503, None}
    times = Counter(logged(settings))
    assert sorted(load.acknowledged) == sorted(map(identity, said))
    assert {times[name] for name in load.acknowledged} == {1}


def test_a_killed_writer_ends_the_server_and_loses_nothing(home: Path) -> None:
    kill_under_load(home, "writer", 64)


def test_a_worker_killed_before_it_is_ready_is_replaced(home: Path) -> None:
    settings, (data,) = prepare(home, 1)
    served = serve(settings, port := free_port(), MORTAL)
    try:
        wait_until(lambda: served.process.poll() is not None or len(served.children()) == 3)
        assert served.process.poll() is None, "the server has left"
        assert ask(port, "POST", "/v1/statements", data) == 201
    finally:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(SECONDS) == 0


def test_a_worker_that_gives_up_before_it_is_ready_ends_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = prepare(home, 1)
    monkeypatch.setenv("DIES_WITH", "1")
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.delenv("QINGZHANG_DATABASE_URL", raising=False)
    command = [sys.executable, *MORTAL, str(free_port())]
    ended = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    assert ended.returncode == 1
    assert b"workers-failing" in ended.stderr
    assert not settings.socket.exists()


def test_one_process_stops_when_it_is_told_and_leaves_nothing(home: Path) -> None:
    settings, (data,) = prepare(home, 1)
    served = serve(settings, port := free_port(), workers=1)
    assert settings.socket.is_socket()
    assert ask(port, "POST", "/v1/statements", data) == 201
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(SECONDS) == 0
    assert not settings.socket.exists()
    assert identity(data) in logged(settings)


@pytest.mark.faults
@pytest.mark.parametrize("role", ["worker", "writer", "parent"])
def test_what_was_acknowledged_is_logged_once_whoever_is_killed(home: Path, role: str) -> None:
    kill_under_load(home, role, 480)


@pytest.mark.faults
def test_the_harness_catches_a_writer_that_answers_before_it_commits(home: Path) -> None:
    settings, said = prepare(home, 64)
    served = serve(settings, port := free_port(), PLANTED)
    load = Load(port, said)
    threads = load.start()
    wait_until(lambda: len(load.acknowledged) >= 32)
    everyone = kill(served, "writer")
    load.stopped.set()
    for thread in threads:
        thread.join(SECONDS)
    assert served.process.wait(SECONDS) != 0
    wait_until(lambda: all(gone(number) for number in everyone))
    assert set(load.acknowledged) - set(logged(settings))


@pytest.mark.faults
def test_one_id_from_sixteen_threads_whose_answers_get_lost_happens_once(home: Path) -> None:
    settings, (data,) = prepare(home, 1)
    served = serve(settings, port := free_port())
    try:
        together = threading.Barrier(THREADS)

        def lose_the_answer() -> None:
            together.wait(SECONDS)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
            kind = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/statements", data, kind)
            connection.close()

        threads = [threading.Thread(target=lose_the_answer) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        load = Load(port, [data])
        for thread in load.start():
            thread.join(SECONDS)
    finally:
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(SECONDS) == 0
    assert Counter(logged(settings))[identity(data)] == 1
