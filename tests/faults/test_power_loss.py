"""Whenever the power goes, what was acknowledged by then is on the disk, and the ledger opens."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import at_home
from tests.faults.disk import CALLS, Call, Disk, recorded
from tests.faults.homes import Template, make, wrongs
from tests.faults.tracing import STRACE, environment, needs_strace
from tests.faults.trials import PROGRAM, planted, positions, post, traced_by
from tests.portal.processes.harness import SECONDS, free_port, identity, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800), needs_strace]

STATEMENTS = 6
ACCEPTED = re.compile(rb"HTTP/1.1 201 .*Location: /v1/entries/(\d+)", re.DOTALL)
COPIES = 2
"""Disks made of each moment, each by other chance, beside the one that kept the least."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make(tmp_path_factory.mktemp("template"), STATEMENTS)


def record(template: Template, folder: Path, program: tuple[str, ...]) -> list[Call]:
    """Every call of a server that takes all statements one after the other."""
    settings, out, port = template.copy(folder / "home"), folder / "trace", free_port()
    words = [str(STRACE), "-f", "-qq", "-y", "-xx", "-s", "9999999", "-o", str(out)]
    words += ["-e", f"trace={','.join(CALLS)}", sys.executable, *program]
    words += ["serve", "--port", str(port)]
    tracer = subprocess.Popen(words, env=environment(settings), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: post(port, b"") is not None)
        for data in template.said:
            answer = post(port, data)
            assert answer is not None and answer[0] == 201
        for number in traced_by(tracer.pid):
            os.kill(number, signal.SIGTERM)
        assert tracer.wait(SECONDS) == 0
    finally:
        tracer.kill()
    return list(recorded(out.read_text("ascii")))


def after_each_cut(
    template: Template, folder: Path, rng: random.Random, program: tuple[str, ...] = PROGRAM
) -> list[str]:
    """Cut the power after each call that matters; the promises that did not hold."""
    calls = record(template, folder, program)
    home, found = folder / "home", []
    shutil.rmtree(home)
    disk, acknowledged = Disk(template.copy(home).home), list[str]()
    moments = [n for n, call in enumerate(calls) if matters(call, home)]
    chosen = {moments[n - 1] for n in positions(len(moments), rng)}
    for number, call in enumerate(calls):
        disk.take(call)
        if accepted := ACCEPTED.match(call.data):
            acknowledged.append(identity(template.said[int(accepted[1]) - 1]))
        for copy in range(COPIES + 1) if number in chosen else ():
            left = folder / "left"
            shutil.rmtree(left, ignore_errors=True)
            disk.after_power_loss(rng if copy else None, left)
            broken = wrongs(at_home(left), template.said, acknowledged)
            found += [f"after call {number}, disk {copy}: {what}" for what in broken]
    assert len(acknowledged) == STATEMENTS
    return found


def matters(call: Call, home: Path) -> bool:
    """Whether the disk, or what was promised, is another after this call."""
    return call.path.startswith(str(home)) or bool(ACCEPTED.match(call.data))


def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(
    template: Template, tmp_path: Path, rng: random.Random
) -> None:
    assert after_each_cut(template, tmp_path, rng) == []


def test_the_harness_catches_a_database_that_is_not_synced(
    template: Template, tmp_path: Path, rng: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_TEST_SAMPLE", "12")
    found = after_each_cut(template, tmp_path, rng, planted("unsynced"))
    assert any("lost" in what for what in found)
