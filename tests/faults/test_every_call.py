"""Wherever a write or a sync is killed or fails, nothing acknowledged is lost or happens twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.homes import Template, make
from tests.faults.tracing import CALLS, MODES, Fault, needs_strace
from tests.faults.trials import Trial, planted, positions, served, submitted

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800), needs_strace]

STATEMENTS = 3
Run = Callable[..., Trial]
RUNS = pytest.mark.parametrize("run", [submitted, served], ids=["command", "server"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make(tmp_path_factory.mktemp("template"), STATEMENTS)


@pytest.fixture(scope="module")
def sound(template: Template, tmp_path_factory: pytest.TempPathFactory) -> dict[Run, Trial]:
    """Each kind of run without a fault, which says how many calls there are to break."""
    trials = {}
    for run in (submitted, served):
        trial = trials[run] = run(template, tmp_path_factory.mktemp("sound"), None)
        assert trial.wrongs() == []
        assert len(trial.acknowledged) == STATEMENTS
        assert trial.calls["fdatasync"] > STATEMENTS
    return trials


@RUNS
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("call", CALLS)
def test_a_fault_at_any_call_breaks_no_promise(
    run: Run,
    call: str,
    mode: str,
    template: Template,
    sound: dict[Run, Trial],
    tmp_path: Path,
    rng: random.Random,
) -> None:
    wrongs = []
    for nth in positions(sound[run].calls.get(call, 0), rng):
        trial = run(template, tmp_path, Fault(call, mode, nth))
        assert trial.struck, trial.fault
        wrongs += trial.wrongs()
    assert wrongs == []


def test_the_server_harness_catches_a_writer_that_answers_before_it_commits(
    template: Template, tmp_path: Path
) -> None:
    found = strikes(served, template, tmp_path, "hasty", "pwrite64", "kill")
    assert any("lost" in what for what in found)


def test_the_command_harness_catches_a_writer_that_answers_before_it_commits(
    template: Template, tmp_path: Path
) -> None:
    found = strikes(submitted, template, tmp_path, "hasty", "fdatasync", "io-error")
    assert any("lost" in what for what in found)


def test_the_harness_catches_a_command_that_breaks_with_a_trace(
    template: Template, tmp_path: Path
) -> None:
    trial = submitted(template, tmp_path, None, planted("blunt"))
    assert trial.untyped == ["RuntimeError: the lock cannot be let go"]


def strikes(
    run: Run, template: Template, folder: Path, fault: str, call: str, mode: str
) -> Iterator[str]:
    """What breaks in a program with a planted fault, at some twelve places, as they are found."""
    program = planted(fault)
    count = run(template, folder, None, program).calls[call]
    for nth in range(count, 0, -max(1, count // 12)):
        yield from run(template, folder, Fault(call, mode, nth), program).wrongs()
